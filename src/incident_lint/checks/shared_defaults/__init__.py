"""Shared defaults (INC1): the sendwithus incident."""

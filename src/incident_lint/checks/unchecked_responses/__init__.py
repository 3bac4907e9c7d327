"""Unchecked responses (INC2): the Honeycomb incident."""

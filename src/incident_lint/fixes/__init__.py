"""Lossless fixes through libcst, one module per family."""

"""Unbounded cardinality (INC4): the Mailsac incident."""

"""INC3: one customer's value in the next one's request."""

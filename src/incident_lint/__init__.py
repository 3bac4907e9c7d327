"""Find the bug classes behind published outages by following values through Python code."""

__version__ = "0.1.0"

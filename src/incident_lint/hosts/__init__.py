"""Translate findings for flake8, pylint, the command line and editors."""

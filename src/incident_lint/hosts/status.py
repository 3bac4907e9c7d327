"""What a command says beside its output: an exit status, and lines on stderr."""

import sys

CLEAN, FOUND, FAILED = 0, 1, 2


def complain(text: str) -> int:
    """Print one line for people; FAILED, for callers that end with it."""
    print(f"incident-lint: {text}", file=sys.stderr)
    return FAILED

"""`python -m incident_lint`: the command line."""

import sys

from .hosts.cli import run

if __name__ == "__main__":
    sys.exit(run())

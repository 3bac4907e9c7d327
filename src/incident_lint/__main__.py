"""`python -m incident_lint`: the command line."""

import sys

from .hosts.cli import main

if __name__ == "__main__":
    sys.exit(main())

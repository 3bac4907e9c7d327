"""`python tests/corpus COMMAND`, from a checkout: nothing needs to be installed."""

import sys
from pathlib import Path

_HERE = Path(__file__).resolve()
# The folder itself is taken off the path: its modules are a package, not bare names.
sys.path[0:1] = [str(_HERE.parents[1]), str(_HERE.parents[2] / "src")]

if __name__ == "__main__":
    from corpus.commands import main

    sys.exit(main())

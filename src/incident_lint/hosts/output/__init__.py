"""How the command line writes findings."""

"""Python is the judge: small generated programs are executed to learn whether their mutable
default leaks, and the linter is scored against that."""

"""Real input: published packages, what we say about them, and what careful readers say about that.

`python tests/corpus --help` lists the commands; README.md in this folder tells how to use them.
"""

"""Python is the judge: generated handlers with containers that live with the process are called
with 100 and with 500 different inputs; whether those hold more afterwards is the truth for INC403.

`parts.py`, `holders.py` and `grammar.py` are what programs are made of (values come from
`cardinality`), `programs.py` puts them
together, `execute.py` runs them and counts what is kept; the score is that of `cardinality`.

Not generated, because execution cannot judge it: what only another file serves, and lists that gain
the same few entries for ever (they grow with the calls, not with what outsiders choose).
"""

"""Python is the judge: generated handlers with real prometheus_client metrics are called with 100
and with 500 different inputs; whether their series grow is the truth for INC401.

`grammar.py` is what programs are made of, `programs.py` puts them together, `execute.py` runs them,
`score.py` compares.

Not generated, because execution cannot judge it: entities, labels that only a name tells of, and
values that differ from one process to the next only.
"""

"""Python is the judge: generated handlers serve tenant A, whose text has a token in it; whether it
can be reached from the modules afterwards is the truth for INC301 and INC302 (INC303 speaks of
containers of classes instead).

Who keeps containers and where values come from is shared with `maps` and `cardinality`;
`grammar.py` has what is put in and how it is taken out again, `programs.py` puts programs together,
`execute.py` runs them and looks.

What lies under a key with the token, or under a number that was just drawn, counts as not
reachable: nobody else asks for it. Not generated, because execution cannot judge it: queues that
somebody else empties, and what only another file serves.
"""

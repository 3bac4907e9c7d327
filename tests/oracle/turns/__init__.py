"""Python is the judge: generated workers take messages of a tenant A and then of B from a queue,
and send mail or messages; whether something that is sent for B holds a token of A is the truth for
INC308.

`grammar.py` is what programs are made of, `programs.py` puts them together, `execute.py` runs them
and looks into what was sent; the score is that of `cardinality`.

Not generated, because execution cannot judge it: what is carried on purpose (batches, totals, the
last key), and loops of which only a name says that they go over messages (those are suspected).
"""

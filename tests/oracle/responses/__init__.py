"""Python is the judge: generated programs call stand-ins for `requests`, `boto3` and `subprocess`
with every outcome, and the linter's INC201, INC202 and INC203 are scored against what execution
shows.

`grammar.py` and `constructs/*.txt` are what programs are made of, `fakes.py` and `tainted.py` know
whether anybody looked, `watch.py` and `execute.py` say the truth, `score.py` compares call by call.

To look is as in the rules' pages: truth, a comparison, going through failed items, and to hand the
failure member on to who may look. To add it up, format, log or print it is none.

What is not generated, because execution cannot judge it or a reader could not know:

- responses that are yielded, stored or put into containers, or are handed to unseen code: whether
  somebody looks is decided elsewhere (where it happens all the same, the call is not judged, and
  counted);
- callers that drop a status which a function has returned: not judged, and counted;
- functions that always end by an exception: a dropped response is a mistake there too, but no
  failure passes unseen;
- what is quiet on purpose: `_ = call()`, clean-up in `finally` or `__exit__`, and a lone call whose
  exceptions would be swallowed as well;
- `is True`, `int()` and `str()` of a status, which the stand-ins cannot see through;
- `if __debug__`, since programs run without `-O`.
"""

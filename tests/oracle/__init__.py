"""Python is the judge: generated programs are executed to learn whether their mutable default
leaks, and the linter's INC101 is scored against that.

`constructs/*.txt` and `outside.py` are the grammar, `sample.py` draws programs from it so that
every construct is seen on both sides, `execute.py` says the truth, `score.py` compares.

What is not generated, because execution cannot judge it or a reader could not know:

- conditions that depend on each other (every flag is tested once);
- guards on emptiness where the default's expression does not say whether it is empty: named
  containers, results of functions, pieces (`x["to"]`);
- changes that change nothing (`[].sort()`), and the default inside a raised exception;
- stores on arguments of unknown type (`target.append(x)`): those are only suspected;
- names of caches (INC105).

Of defaults that are shared by name, and of parameters annotated with a read-only type, only a
change counts. A piece of the default may leave. A closure that is handed out and only reads the
default hands nothing out.
"""

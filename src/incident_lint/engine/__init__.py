"""The questions: follow values through facts, link modules, mark suppressions."""

"""Text from checked code on a terminal: nothing in it may move the cursor or break a line."""

from __future__ import annotations

import unicodedata


def one_line(text: str) -> str:
    """The text with everything that is not printable as an escape (`\\n`, `\\x1b`)."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def code_line(text: str) -> str:
    """A line of code with a blank for each control character but the tab, so that columns stay."""
    return "".join(
        c if c == "\t" or not unicodedata.category(c).startswith("C") else " " for c in text
    )


def blank(text: str) -> str:
    """White space as wide as the text: wide characters take two cells, combining ones none."""
    return "".join(_blank(character) for character in text)


def width(text: str) -> int:
    """How many terminal cells a text takes; a tab counts as one."""
    return len(blank(text))


def _is_control(character: str) -> bool:
    return character != "\t" and unicodedata.category(character).startswith("C")


def _blank(character: str) -> str:
    if character == "\t":
        return "\t"
    if unicodedata.combining(character):
        return ""
    return "  " if unicodedata.east_asian_width(character) in "WF" else " "

"""Put a new text into a file: all of it or nothing, and only in place of what was read."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path


class NotWritten(Exception):
    """A file that was left as it is: why, in one clause."""


def replace(path: Path, before: bytes, after: bytes) -> None:
    """Put `after` into a file that holds `before`; a link is followed, and stays a link.

    Owner and permissions are kept. Raises NotWritten if the file holds anything else by now, is
    gone, or must not be written; then nothing has changed.
    """
    file = os.path.realpath(path)
    try:
        now = os.stat(file)
        if not stat.S_IMODE(now.st_mode) & 0o222 or not os.access(file, os.W_OK):
            raise NotWritten("it is read-only")
        current = Path(file).read_bytes()
        if current == after:
            return  # it was also reached by another name
        if current != before:
            raise NotWritten("it changed on the disk in the meantime")
        _swap(file, after, now)
    except FileNotFoundError:
        raise NotWritten("it is no longer there") from None
    except OSError as error:
        raise NotWritten(error.strerror or type(error).__name__) from None


def _swap(file: str, data: bytes, like: os.stat_result) -> None:
    """Write beside the file and rename: whoever reads meanwhile sees the old or the new text."""
    folder = os.path.dirname(file)
    handle, unfinished = tempfile.mkstemp(prefix=".incident-lint.", suffix=".tmp", dir=folder)
    try:
        with open(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(handle)
        if hasattr(os, "chown"):
            with suppress(OSError):  # somebody else's file in a folder that is ours
                os.chown(unfinished, like.st_uid, like.st_gid)
        os.chmod(unfinished, stat.S_IMODE(like.st_mode))
        os.replace(unfinished, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(unfinished)
        raise

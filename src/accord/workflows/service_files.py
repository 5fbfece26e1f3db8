"""A file that a service holds, fetched so that it counts only when it is whole."""

import base64
import binascii
import threading
from collections.abc import Callable
from typing import BinaryIO

from accord.domain.chat import Failure, Trouble
from accord.domain.fine_tuning import Content, FineTuningService, Part, Thing
from accord.domain.wording import _, number

LARGEST = 512 * 1024 * 1024  # what a service takes as a file for fine-tuning
_LONGEST_NAME = 100


def safe_name(name: str) -> str:
    """Return a name as a file can have it on any system; empty where nothing of it can stand."""
    base = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign if sign.isalnum() or sign in " ._-" else "_" for sign in base).strip(" .")[:_LONGEST_NAME]


def file_name(thing: Thing) -> str:
    """Return a file's name as it can be on any system; its id where it has none."""
    return safe_name(thing.file) or f"{thing.name}.jsonl"


def whole(service: FineTuningService, thing: Thing, into: BinaryIO) -> Callable[[threading.Event], Content | Failure]:
    """Return how to fetch a file so that it counts only where as many bytes came as the service says it has."""
    told = thing.bytes
    room = 2 * told + 1024 if told else LARGEST  # a result file may come in base64

    def fetch(stop: threading.Event) -> Content | Failure:
        into.seek(0)
        into.truncate()
        found = service.content(thing.name, into, room, stop)
        if isinstance(found, Failure):
            return found
        sizes = {found.bytes}
        if thing.part is Part.RESULT:
            sizes.add(_plain(into))
        if told and told not in sizes:
            said = _("{n} of {all} bytes came.", n=number(found.bytes), all=number(told))
            return Failure(trouble=Trouble.BROKEN_OFF, said=said)
        return found

    return fetch


def _plain(file: BinaryIO) -> int:
    """Write a result file as the table that it is, where it came in base64; return its size.

    A table has commas, which base64 has none of: it is never taken for it.
    """
    file.seek(0)
    sent = file.read()
    try:
        data = base64.b64decode(b"".join(sent.split()), validate=True)
        data.decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return len(sent)
    if not data:
        return len(sent)
    file.seek(0)
    file.truncate()
    file.write(data)
    return len(data)

"""What ends the work of another process: too much memory, silence, death; and how its errors travel to the caller."""

import pickle
import traceback
from typing import Any

from accord.domain.errors import AccordError
from accord.domain.wording import _, plural

Packed = tuple[str, Any, str]


class WorkerOutOfMemory(AccordError):
    """The function wanted more memory than it may have."""

    def __init__(self, memory_mb: int | None) -> None:
        limit = _("more memory than there is") if memory_mb is None else _("more than {mb} MB of memory", mb=memory_mb)
        super().__init__(_("This step needs {limit} and was stopped. Nothing was changed.", limit=limit))


class WorkerSilent(AccordError):
    """The function gave neither a result nor a sign of progress for so long that it was stopped."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            plural(
                "This step made no progress for {n} second and was stopped. Nothing was changed.",
                "This step made no progress for {n} seconds and was stopped. Nothing was changed.",
                round(seconds),
            )
        )
        self.seconds = seconds


class WorkerDied(AccordError):
    """The process ended without an answer: killed from outside, or a crash in compiled code."""

    def __init__(self, exit_code: int | None, memory_mb: int | None) -> None:
        cause = _("exit code {code}", code=exit_code)
        if exit_code is not None and exit_code < 0:
            cause = _("signal {number}", number=-exit_code)
        advice = ""
        if memory_mb is not None:
            advice = " " + _("It may have needed more than its {mb} MB of memory.", mb=memory_mb)
        super().__init__(
            _("The worker process of this step ended without an answer ({cause}). Nothing was changed.", cause=cause)
            + advice
        )
        self.exit_code = exit_code


class WorkerFailed(Exception):
    """A fault in the function whose own exception cannot travel between processes; its traceback is in the notes."""


def pack_error(error: BaseException) -> Packed:
    """Return what an error becomes on its way to the process that waits for it."""
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, MemoryError):
        return ("memory", None, trace)
    if isinstance(error, AccordError):
        parts = (type(error), error.args, dict(error.__dict__))
        # Rebuilt without __init__, which takes other arguments than the sentence that args holds.
        return ("known", parts, trace) if _travels(parts) else ("known", (AccordError, (str(error),), {}), trace)
    if _travels(error):
        return ("other", error, trace)
    return ("other", WorkerFailed(f"{type(error).__name__}: {error}"), trace)


def unpack_error(packed: Packed, memory_mb: int | None) -> BaseException:
    """Return the error that was packed, with the worker's traceback in its notes."""
    kind, payload, trace = packed
    error: BaseException
    if kind == "memory":
        error = WorkerOutOfMemory(memory_mb)
    elif kind == "known":
        cls, args, state = payload
        error = cls.__new__(cls, *args)
        error.args = args
        error.__dict__.update(state)
    else:
        error = payload
    error.add_note(f"In the worker process:\n{trace}")
    return error


def _travels(value: object) -> bool:
    try:
        pickle.loads(pickle.dumps(value))  # noqa: S301  (our own bytes, made on this line)
    except Exception:  # noqa: BLE001  (pickling runs foreign code, which may raise anything)
        return False
    return True

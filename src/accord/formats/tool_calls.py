"""Tools and calls of tools in OpenAI's form: numbered calls of functions, whose arguments are JSON text.

Formats that do not number their calls (ShareGPT, the legacy function_call, chat templates) get ids here, in the order
of the calls; an answer without an id answers the oldest call that is still open. Arguments given as an object become
their JSON text; arguments given as text stay as they are.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from accord.domain.wording import _
from accord.formats.failures import RowProblem
from accord.formats.strict_json import load_row


class CallIds:
    """Numbers the calls of one conversation and knows which are still to be answered."""

    def __init__(self) -> None:
        self._count = 0
        self.open: list[Any] = []

    def made(self, call: Any, field: str) -> dict[str, Any]:
        """Return a call of ``{"name": ..., "arguments": ...}`` with an id. Raises RowProblem."""
        if not isinstance(call, dict) or not isinstance(call.get("name"), str):
            raise RowProblem(field, _("The call names no function."))
        function = {"name": call["name"], "arguments": _arguments(call.get("arguments", {}))}
        return {"id": self._opened(None), "type": "function", "function": function}

    def taken(self, calls: Any, field: str) -> list[dict[str, Any]]:
        """Return OpenAI's list of tool calls, each complete: id, type, name, arguments as text. Raises RowProblem."""
        if not isinstance(calls, list) or not calls:
            raise RowProblem(field, _("The tool calls are not a list."))
        return [self._complete(call, f"{field}[{i}]") for i, call in enumerate(calls)]

    def _complete(self, call: Any, field: str) -> dict[str, Any]:
        function = call.get("function") if isinstance(call, dict) else None
        if isinstance(call, dict) and function is None and isinstance(call.get("name"), str):
            return self.made(call, field)
        if not isinstance(function, dict) or not isinstance(function.get("name"), str):
            raise RowProblem(field, _("The call names no function."))
        if call.get("type", "function") != "function" or not isinstance(call.get("id"), str | None):
            raise RowProblem(field, _("A tool call is not a call of a function with an id."))
        arguments = _arguments(function.get("arguments", {}))
        return {**call, "id": self._opened(call.get("id")), "type": "function"} | {
            "function": {**function, "arguments": arguments}
        }

    def _opened(self, call_id: str | None) -> str:
        if call_id is None:
            self._count += 1
            call_id = f"call_{self._count}"
        self.open.append(call_id)
        return call_id

    def answered(self, call_id: Any = None) -> Any:
        """Return the id of the call that is answered: the one named, or the oldest open one; None without either."""
        if call_id is not None:
            if call_id in self.open:
                self.open.remove(call_id)
            return call_id
        return self.open.pop(0) if self.open else None


def _arguments(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def read_calls(text: str, field: str) -> list[Any]:
    """Return the calls that stand in a turn as JSON, one object or a list. Raises RowProblem."""
    try:
        value = load_row(text.encode("utf-8"))
    except RowProblem as problem:
        raise RowProblem(field, _("The call of a function cannot be read: {reason}", reason=problem.reason)) from None
    calls = value if isinstance(value, list) else [value]
    if not calls:
        raise RowProblem(field, _("The call names no function."))
    return calls


def read_tools(value: Any, field: str = "tools") -> list[dict[str, Any]]:
    """Return the tools of a row, from a list or its JSON text; none from nothing. Raises RowProblem."""
    if isinstance(value, str) and value.lstrip()[:1] in {"[", "{"}:
        try:
            value = load_row(value.encode("utf-8"))
        except RowProblem as problem:
            raise RowProblem(field, _("The tools cannot be read: {reason}", reason=problem.reason)) from None
    if value is None or value == "":
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise RowProblem(field, _("This is not a list of objects."))
    return [as_tool(tool, field) for tool in value]


def as_tool(tool: Mapping[str, Any], field: str = "tools") -> dict[str, Any]:
    """Return a tool as OpenAI writes it; a bare function is wrapped. Raises RowProblem for one without a name."""
    if isinstance(tool.get("function"), dict) or tool.get("type", "function") != "function":
        return dict(tool)
    if not isinstance(tool.get("name"), str):
        raise RowProblem(field, _("A tool has no name."))
    return {"type": "function", "function": {key: value for key, value in tool.items() if key != "type"}}

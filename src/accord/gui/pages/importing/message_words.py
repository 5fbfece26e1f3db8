"""What a message carries beside its text, in words: tool calls with their arguments, weights, names."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from accord.domain.wording import _

_VALUE_CHARS = 160


def extra_lines(extra: Mapping[str, Any] | None) -> list[str]:
    """Return a line for each thing that a message carries beside its text."""
    lines: list[str] = []
    for key, value in (extra or {}).items():
        if key == "tool_calls" and isinstance(value, list):
            lines += [_call_line(call) for call in value]
        elif key == "tool_call_id":
            continue  # it stands right behind its call
        elif key == "weight":
            lines.append(_("weight {weight}: not trained on", weight=value) if value == 0 else f"{key}: {value}")
        else:
            lines.append(f"{key}: {_shown(value)}")
    return lines


def tools_line(tools: Sequence[Mapping[str, Any]]) -> str:
    """Return the names of the tools that a conversation may use; empty for none."""
    names = [str(_function(tool).get("name", "?")) for tool in tools]
    return _("Tools it may use: {names}", names=", ".join(names)) if names else ""


def _call_line(call: object) -> str:
    function = _function(call)
    arguments = function.get("arguments", "")
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except ValueError:
            arguments = {"": arguments}
    if isinstance(arguments, Mapping):
        given = ", ".join(f"{key}: {_shown(value)}" if key else _shown(value) for key, value in arguments.items())
    else:
        given = _shown(arguments)
    return _("calls {name} ({arguments})", name=function.get("name", "?"), arguments=given)


def _function(value: object) -> Mapping[str, Any]:
    """Return the function of a tool or of a call, which stands in it or is it."""
    if not isinstance(value, Mapping):
        return {}
    inner = value.get("function")
    return inner if isinstance(inner, Mapping) else value


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _VALUE_CHARS else text[:_VALUE_CHARS] + "…"

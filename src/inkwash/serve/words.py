"""What is wrong, in terms of the API: pydantic's errors, and messages meant for the command line.

Every text names the field, its value and what would be accepted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from inkwash.serve.schemas import PATTERNS

_PLACES = ("body", "query", "path", "header", "cookie")
_KINDS = re.compile(r"(dot|stroke|area|PaletteBody|str|float|int|(literal|constrained).*)")
_LONGEST = 40  # characters of a value that are repeated
_UNKNOWN = "what would fit; /docs describes every field"
_EXPECTED = {
    "string_type": "a text",
    "string_too_long": "a text of at most {max_length} characters",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a smaller number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "greater_than_equal": "{ge} or more",
    "greater_than": "more than {gt}",
    "less_than_equal": "{le} or less",
    "too_long": "at most {max_length} items, not {actual_length}",
    "too_short": "at least {min_length} items, not {actual_length}",
    "list_type": "a list",
    "tuple_type": "a list",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "literal_error": "{expected}",
    "union_tag_invalid": "{discriminator} as one of {expected_tags}",
    "union_tag_not_found": "{discriminator}, which is missing",
}
_COMMAND_LINE = (
    (re.compile(r"(; | or )choose (another|a shorter) --out( or rename the sketch)?"), ""),
    (re.compile(r" or raise the limit with --max-pixels"), ""),
    (re.compile(r"--([a-z]+) (?=(paint|ora)\b)"), r"\1="),
    (re.compile(r"--([a-z]+)"), r"\1"),
)


def without_options(text: str) -> str:
    """A message of the library without the command line's options, where they are its remedy."""
    for pattern, instead in _COMMAND_LINE:
        text = pattern.sub(instead, text)
    return text


def listed(found: Sequence[Mapping[str, Any]], most: int = 20) -> list[dict[str, str]]:
    """pydantic's errors as {at, message}: one for each field, also where several kinds fit it."""
    fields: dict[str, list[Mapping[str, Any]]] = {}
    for error in found:
        fields.setdefault(_field(error.get("loc", ())), []).append(error)
    return [
        {
            "at": _printable(".".join(map(str, errors[0].get("loc", ())))),
            "message": _printable(_said(field, errors)),
        }
        for field, errors in list(fields.items())[:most]
    ]


def _printable(text: str) -> str:
    """Half of a surrogate pair can be sent as JSON, but not answered as UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode()


def _field(place: Sequence[str | int]) -> str:
    """`hints[0].x`, as in the body; empty for the body itself."""
    parts = place[1:] if place and place[0] in _PLACES else place
    named = (part for part in parts if isinstance(part, int) or not _KINDS.fullmatch(part))
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in named).lstrip(".")


def _said(field: str, errors: Sequence[Mapping[str, Any]]) -> str:
    first, kind = errors[0], errors[0].get("type", "")
    if kind == "json_invalid":
        where = "the body" if first["loc"][0] == "body" else field
        return f"{where}: is no JSON, or broken in the middle"
    if isinstance(first.get("input"), bytes):
        return "the body: is not read as JSON; send it with Content-Type: application/json"
    if field == "file" and kind in ("missing", "value_error"):
        return "file: is missing; send multipart/form-data with a file in the field file"
    if kind == "missing":
        return f"{field or 'the body'}: is missing"
    if kind == "extra_forbidden":
        return f"{first['loc'][-1]}: is no field that is known; /docs lists those there are"
    if kind == "":  # ours, and said already
        return f"{field or 'the body'}: {first['msg']}"
    expected = " or ".join(dict.fromkeys(map(_expected, errors)))
    return f"{field or 'the body'}: {_value(first.get('input'))}give {expected}"


def _expected(error: Mapping[str, Any]) -> str:
    context = error.get("ctx", {})
    if error["type"] == "string_pattern_mismatch":
        return PATTERNS.get(context["pattern"], _UNKNOWN)
    return _EXPECTED.get(error["type"], _UNKNOWN).format_map(context)


def _value(value: Any) -> str:
    if not isinstance(value, str | int | float | None):
        return ""
    shown = repr(value) if isinstance(value, str) else json.dumps(value)
    return f"is {shown if len(shown) <= _LONGEST else shown[:_LONGEST] + '…'}; "

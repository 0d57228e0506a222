"""`/docs`: the OpenAPI description as plain HTML, with no script and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code { font: 0.9em ui-monospace, monospace; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid; }
h3 { margin: 1.5rem 0 0.25rem; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
table { border-collapse: collapse; width: 100%; margin: 0.25rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.75rem 0.2rem 0; }
th { font-weight: 600; border-bottom: 1px solid; }
p { margin: 0.25rem 0; }
"""
_METHODS = ("get", "post", "put", "patch", "delete")


def manual(described: dict[str, Any]) -> str:
    """A page for people of what `/openapi.json` says to machines."""
    info = described["info"]
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        f"<title>{escape(info['title'])}</title><link rel=stylesheet href=/docs.css>",
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1>",
        f"<p>{escape(info.get('description', ''))} <a href=/openapi.json>openapi.json</a></p>",
    ]
    for tag, calls in _by_tag(described).items():
        parts.append(f"<h2>{escape(tag.capitalize())}</h2>")
        parts += [_call(*call) for call in calls]
    parts.append("<h2>What is sent</h2>")
    schemas = described.get("components", {}).get("schemas", {})
    parts += [_schema(name, schema) for name, schema in sorted(schemas.items())]
    return "\n".join(parts) + "</html>"


def _by_tag(described: dict[str, Any]) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    found: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, calls in described["paths"].items():
        for method in _METHODS:
            if method in calls:
                tag = calls[method].get("tags", ["other"])[0]
                found.setdefault(tag, []).append((method, path, calls[method]))
    return found


def _call(method: str, path: str, call: dict[str, Any]) -> str:
    rows = [
        (item["name"], item["in"], _kind(item.get("schema", {})), item.get("description", ""))
        for item in call.get("parameters", ())
    ]
    for media, body in call.get("requestBody", {}).get("content", {}).items():
        rows.append(("body", media, _kind(body.get("schema", {})), ""))
    for status, answer in call.get("responses", {}).items():
        kinds = [
            f"{media} {_kind(body.get('schema', {}))}".strip()
            for media, body in answer.get("content", {}).items()
        ]
        rows.append((status, "answer", ", ".join(kinds), answer.get("description", "")))
    title = f"<span class=method>{method.upper()}</span> <code>{escape(path)}</code>"
    return f"<h3>{title}</h3><p>{escape(call.get('description', ''))}</p>{_table(rows)}"


def _schema(name: str, schema: dict[str, Any]) -> str:
    needed = schema.get("required", ())
    rows = [
        (key, "needed" if key in needed else "", _kind(value), value.get("description", ""))
        for key, value in schema.get("properties", {}).items()
    ]
    text = escape(schema.get("description", ""))
    return f"<h3 id={escape(name, quote=True)}>{escape(name)}</h3><p>{text}</p>{_table(rows)}"


def _table(rows: list[tuple[str, str, str, str]]) -> str:
    lines = [
        f"<tr><td><code>{escape(name)}</code><td>{escape(where)}<td>{kind}<td>{escape(text)}"
        for name, where, kind, text in rows
    ]
    return f"<table>{''.join(lines)}</table>" if lines else ""


def _kind(schema: dict[str, Any]) -> str:
    """A type in words, as HTML."""
    return " or ".join(dict.fromkeys(_kinds(schema)))


def _kinds(schema: dict[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2], quote=True)
        yield f'<a href="#{name}">{name}</a>'
    elif "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        yield ", ".join(f"<code>{escape(str(value))}</code>" for value in values)
    elif schema.get("type") == "array":
        yield f"list of {_kind(schema.get('items', {})) or 'anything'}"
    elif choices := schema.get("anyOf") or schema.get("oneOf"):
        for choice in choices:
            yield from _kinds(choice)
    elif "type" in schema:
        least, most = schema.get("minimum"), schema.get("maximum")
        span = f" {least:g} … {most:g}" if least is not None and most is not None else ""
        yield escape(schema["type"] + span)

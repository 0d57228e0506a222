"""The report as one HTML page that opens anywhere, offline: charts, tables and pictures inside."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from html import escape
from importlib import resources
from string import Template
from typing import Any

import numpy as np

from inkwash.evaluate.charts import Chart
from inkwash.evaluate.rows import Row
from inkwash.evaluate.shots import Shot, Strip
from inkwash.evaluate.tables import Table, describe, number, tables_of

SHOWN = 12  # worst and best cases


def as_html(
    table: dict[str, Any], charts: Sequence[Chart], strips: Sequence[Strip], rows: Sequence[Row]
) -> str:
    """The page; nothing in it points outside."""
    template = Template(
        resources.files("inkwash.evaluate").joinpath("page.html").read_text("utf-8")
    )
    order, ranked = ranking(rows)
    cases = [_case(one, order) for one in sorted(strips, key=lambda one: order.get(one.picture, 0))]
    shown = min(SHOWN, len(cases) // 2)
    return template.substitute(
        about=escape(describe(table)),
        absent="".join(_sentence(line) for line in table["settings"]["absent"]),
        charts="".join(map(_chart, charts)),
        tables="".join(map(_table, tables_of(table))),
        ranked=escape(ranked),
        worst="".join(cases[:shown]),
        best="".join(reversed(cases[len(cases) - shown :])),
        others="".join(cases[shown : len(cases) - shown]),
    )


def ranking(rows: Sequence[Row]) -> tuple[dict[str, float], str]:
    """Picture → mean over weights and ways of its picked picture's PSNR, and what that is."""
    found: dict[str, list[float]] = {}
    for row in rows:
        if row.weights and row.form == "settled":
            found.setdefault(row.picture, []).append(row.quality[row.picked])
    order = {picture: float(np.mean(values)) for picture, values in found.items()}
    return order, "By the PSNR of the picked, settled picture, mean over weights and ways"


def _sentence(line: str) -> str:
    return f'<p class="dim">{escape(line)}</p>'


def _chart(chart: Chart) -> str:
    return f"<figure>{chart.svg}<figcaption>{escape(chart.title)}</figcaption></figure>"


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in table.header)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in table.rows)
    note = re.sub(r"\*(\w+)\*", r"<i>\1</i>", escape(table.note))
    return (
        f"<h2>{escape(table.title)}</h2><p>{note}</p><div class=scroll><table>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(text: str) -> str:
    value, bracket, interval = text.partition(" [")
    shown = f"{escape(value)} <small>[{escape(interval)}</small>" if bracket else escape(text)
    return f"<td>{shown}</td>"


def _case(strip: Strip, order: dict[str, float]) -> str:
    quality = f" · {number(order[strip.picture])} dB" if strip.picture in order else ""
    return (
        f'<div class="case"><h3>{escape(strip.picture)}{quality}</h3>'
        f'<div class="shots">{"".join(map(_shot, strip.shots))}</div></div>'
    )


def _shot(shot: Shot) -> str:
    data = base64.b64encode(shot.webp).decode()
    quality = "" if shot.psnr is None else f" {number(shot.psnr)} dB"
    where = ", ".join(part for part in (shot.weights, shot.way, shot.form) if part)
    caption = f"<b>{escape(shot.what)}</b>{quality}<br>{escape(where)}"
    return (
        f'<figure><img loading="lazy" alt="{escape(shot.what)}" '
        f'src="data:image/webp;base64,{data}"><figcaption>{caption}</figcaption></figure>'
    )

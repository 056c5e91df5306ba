"""The report of a night as one self-contained page: no script, nothing loaded, made to be read and printed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.night import NightReport, gigabytes, limits
from reports.night_text import duration
from reports.wording import clock, kind_label, printable, subject_label, web_address


def render(report: NightReport) -> str:
    """The page as text; equal reports give equal pages."""
    css = (files("reports") / "templates" / "night.css").read_text("utf-8")
    template = _environment().get_template("night.html.j2")
    return template.render(report=report, shown=limits().shown, css=Markup(css))  # our own file


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )
    environment.filters.update(
        clock=clock, duration=duration, gigabytes=gigabytes, kind=kind_label, subject=subject_label, web=web_address
    )
    return environment


def _finalized(value: Any) -> Any:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value

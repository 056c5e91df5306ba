"""The report of a night as one self-contained page: no script, nothing loaded, made to be read and printed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment
from markupsafe import Markup

from reports.night_figures import gigabytes
from reports.night_model import NightReport, limits
from reports.night_text import duration
from reports.templating import environment
from reports.wording import clock, kind_label


def render(report: NightReport) -> str:
    """The page as text; equal reports give equal pages."""
    css = (files("reports") / "templates" / "night.css").read_text("utf-8")
    template = _environment().get_template("night.html.j2")
    return template.render(report=report, shown=limits().shown, css=Markup(css))  # our own file


@cache
def _environment() -> Environment:
    return environment(clock=clock, duration=duration, gigabytes=gigabytes, kind=kind_label)

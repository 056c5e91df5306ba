"""The city's templates (`templates/`), compiled once."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader


@cache
def _environment() -> Environment:
    made = Environment(loader=PackageLoader("demo", "templates"), autoescape=True, auto_reload=False)
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return made


def rendered(template: str, **context: Any) -> str:
    """A template's text; everything put into it is escaped."""
    return _environment().get_template(template).render(**context)

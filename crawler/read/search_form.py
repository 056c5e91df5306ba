"""Site search entries: forms with a text field that say they search."""

from __future__ import annotations

from crawler.facts import SearchForm
from crawler.read.lexicon import any_of, any_pattern
from crawler.read.outline import Outline, RawForm
from crawler.read.urls import join

_TEXT = ("", "text", "search")
_SENT = (*_TEXT, "hidden")


def search_forms(page: Outline, url: str, charset: str) -> tuple[SearchForm, ...]:
    """The page's search forms that can be sent without a script."""
    found: list[SearchForm] = []
    for form in page.forms:
        field = _field(form)
        if not field or not _searches(form):
            continue
        action = join(url, form.action.strip(), charset) if form.action.strip() else url
        if not action or form.action.strip().lower().startswith(("javascript", "#")):
            continue
        fixed = tuple((name, value) for kind, name, value, _ in form.fields if name and name != field and kind in _SENT)
        found.append(SearchForm(action, "post" if form.method == "post" else "get", field, fixed))
    return tuple(dict.fromkeys(found))


def _field(form: RawForm) -> str:
    """The name of the form's text field; the one named like a query where there are several."""
    names = [name for kind, name, _, _ in form.fields if kind in _TEXT and name]
    if not names or any(kind == "password" for kind, _, _, _ in form.fields):
        return ""
    return next((name for name in names if any_pattern("phrases", "search_names").search(name)), names[0])


def _searches(form: RawForm) -> bool:
    if any_of("phrases", "search").search(form.words):
        return True
    told = f"{form.action} {form.names} {' '.join(f'{name} {identity}' for _, name, _, identity in form.fields)}"
    return bool(any_pattern("phrases", "search_names").search(told))

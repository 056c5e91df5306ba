"""The addresses that a page's scripts ask for its list, put together as the script would write them.

    var id = "5b04…";  $.ajax({type: "get", url: "/common/search/" + id + "?_isJson=true&page=" + page})
    → /common/search/5b04…?_isJson=true&page=1

Only what is asked by GET and whose every part is known: a name that stands for words or a number in the page's own
scripts or labels, a page counter (1), a number that is there to be sent a fresh answer. All else is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from crawler.read.lexicon import any_pattern, words
from crawler.read.outline import Outline
from crawler.read.urls import join
from crawler.read.zones import Zone

_TERM = (
    r"(?:'[^'\n]{0,300}'|\"[^\"\n]{0,300}\"|`[^`]{0,300}`|Math\.random\(\)|Date\.now\(\)"
    r"|new\s+Date\b(?:\(\))?(?:\.\w+\(\))?|[\w$]{1,40}(?:\.[\w$]{1,40}){0,3})"
)
_MADE = rf"{_TERM}(?:\s*\+\s*{_TERM}){{0,12}}"
_CALL = re.compile(
    r"(?:\burl\s*:\s*"
    r"|(?:\$|\bjQuery|\baxios|\$?http|\brequest)\.(?:get|getJSON)\s*\(\s*"
    r"|\.load\s*\(\s*|\bfetch\s*\(\s*|\.open\s*\(\s*['\"]GET['\"]\s*,\s*)"
    rf"(?P<made>{_MADE})(?P<next>\s*,\s*\{{(?:\s*params\s*:\s*\{{)?[^{{}}]{{0,500}}\}})?",
    re.IGNORECASE,
)
_EACH = re.compile(_TERM)
_INSERTED = re.compile(r"\$\{\s*([^{}]{1,80}?)\s*\}")
_PAIR = re.compile(rf"(?:\A|[{{,])\s*['\"]?(?P<name>\w+)['\"]?\s*:\s*(?P<made>{_MADE})\s*(?=[,}}]|\Z)")
_OBJECT = re.compile(r"\bdata\s*:\s*\{(?P<fields>[^{}]{0,500})\}")
_SENT = re.compile(r"\bdata\s*:\s*(?!\{\s*\})")
_LABELLED = re.compile(r"meta\[name\s*=\s*\\?['\"]?([\w\-]+)", re.IGNORECASE)
_UNREAD = re.compile(r",\s*(?:\{|[\w.$]+\s*,|(?!true|false)[\w.$]+\s*\)\s*\.then)")
"""Fields of a request that stand elsewhere, or in a form that we do not read."""
_CLOSINGS = ("", ",", ")", "}", ";")
_LONGEST = 20_000
_AROUND = 400
_SHORTEST_NAME = 2
_MOST = 3


def data_requests(page: Outline, url: str, labels: Mapping[str, str]) -> tuple[str, ...]:
    """The addresses in the order of the scripts; `labels` are the page's labels by lower-case name."""
    scripts = [script.text[:_LONGEST] for script in page.scripts if script.text]
    known = _Known(scripts, labels)
    found: dict[str, None] = {}
    for script in page.scripts:
        if script.zone is not Zone.MAIN or not any_pattern("scripts", "requests").search(script.text):
            continue
        text = script.text[:_LONGEST]
        if _fills_what_stands_beside(page, text):
            continue
        for call in _CALL.finditer(text):
            address = _address(text, call, known)
            target = join(url, address) if address else ""
            if target and target != url and not any_pattern("replies", "others").search(address):
                found[target] = None
    return tuple(found)[:_MOST]


def _fills_what_stands_beside(page: Outline, script: str) -> bool:
    """Whether a script names empty containers of the page's side or frame, and none of its main part."""
    named = {
        zone == Zone.MAIN.value
        for classes, identity, zone in page.hollow
        if any(len(name) > _SHORTEST_NAME and name in script for name in (*classes.split(), identity))
    }
    return named == {False}


def _address(script: str, call: re.Match[str], known: _Known) -> str:
    """What one call asks for; "" where it sends something, or where a part of the address is not known."""
    behind = script[call.end("made") : call.end("made") + _AROUND].lstrip()
    made = known.words(call["made"]) if behind[:1] in _CLOSINGS else None
    if made is None or not re.search(r"[/?]|\.\w+\Z", made):
        return ""
    made = made.split()[0] if made.split() else ""  # .load("/list.html #part")
    if call[0][:3].lower() == "url":
        around = _around(script, call)
        if any_pattern("replies", "sends").search(around):
            return ""
        data = _OBJECT.search(around)
        if data is None and _SENT.search(around):
            return ""
        fields = data["fields"] if data else ""
    elif call["next"] is None and _UNREAD.match(behind):
        return ""
    else:
        fields = (call["next"] or "").lstrip(" ,\t\r\n{").removesuffix("}")
        if fields.startswith("params"):
            fields = fields.partition("{")[2]
        elif any_pattern("replies", "sends").search(fields):
            return ""
    return _with_fields(made, fields, known)


def _around(script: str, call: re.Match[str]) -> str:
    """The settings that stand beside an address in one call."""
    before = script[max(0, call.start() - _AROUND) : call.start()]
    after = script[call.end("made") : call.end("made") + _AROUND]
    return (
        before[max(before.rfind("({"), before.rfind("ajax")) + 1 :] + re.split(r"\bsuccess\b|\bfunction\b|=>", after)[0]
    )


def _with_fields(address: str, fields: str, known: _Known) -> str:
    """The address with the fields of a call as its query; "" where the value of one is not known."""
    if not fields.strip():
        return address
    sent = []
    pairs = list(_PAIR.finditer(fields))
    if not pairs or len(pairs) < fields.count(":"):
        return ""
    for pair in pairs:
        value = known.words(pair["made"])
        if value is None:
            return ""
        sent.append(f"{pair['name']}={quote(value, safe='')}")
    return f"{address}{'&' if '?' in address else '?'}{'&'.join(sent)}"


class _Known:
    """What names stand for in the scripts of a page."""

    def __init__(self, scripts: list[str], labels: Mapping[str, str]) -> None:
        self._scripts, self._labels = scripts, labels
        self._counters = {name.lower() for key in ("page", "counters") for name in words("replies", key)}

    def words(self, made: str) -> str | None:
        """The words that an expression makes; None where a part of it is not known."""
        pieces = [self._piece(term) for term in _EACH.findall(made)]
        return None if None in pieces else "".join(piece for piece in pieces if piece)

    def _piece(self, term: str) -> str | None:
        if term[0] in "'\"":
            return term[1:-1].replace("\\/", "/")
        if term[0] == "`":
            named = _INSERTED.findall(term)
            values = {name: self._piece(name) for name in named if _EACH.fullmatch(name)}
            if any(values.get(name) is None for name in named):
                return None
            return _INSERTED.sub(lambda found: values[found[1]] or "", term[1:-1])
        if term.isdigit():
            return term
        if any_pattern("replies", "fresh").search(term):
            return "1"
        return self._named(term.rpartition(".")[2])

    def _named(self, name: str) -> str | None:
        assigned = re.compile(
            rf"(?<![\w$.'\"\-])(?:this\.)?['\"]?{re.escape(name)}['\"]?\s*[:=](?!=)\s*(?:(?P<words>'[^'\n]{{0,300}}'|\"[^\"\n]{{0,300}}\")(?!\s*[+\w])"
            r"|(?P<number>\d{1,9})\b(?!\s*[+*\-/])|(?P<asked>\$\([^;\n]{0,120}))"
        )
        for script in self._scripts:
            found = assigned.search(script)
            if found is None:
                continue
            if found["words"] is not None:
                return found["words"][1:-1]
            if found["number"] is not None:
                return found["number"]
            label = _LABELLED.search(found["asked"])
            if label is not None:
                return self._labels.get(label[1].lower())
        if name.lower() in self._counters:
            return "1"
        return self._labels.get(name.lower())

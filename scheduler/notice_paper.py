"""整改通知书 of a notice that was issued: its own number, day, deadline and problems, and nothing else."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from checks.model import State
from crawler.facts import BEIJING
from reports import notice as words
from reports.atomic import replacing
from reports.naming import file_stems
from reports.papers import Papers
from reports.word import Template
from scheduler.rectifying import Case
from scheduler.telling import view_of
from storage.store import Store


def write_paper(store: Store, found: tuple[Case, ...], papers: Papers, path: Path) -> None:
    """Writes the Word document of one notice; `found` are its problems. Raises TemplateRefused, OSError."""
    notice = found[0].notice
    record = store.inspections.get(notice.inspection)
    named = {case.item.finding.fingerprint for case in found}
    view = view_of(store, record, store.results.findings(record.id), {})
    unit = next(unit for unit in view.units if unit.code == notice.unit)
    own = replace(  # those that are not named keep their places, for numbers are those of the unit's workbook
        unit,
        problems=tuple(one if one.fingerprint in named else replace(one, state=State.PASS) for one in unit.problems),
    )
    issued = notice.issued.astimezone(BEIJING)
    settled = replace(
        papers,
        issuer=papers.issuer or notice.by,
        notice_number=notice.document_number.replace("{", "").replace("}", ""),
        issued=issued.date(),
        due=notice.deadline,
    )
    workbook = f"{file_stems(view)[unit.code]}.xlsx"
    context = words.context(view, own, notice.id, settled, workbook)
    with replacing(path) as draft:
        title = f"{unit.name}整改通知书"
        Template(words.TEMPLATE, papers.templates).render(context, draft, title=title, made=notice.issued)

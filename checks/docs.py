"""Writes docs/checks.md from the checks' own metadata: `python -m checks.docs [PATH]`.

The frame is English for developers; what each check says of itself is Chinese, for the officials who read it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from checks import lexicon
from checks.model import Subject
from checks.registry import CHECKS, AnyCheck

DEFAULT_PATH = Path("docs/checks.md")

_FRAME = """\
# Checks (检查项)

Written by `python -m checks.docs` from the metadata in `checks/`; do not edit. A check is one file, named as its id:
`update.column-stale` is `checks/update/column_stale.py`. It is a pure function from facts to a verdict.

- **State** (状态): 符合 pass · 发现问题 fail · 不适用 not-applicable · 未能判定 undetermined ·
  待人工复核 needs-review · 未检查 not-checked · 出错 error. Only *fail* may move a score. A fact that is absent, a
  crawl that was cut short or blocked, a page that only scripts fill: each gives *undetermined* with its reason, never a
  finding and never *pass*.
- **Mode** (方式): `A` the program settles it; `A→H` the program finds candidates that a person confirms.
- **Needs** (所需事实): fact kinds without which the check answers *undetermined*.
- **Thresholds** (阈值): defaults that a ruleset may override. A window is counted back from the monitoring time point
  (监测时间点), never from the wall clock; a month is a calendar month.
"""

_FAMILIES = {
    "availability": "Availability (网站可用性)",
    "update": "Updating (更新)",
    "content": "Content (内容)",
    "link": "Links (链接)",
    "disclosure": "Information disclosure (信息公开)",
    "identity": "Identity (网站标识)",
    "function": "Functions (功能设计)",
    "account": "New media (政务新媒体)",
}
_SUBJECTS = {Subject.SITE: "网站", Subject.ACCOUNT: "账号", Subject.UNIT: "单位"}


def family(check: AnyCheck) -> str:
    """The part of a check's id before the point."""
    return check.id.split(".")[0]


def document() -> str:
    """The whole of docs/checks.md, families and checks in the registry's order."""
    parts = [_FRAME, _index()]
    for name, checks in groupby(CHECKS.values(), key=family):
        parts.append(f"\n## {_FAMILIES[name]}\n")
        parts += [section(check) for check in checks]
    return "\n".join(parts)


def section(check: AnyCheck) -> str:
    """The part of the document on one check."""
    return "\n".join([f"### {check.id}", "", f"**{check.title}** · {_SUBJECTS[check.subject]}", "", *_rows(check), ""])


def _index() -> str:
    rows = [f"| [{c.id}](#{_anchor(c)}) | {c.title} | {_SUBJECTS[c.subject]} | {c.mode} |" for c in CHECKS.values()]
    return "\n".join(["| id | 名称 | 对象 | 方式 |", "|---|---|---|---|", *rows])


def _anchor(check: AnyCheck) -> str:
    return check.id.replace(".", "")


def _rows(check: AnyCheck) -> Iterator[str]:
    yield f"- What it looks for and how (如何检查): {check.measured}"
    yield f"- Why (为何检查): {check.why}"
    yield f"- How to rectify (如何整改): {check.rectify}"
    yield f"- Known limits (局限): {check.limits}"
    yield f"- Clause (依据): {check.clause}"
    yield f"- Mode (方式): `{check.mode}`"
    if check.needs:
        yield f"- Needs (所需事实): {', '.join(f'`{need}`' for need in check.needs)}"
    notes = lexicon.threshold_notes(check.id)
    if notes:
        yield from ("", "| Threshold (阈值) | Default (默认) | Meaning (含义) | Source (来源) |", "|---|---|---|---|")
        for key, note in notes.items():
            shown = str(note.value).replace("|", "\\|")
            yield f"| `{key}` | `{shown}` | {note.about} | {note.source} |"


def main() -> None:
    """Writes the document to the path given, or to docs/checks.md under the current folder."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_PATH
    path.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()

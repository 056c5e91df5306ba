"""Writes the city's Chinese texts from phrase tables (`data/phrases.yaml`), the same text for the same seed."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from markupsafe import Markup
from msgspec import Struct

from demo.model import AS_OF, Leader, Section
from demo.rendering import rendered

_BODY_OF = {
    "personnel": "notice",
    "emergency": "news",
    "project": "news",
    "topic": "news",
    "past-topic": "news",
    "interview": "news",
    "procurement": "notice",
    "plan": "policy",
    "finance": "data",
    "statistics": "data",
    "service-statistics": "data",
    "undated-topic": "undated",
    "activity": "news",
}
_FORMAL = frozenset({"notice", "policy", "rules", "service", "letters", "response", "consultation", "undated"})
"""Texts whose sentences only make sense in their order."""
RUN = timedelta(days=20)
"""How long a consultation runs; one that has ended gives its result."""


@cache
def table(name: str) -> Mapping[str, Any]:
    """The whole of `demo/data/<name>.yaml`."""
    text = files("demo.data").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


class Writer(Struct):
    """Writes for one site. `scope` picks its topics; titles are never used twice within a site."""

    rng: random.Random
    area: str
    unit: str
    scope: str
    contact: Mapping[str, str]
    used: set[str]

    def title(self, kind: str, published: datetime, slots: Mapping[str, str]) -> str:
        """A new title of that kind; fills are drawn again until it is new."""
        if kind == "service-statistics":
            month = _month_before(published)
            return self._keep(f"{self.area}{month:%Y}年{month.month}月政务服务事项办理情况统计")
        templates: Sequence[str] = table("phrases")["titles"][kind]
        for _ in range(200):
            template = self.rng.choice(templates)
            title = template.format(**{**slots, **self.fills(kind, published)})
            if title not in self.used:
                break
        return self._keep(title)

    def _keep(self, title: str) -> str:
        plain, count = title, 1
        while title in self.used:
            count += 1
            title = f"{plain}（第{count}期）"
        self.used.add(title)
        return title

    def fills(self, kind: str, published: datetime) -> dict[str, str]:
        """One drawing of all slots."""
        phrases = table("phrases")
        topic = self.rng.choice(phrases["topics"][self.scope])
        told = _month_before(published) if kind == "statistics" else published
        event = published - timedelta(days=1)
        return {
            "area": self.area,
            "unit": self.unit,
            "topic": topic,
            "place": self.rng.choice(phrases["places"][self.area]),
            "who": self.rng.choice(phrases["who"][self.scope]).replace(
                "县", "区" if self.area.endswith("区") else "县"
            ),
            "doc": self.area + self.rng.choice(phrases["docs"]).format(topic=topic),
            "name": self.name(),
            "n": str(self.rng.randint(5, 48)),
            "m": str(self.rng.randint(120, 989)),
            "pct": f"{self.rng.randint(880, 997) / 10:.1f}",
            "q": str((told.month + 2) // 3),
            "year": str(told.year),
            "year3": str(told.year + 2),
            "month": str(told.month),
            "event": f"{event.month}月{event.day}日",
            "asked": f"{published - timedelta(days=3):%Y-%m-%d}",
            "told": f"{published:%Y-%m-%d}",
            "closed": f"{published + RUN:%Y-%m-%d}",
        }

    def name(self) -> str:
        """An invented person's name."""
        phrases = table("phrases")
        return str(self.rng.choice(phrases["surnames"])) + str(self.rng.choice(phrases["given"]))

    def article(self, kind: str, published: datetime) -> tuple[str, tuple[str, ...]]:
        """A title and its paragraphs."""
        slots = self.fills(kind, published)
        title = self.title(kind, published, slots)
        body = _BODY_OF.get(kind, kind)
        sentences: Sequence[str] = table("phrases")["bodies"][body]
        if body not in _FORMAL:
            chosen = sorted(self.rng.sample(range(len(sentences)), min(len(sentences), 4)))
            sentences = [sentences[index] for index in chosen]
        fresh = self.fills(kind, published)
        topic = next((t for t in table("phrases")["topics"][self.scope] if t in title), fresh["topic"])
        doc = title[title.index("《") + 1 : title.index("》")] if "《" in title else fresh["doc"]
        place = next((p for p in table("phrases")["places"][self.area] if p in title), fresh["place"])
        fresh |= {"topic": topic, "doc": doc, "place": place}
        if body == "consultation" and published + RUN >= AS_OF:
            sentences = [sentence for sentence in sentences if not sentence.startswith("征集结果")]
        return title, tuple(sentence.format(**fresh) for sentence in sentences)

    def moment(self, days_ago: float) -> datetime:
        """A working hour about that many days before as_of; weekends fall back to the Friday before."""
        day = (AS_OF - timedelta(days=days_ago)).date()
        day -= timedelta(days=max(0, day.weekday() - 4))
        hour, minute = self.rng.choice((8, 9, 10, 11, 14, 15, 16)), self.rng.randrange(0, 60)
        return datetime.combine(day, time(hour, minute), AS_OF.tzinfo)

    def document(self, name: str, faults: Mapping[int, str]) -> tuple[Section, ...]:
        """A standing text: 指南, 依申请公开, 概况 or the table of 内设机构; `faults` as for `_departments`."""
        if name == "departments":
            return (Section("内设机构", (f"{self.unit}内设下列机构：",), self._departments(faults)),)
        if name == "profile":
            name = "profile-county" if self.scope in ("county", "invest") else "profile-bureau"
        slots = {"unit": self.unit, "area": self.area, "n": str(self.rng.randint(8, 14)), **self.contact}
        return tuple(
            Section(part["heading"], tuple(line.format(**slots) for line in part["lines"]))
            for part in table("phrases")["documents"][name]
        )

    def _departments(self, faults: Mapping[int, str]) -> tuple[tuple[str, ...], ...]:
        """The table of 内设机构; `faults` maps a position to the element left out (head, telephone)."""
        phrases = table("phrases")
        rows = []
        for at, (name, duty) in enumerate(zip(phrases["departments"], phrases["department_duties"], strict=True)):
            head, telephone = self.name(), f"0999-8{self.rng.randint(100000, 999999)}"
            lacks = faults.get(at, "")
            rows.append((name, "" if lacks == "head" else head, duty, "" if lacks == "telephone" else telephone))
        return (("机构名称", "负责人", "主要职责", "联系电话"), *rows)

    def annual_report(self, year: int, faults: Collection[str] = ()) -> tuple[str, tuple[str, ...]]:
        """政府信息公开工作年度报告 with its six sections; the table's identity holds.

        `faults`: a section's heading is left out with its text, `unbalanced` breaks the table's identity.
        """
        slots = {
            "unit": self.unit,
            "year": str(year),
            "n": str(self.rng.randint(2, 9)),
            "m": str(self.rng.randint(300, 989)),
        }
        paragraphs: list[str] = []
        for part in table("phrases")["documents"]["annual"]:
            if part["heading"] in faults:
                continue
            paragraphs.append(part["heading"])
            if "table" in part:
                new, carried = self.rng.randint(6, 30), self.rng.randint(0, 3)
                paragraphs.append(_applications(new, carried, 2 if "unbalanced" in faults else 1))
            else:
                paragraphs += [line.format(**slots) for line in part["lines"]]
        return self._keep(f"{self.unit}{year}年政府信息公开工作年度报告"), tuple(paragraphs)

    def leaders(self, group: str, faults: Mapping[int, str]) -> list[Leader]:
        """The people of 领导之窗; `faults` maps a position to the element left out (photo, resume, post, duties)."""
        phrases = table("phrases")
        head = "区长" if self.area.endswith("区") else "县长"
        leaders = []
        for index, post in enumerate(phrases["posts"][group]):
            lacks = faults.get(index, "")
            leaders.append(
                Leader(
                    number=index + 1,
                    name=self.name(),
                    post="" if lacks == "post" else post.format(head=head),
                    resume="" if lacks == "resume" else phrases["resume"].format(gender=self.rng.choice(("男", "女"))),
                    duties="" if lacks == "duties" else phrases["duties"][index],
                    photo=lacks != "photo",
                )
            )
        return leaders


def _applications(new: int, carried: int, pending: int) -> Markup:
    """The table of applications, all by natural persons save two by enterprises; one is pending at the year's end."""
    persons, closed = new - 2, new - 2 + carried - 1
    return Markup(
        rendered(
            "applications.html",
            received=(persons, 2, new),
            carried=(carried, "", carried),
            granted=(closed - 1, 2, closed + 1),
            denied=(1, "", 1),
            closed=(closed, 2, closed + 2),
            pending=(pending, "", pending),
        )
    )


def _month_before(moment: datetime) -> datetime:
    return moment.replace(day=1) - timedelta(days=1)

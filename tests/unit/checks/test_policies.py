"""Whose a document is, by which names it goes, and which interpretation belongs to it."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest
from msgspec.structs import replace

from checks.issuers import Issuers, Level
from checks.papers import Paper, document_keys, is_interpretation, is_policy_document, key_of
from checks.policies import DOCUMENTS, INTERPRETATIONS, Policies
from crawler.facts import SiteFacts, Unit
from crawler.facts.documents import DocumentFact, IssuerSource, PolicyText, Related, Told
from tests.unit.checks.sites import HOME, site

COUNTY = site()
BUREAU: SiteFacts = replace(COUNTY, unit=Unit("cy", "砚江市财蕴局"))
TEA = "云溪县人民政府关于印发《云溪县茶产业扶持办法》的通知"


def issued(by: str, source: IssuerSource = IssuerSource.LABEL, number: str = "") -> DocumentFact:
    return DocumentFact(issuer=Told(by, by), issuer_source=source, number=Told(number, number) if number else None)


@pytest.mark.parametrize(
    ("facts", "title", "document", "expected"),
    [
        (COUNTY, TEA, None, Level.OWN),
        (COUNTY, "云溪县教育局关于做好秋季招生工作的通知", None, Level.OWN),
        (COUNTY, "关于做好秋收工作的通知", issued("县政府办公室"), Level.OWN),
        (COUNTY, "关于做好秋收工作的通知", issued("云溪县人民政府办公室", IssuerSource.SIGNATURE), Level.OWN),
        (COUNTY, "云溪县人民政府办公室转发省人民政府关于加强基层治理意见的通知", None, Level.FORWARDED),
        (COUNTY, "陕山省人民政府关于加强基层治理工作的意见", None, Level.OTHER),
        (COUNTY, "国务院办公厅关于加强政务公开工作的意见", None, Level.OTHER),
        (COUNTY, "中华人民共和国档案法", issued("云溪县档案局", IssuerSource.PUBLISHER), Level.OTHER),
        (COUNTY, "关于印发《职业教育提质行动计划》的通知", issued("市人民政府"), Level.OTHER),
        (COUNTY, "关于印发《职业教育提质行动计划》的通知", None, Level.UNKNOWN),
        (COUNTY, "城市居民最低生活保障条例", None, Level.OTHER),
        (COUNTY, "茶产业扶持办法", None, Level.UNKNOWN),
        # 发布机构 alone does not make a reprint the unit's own; a 文号 of its own does
        (COUNTY, "关于印发《行动计划》的通知", issued("云溪县教育局", IssuerSource.PUBLISHER), Level.UNKNOWN),
        (
            COUNTY,
            "关于印发《行动计划》的通知",
            issued("云溪县教育局", IssuerSource.PUBLISHER, "云教发〔2026〕3号"),
            Level.OWN,
        ),
        (BUREAU, "砚江市财蕴局关于加强预算管理的通知", None, Level.OWN),
        (BUREAU, "市财蕴局关于加强预算管理的通知", None, Level.OWN),
        (BUREAU, "砚江市人民政府关于加强预算管理的意见", None, Level.OTHER),
        (BUREAU, "关于加强预算管理的通知", issued("砚江市财蕴局 砚江市水务局"), Level.OWN),
    ],
)
def test_whose_a_document_is(facts: SiteFacts, title: str, document: DocumentFact | None, expected: Level) -> None:
    assert Issuers.of(facts).level(title, document) is expected


def test_names_of_a_document() -> None:
    keys = document_keys("云溪县人民政府关于印发《云溪县茶产业扶持办法（试行）》的通知", "云溪县")
    assert {"云溪县茶产业扶持办法", "茶产业扶持办法"} <= keys
    # what a document carries out is another document
    carried = document_keys("云溪县人民政府关于贯彻《陕山省茶产业促进条例》的实施意见", "云溪县")
    assert "陕山省茶产业促进条例" not in carried
    assert key_of("《云溪县茶产业扶持办法（试行）》（已废止）") == "云溪县茶产业扶持办法"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (TEA, True),
        (f"{TEA}（已废止）", True),
        ("云溪县人民政府关于调整城区功能区划分的批复", True),
        ("云溪县人民政府关于王某某等同志任职的通知", False),
        ("云溪县人民政府办公室关于召开全县农业工作会议的通知", False),
        ("《云溪县茶产业扶持办法》政策解读", False),
        ("关于《云溪县茶产业扶持办法（征求意见稿）》公开征求意见的公告", False),
        ("云溪县2026年政府公报第3期", False),
        ("云溪县召开秋收推进会", False),
        ("关于县十八届人大五次会议第12号建议的答复", False),
        ("云溪县做好政府采购监管工作的通知", True),
    ],
)
def test_what_is_a_policy_document(title: str, expected: bool) -> None:
    assert is_policy_document(Paper(HOME, title, DOCUMENTS)) is expected


def test_talk_of_interpreting_is_no_interpretation() -> None:
    assert is_interpretation("一图读懂《云溪县茶产业扶持办法》")
    assert not is_interpretation("云溪县召开政策解读培训会")
    assert not is_interpretation("云溪县人民政府政策解读工作制度")


def document(title: str, path: str, *related: tuple[str, str], unfilled: str = "") -> Paper:
    links = tuple(Related(text, HOME + to) for text, to in related)
    return Paper(HOME + path, title, DOCUMENTS, date(2026, 9, 25), policy=PolicyText(links, unfilled=unfilled))


def text(title: str, path: str, *related: tuple[str, str], named: tuple[str, ...] = ()) -> Paper:
    links = tuple(Related(words, HOME + to) for words, to in related)
    return Paper(HOME + path, title, INTERPRETATIONS, date(2026, 9, 28), policy=PolicyText(links, named))


def test_a_name_within_a_longer_one_is_none_of_its_own() -> None:
    change = "云溪县人民政府关于修改《云溪县茶产业扶持办法》的决定"
    papers = [document(TEA, "1.html"), document(change, "2.html")]
    papers.append(text("《关于修改〈云溪县茶产业扶持办法〉的决定》政策解读", "9.html"))
    pairs = Policies.of(COUNTY, papers).pairs
    assert [(pair.document.paper.url, pair.named) for pair in pairs] == [(f"{HOME}2.html", True)]


def test_a_text_that_mentions_a_document_does_not_interpret_it_for_sure() -> None:
    plan = "云溪县人民政府关于印发《云溪县茶产业发展规划》的通知"
    papers = [document(TEA, "1.html"), document(plan, "2.html")]
    papers.append(
        text("《云溪县茶产业扶持办法》政策解读", "9.html", named=("云溪县茶产业扶持办法", "云溪县茶产业发展规划"))
    )
    found = {pair.document.paper.url: pair.is_sure for pair in Policies.of(COUNTY, papers).pairs}
    assert found == {f"{HOME}1.html": True, f"{HOME}2.html": False}


def test_links_are_told_by_address_or_by_name_and_a_scripted_place_is_not_known() -> None:
    linked = [document(TEA, "1.html", ("茶产业政策解读", "9.html")), text("《云溪县茶产业扶持办法》政策解读", "9.html")]
    (pair,) = Policies.of(COUNTY, linked).pairs
    assert (pair.forward, pair.backward) == (True, False)
    # the document stands under another address too
    copied = [document(TEA, "1.html"), text("《云溪县茶产业扶持办法》政策解读", "9.html", (TEA, "copy/1.html"))]
    (pair,) = Policies.of(COUNTY, copied).pairs
    assert (pair.forward, pair.backward) == (False, True)
    scripted = [document(TEA, "1.html", unfilled="相关解读"), text("《云溪县茶产业扶持办法》政策解读", "9.html")]
    (pair,) = Policies.of(COUNTY, scripted).pairs
    assert pair.forward is None


def test_a_document_in_two_columns_counts_once() -> None:
    papers = [document(TEA, "1.html"), document(TEA, "xxgk/1.html")]
    assert len(Policies.of(COUNTY, papers).documents) == 1


def test_thousands_that_begin_alike_are_put_together_in_one_pass() -> None:
    def papers(count: int) -> list[Paper]:
        made = [document(f"云溪县人民政府关于加强第{n}号灌区管理工作的意见", f"{n}.html") for n in range(count)]
        return made + [
            text(f"《云溪县人民政府关于加强第{n}号灌区管理工作的意见》政策解读", f"j{n}.html") for n in range(count)
        ]

    started = process_time()
    assert len(Policies.of(COUNTY, papers(500)).pairs) == 500
    small = process_time() - started
    started = process_time()
    assert len(Policies.of(COUNTY, papers(4000)).pairs) == 4000
    assert process_time() - started < 8 * small * 3, "eight times the papers cost far more than eight times the work"

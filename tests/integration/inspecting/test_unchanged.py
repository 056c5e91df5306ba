"""The second night: what has not changed is asked, not read again; what has changed is; the findings are the same."""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from crawler.fetch.revisits import SAMPLE
from storage.errors import RecordConflict
from storage.store import Store
from tests.integration.inspecting.conftest import Xuncha, findings_of, lines, states_of
from tests.integration.inspecting.living_site import Answer, LivingSite, living_site
from tests.unit.documents.files import pdf

ARTICLES = range(1, 41)


@pytest.fixture
def site(xuncha: Xuncha) -> Iterator[LivingSite]:
    """A site of forty articles, some with an ETag, some with a date, some with neither; one attachment is missing."""
    with living_site() as living:
        for number in ARTICLES:
            living.article(number, validator=("etag", "modified", "")[number % 3])
        living.lists(ARTICLES)
        del living.answers["/files/7.pdf"]
        (xuncha.folder / "r.yaml").write_text(living.registry(), "utf-8")
        yield living


def words(out: str, kind: str = "nightly") -> list[str]:
    return ["inspect", "--registry", "r.yaml", "--allow-private", "--no-render", "--kind", kind, "--out", out]


def figures(folder: Path, out: str) -> dict[str, Any]:
    targets = json.loads((folder / out / "run.json").read_text("utf-8"))["targets"]
    (target,) = [target for target in targets if target["target_kind"] == "site"]
    return dict(target)


def _without_history(xuncha: Xuncha, out: str) -> list[tuple[str, str, str]]:
    """The states less those of checks that only a second inspection, or only a full visit, can tell."""
    other = ("update.date-forged", "function.slow")
    return [state for state in states_of(xuncha.folder / out) if state[0] not in other]


def test_a_site_that_has_not_changed(xuncha: Xuncha, site: LivingSite) -> None:
    xuncha(*words("first"))
    site.asked()
    xuncha(*words("second"))
    asked = site.asked()
    assert findings_of(xuncha.folder / "second") == findings_of(xuncha.folder / "first") != []
    assert _without_history(xuncha, "second") == _without_history(xuncha, "first")
    first, second = figures(xuncha.folder, "first"), figures(xuncha.folder, "second")
    assert second["pages"] == second["unchanged"] == first["pages"] == len(ARTICLES) + 2
    conditional = [path for method, path, status in asked if status == 304]
    assert sorted(conditional) == sorted(f"/art/{number}.html" for number in ARTICLES if number % 3 < 2)
    # the lists bear all accusations of silence: they are never left to a server's word
    for path in ("/", "/tzgg/"):
        assert ("GET", path, 200) in asked
    with Store(f"sqlite:///{xuncha.folder}/xuncha-data/xuncha.sqlite3", xuncha.folder / "xuncha-data") as store:
        with store.database.read() as connection:
            stored = connection.exec_driver_sql("select run, count(*) from pages group by run").all()
        assert [count for _, count in stored] == [len(ARTICLES) + 2]


def test_every_finding_on_an_unchanged_page_has_its_evidence(xuncha: Xuncha, site: LivingSite) -> None:
    xuncha(*words("first"))
    xuncha(*words("second"))
    rows = [row for row in lines(xuncha.folder / "second/findings.jsonl") if row["check"] == "link.broken"]
    assert rows
    for row in rows:
        assert row["evidence"]
        assert all((xuncha.folder / "second" / name).exists() for name in row["evidence"])


def test_what_has_changed_is_read(xuncha: Xuncha, site: LivingSite) -> None:
    xuncha(*words("first"))
    site.article(3, text="本通知已作修改，请以修改后的内容为准，原有安排不再执行。" * 5)
    site.article(41)
    site.lists(range(1, 42))
    del site.answers["/files/9.pdf"]
    del site.answers["/art/11.html"]
    xuncha(*words("second"))
    xuncha(*words("full", kind="quarterly"))
    assert findings_of(xuncha.folder / "second") == findings_of(xuncha.folder / "full")
    assert _without_history(xuncha, "second") == _without_history(xuncha, "full")
    broken = {
        row["problem_url"] for row in lines(xuncha.folder / "second/findings.jsonl") if row["check"] == "link.broken"
    }
    assert broken == {site.home + path for path in ("files/7.pdf", "files/9.pdf", "art/11.html")}
    second, full = figures(xuncha.folder, "second"), figures(xuncha.folder, "full")
    assert full["unchanged"] == 0
    # home, column and article 3 have changed, article 11 is gone, article 41 is new
    assert (second["pages"], second["unchanged"]) == (full["pages"], len(ARTICLES) - 2)


def test_attachments_are_opened_again_only_where_they_have_changed(xuncha: Xuncha, site: LivingSite) -> None:
    site.lists(range(1, 4))
    plain = Answer(pdf(["本办法自发布之日起施行"]), "etag", "application/pdf")
    private = Answer(pdf(["联系人身份证号：11010519491231002X"]), "etag", "application/pdf")
    site.answers |= {"/files/1.pdf": plain, "/files/2.pdf": replace(plain, validator=""), "/files/3.pdf": private}
    xuncha(*words("first"))
    site.asked()
    xuncha(*words("second"))
    opened = {(path, status) for method, path, status in site.asked() if method == "GET" and path.endswith(".pdf")}
    # what holds something is opened every night, for each run keeps its own evidence
    assert opened == {("/files/1.pdf", 304), ("/files/2.pdf", 200), ("/files/3.pdf", 200)}
    assert findings_of(xuncha.folder / "second") == findings_of(xuncha.folder / "first")
    assert states_of_texts(xuncha.folder / "second") == states_of_texts(xuncha.folder / "first")
    (found,) = (row for row in lines(xuncha.folder / "second/findings.jsonl") if row["check"] == "content.privacy")
    assert found["url"] == f"{site.home}files/3.pdf" and found["evidence"]
    site.answers["/files/1.pdf"] = replace(private, body=pdf(["申请人的身份证号码：11010519491231002X"]))
    xuncha(*words("third"))
    told = {row["url"] for row in lines(xuncha.folder / "third/findings.jsonl") if row["check"] == "content.privacy"}
    assert told == {f"{site.home}files/1.pdf", f"{site.home}files/3.pdf"}


def states_of_texts(out: Path) -> list[tuple[str, str, str]]:
    """The states of the checks that read attachments, with what they say."""
    return sorted(
        (row["check"], row["state"], row["summary"])
        for row in lines(out / "results.jsonl")
        if row["check"] in ("content.typo", "content.wording", "content.privacy")
    )


def test_a_third_night_stands_on_both(xuncha: Xuncha, site: LivingSite) -> None:
    xuncha(*words("first"))
    site.article(3, text="本通知已作修改，请以修改后的内容为准，原有安排不再执行。" * 5)
    xuncha(*words("second"))
    xuncha(*words("third"))
    assert findings_of(xuncha.folder / "third") == findings_of(xuncha.folder / "first")
    assert figures(xuncha.folder, "third")["unchanged"] == len(ARTICLES) + 2
    with Store(f"sqlite:///{xuncha.folder}/xuncha-data/xuncha.sqlite3", xuncha.folder / "xuncha-data") as store:
        oldest = min(store.inspections.all(), key=lambda record: record.started)
        with pytest.raises(RecordConflict), store.database.write() as connection:
            connection.exec_driver_sql(f"delete from inspections where id = '{oldest.id}'")
        with store.database.write() as connection:
            connection.exec_driver_sql("delete from inspections")


def test_another_alias_or_home_address_is_read_in_full(xuncha: Xuncha, site: LivingSite) -> None:
    """Which links are the site's own depends on both."""
    site.lists(range(1, 4))
    registries = (
        ("first", site.registry(), 0),
        ("alias", site.registry(more="aliases: ['www.jia.example'], "), 0),
        ("same", site.registry(more="aliases: ['www.jia.example'], "), 5),
        ("none", site.registry(), 0),
        ("home", site.registry(home=site.home.replace("127.0.0.1", "localhost")), 0),
    )
    for name, text, unchanged in registries:
        (xuncha.folder / "r.yaml").write_text(text, "utf-8")
        xuncha(*words(name))
        told = figures(xuncha.folder, name)
        assert (told["pages"], told["unchanged"]) == (5, unchanged), name


def test_a_changed_lexicon_has_everything_read_again(xuncha: Xuncha, site: LivingSite) -> None:
    site.article(3, text="本通知由云西县人民政府办公室负责解释，请各镇遵照执行，遇有问题及时反映。" * 3)
    xuncha(*words("first"))
    (xuncha.folder / "词库.csv").write_text("类型,错误写法,正确写法\n错别字,云西县,云溪县\n", "utf-8")
    xuncha("lexicon", "import", "词库.csv")
    xuncha(*words("second"))
    assert figures(xuncha.folder, "second")["unchanged"] == 0
    (found,) = [row for row in lines(xuncha.folder / "second/findings.jsonl") if row["check"] == "content.typo"]
    assert (found["observed"]["entry"], found["observed"]["correction"]) == ("云西县", "云溪县")
    assert found["state"] == "needs-review"
    xuncha(*words("third"))
    assert figures(xuncha.folder, "third")["unchanged"] == len(ARTICLES) + 2
    assert findings_of(xuncha.folder / "third") == findings_of(xuncha.folder / "second")


def test_a_site_that_changes_with_every_visit_is_not_asked_for_ever(xuncha: Xuncha, site: LivingSite) -> None:
    xuncha(*words("first"))
    for number in ARTICLES:
        site.article(
            number, text=f"访问量 {number} 次，本页面内容每次访问都会变化，各单位请以最新内容为准。" * 5, validator=""
        )
    site.asked()
    xuncha(*words("second"))
    articles = [path for method, path, status in site.asked() if path.startswith("/art/")]
    twice = [path for path in set(articles) if articles.count(path) > 1]
    assert figures(xuncha.folder, "second")["pages"] == len(ARTICLES) + 2
    # the home page had queued them all; after the sample (and what four connections had under way) nobody is asked
    assert 0 < len(twice) <= SAMPLE + 4 < len(ARTICLES)


def test_time_that_runs_out_while_asking_ends_the_visit(xuncha: Xuncha, site: LivingSite) -> None:
    xuncha(*words("first"))
    site.delay = 0.5
    (xuncha.folder / "xuncha.toml").write_text(f"max_hours = {3 / 3600}\n", "utf-8")
    xuncha(*words("second"), code=None)
    second = figures(xuncha.folder, "second")
    assert second["exit_reason"] == "时间上限"
    assert second["pages"] < len(ARTICLES)
    states = {row["check"]: row["state"] for row in lines(xuncha.folder / "second/results.jsonl")}
    assert states["update.column-stale"] == "undetermined"


def test_broken_off_and_resumed_it_finds_the_same(xuncha: Xuncha, site: LivingSite) -> None:
    xuncha(*words("first"))
    site.article(3, text="本通知已作修改，请以修改后的内容为准，原有安排不再执行。" * 5)
    site.delay = 0.1
    process = xuncha.started(*words("second"))
    _wait_until_kept(xuncha.folder / "xuncha-data/xuncha.sqlite3", 8)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    site.delay = 0.0
    xuncha(*words("second"), "--resume")
    xuncha(*words("full", kind="quarterly"))
    assert findings_of(xuncha.folder / "second") == findings_of(xuncha.folder / "full")
    assert _without_history(xuncha, "second") == _without_history(xuncha, "full")
    assert figures(xuncha.folder, "second")["pages"] == len(ARTICLES) + 2


def _wait_until_kept(database: Path, wanted: int) -> None:
    """Waits until so many pages are kept from the first night."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            count = connection.execute("select count(*) from kept_pages").fetchone()[0]
        connection.close()
        if count >= wanted:
            return
        time.sleep(0.02)
    raise AssertionError("nothing was kept in time")

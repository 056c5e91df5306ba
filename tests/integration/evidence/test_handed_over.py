"""What an inspection hands over stands in a dispute: every finding with its wire, sealed, and the run as an archive."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import docx
import pytest
from selectolax.lexbor import LexborHTMLParser
from warcio.archiveiterator import ArchiveIterator

from tests.integration.evidence.conftest import Handed

MANIFEST = "manifest-sha256.txt"


def _statements(handed: Handed, finding: dict[str, Any]) -> list[dict[str, Any]]:
    """The records of the visits that a finding's evidence pages name, in the order of time."""
    index = json.loads((handed.out / "evidence" / "index.json").read_text("utf-8"))
    pages = {path.removeprefix("evidence/") for path in finding["evidence"]}
    files = [entry["file"] for entry in index if entry["page"] in pages and entry["kind"] == "headers"]
    found = [json.loads((handed.out / "evidence" / file).read_text("utf-8")) for file in files]
    return sorted(found, key=lambda statement: str(statement["at"]))


@pytest.fixture
def copied(handed: Handed, tmp_path: Path) -> Path:
    """The outbox as somebody received it."""
    shutil.copytree(handed.out, tmp_path / "received")
    return tmp_path / "received"


def test_every_finding_leads_to_a_page_that_tells_it_again(handed: Handed) -> None:
    findings = handed.findings()
    assert len(findings) > 20
    for finding in findings:
        if finding["check"] in ("account.missing", "account.duplicate-platform"):
            continue  # the registry itself proves these
        assert finding["evidence"], finding
        for path in finding["evidence"]:
            page = LexborHTMLParser((handed.out / path).read_text("utf-8"))
            assert finding["message"][:60] in page.text(), (path, finding["message"])
            assert page.css("article.look")
            for node in page.css("main a[href], iframe, img"):
                target = node.attributes.get("href") or node.attributes.get("src") or ""
                assert target.startswith("http") or (handed.out / "evidence" / target).is_file(), target


def test_every_look_at_a_site_tells_its_wire(handed: Handed) -> None:
    findings = [row for row in handed.findings() if row["target_kind"] == "site"]
    kinds: Counter[str] = Counter()
    for finding in findings:
        for statement in _statements(handed, finding):
            wire = statement["exchange"]
            kinds[statement["capture"]] += 1
            assert statement["at"].endswith("+08:00")
            assert "Xuncha" in statement["client"]
            assert wire["address"].startswith("127.0.0."), statement
            assert "Xuncha" in dict(wire["sent"])["User-Agent"]
            if statement["capture"] == "failure":
                assert (statement["status"], wire["error"] != "", wire["words"] != "") == (None, True, True)
            else:
                assert statement["status"] >= 200
                assert dict(statement["headers"])["Content-Type"]
    assert kinds["response"] > 20
    assert kinds["failure"] >= 3


def test_a_dead_link_shows_both_looks(handed: Handed) -> None:
    dead = [row for row in handed.findings("link.broken") if row["observed"].get("status") == 404]
    assert dead
    for finding in dead:
        looks = [each for each in _statements(handed, finding) if each["url"] == finding["problem_url"]]
        assert [each["attempt"] for each in looks] == [1, 2]
        assert all(each["status"] == 404 for each in looks)
        second = dict(looks[1]["exchange"]["sent"])
        assert second["Referer"], "the second look comes from the page that bears the link"


def test_redirects_are_told_with_status_and_location(handed: Handed) -> None:
    hops = [
        hop
        for finding in handed.findings()
        if finding["target_kind"] == "site"
        for statement in _statements(handed, finding)
        for hop in statement["exchange"]["hops"]
    ]
    assert any(hop["status"] in (301, 302) and hop["location"] for hop in hops)
    assert all(hop["address"].startswith("127.0.0.") and hop["at"].endswith("+08:00") for hop in hops)


def test_a_site_that_refuses_is_proved_by_every_visit_and_the_canaries(handed: Handed) -> None:
    (finding,) = handed.findings("availability.unreachable")
    looks = _statements(handed, finding)
    assert [each["attempt"] for each in looks] == [1, 2, 3]
    for each in looks:
        assert each["exchange"]["error"]
        assert "拒绝连接；同时访问的对照网址" in each["exchange"]["note"]


def test_a_search_that_finds_nothing_is_proved_by_its_result_page(handed: Handed) -> None:
    found = [row for row in handed.findings("function.search") if row["problem_url"]]
    assert found
    looks = [each for each in _statements(handed, found[0]) if each["url"] == found[0]["url"]]
    assert looks
    assert "搜索中输入" in looks[0]["exchange"]["note"]


def test_the_outbox_is_intact_and_its_seal_is_registered(handed: Handed) -> None:
    answer = json.loads(handed.xuncha("verify", "out", "--json").stdout)
    assert answer["intact"]
    digest = hashlib.sha256((handed.out / MANIFEST).read_bytes()).hexdigest()
    assert answer["manifest_sha256"] == digest == handed.answer["manifest_sha256"]
    assert answer["noted"]["inspection"] == handed.inspection
    told = handed.xuncha("verify", "out", "--sha256", digest)
    assert "完好" in told.stdout


def test_whatever_is_touched_is_told_by_name(handed: Handed, copied: Path) -> None:
    bytes_file = next((copied / "evidence").glob("*.bin"))
    content = bytearray(bytes_file.read_bytes())
    content[len(content) // 2] ^= 1
    bytes_file.write_bytes(content)
    (copied / "report.html").unlink()
    (copied / "problems" / "多出的文件.xlsx").write_bytes(b"x")
    told = handed.xuncha("verify", str(copied), code=1).stdout
    assert f"已改动　evidence/{bytes_file.name}" in told
    assert "缺失　report.html" in told
    assert "多出　problems/多出的文件.xlsx" in told
    assert "完好" not in told


def test_a_new_manifest_over_a_changed_file_does_not_pass_for_the_old_one(handed: Handed, copied: Path) -> None:
    name = "report.html"
    (copied / name).write_bytes(b"<html>no problems at all</html>")
    digest = hashlib.sha256((copied / name).read_bytes()).hexdigest()
    lines = (copied / MANIFEST).read_text("utf-8").splitlines()
    forged = [f"{digest}  {name}" if line.endswith(f"  {name}") else line for line in lines]
    (copied / MANIFEST).write_text("\n".join(forged) + "\n", encoding="utf-8")
    told = handed.xuncha("verify", str(copied), "--sha256", handed.answer["manifest_sha256"], code=1).stdout
    assert "与给出的校验值不符" in told
    assert "没有该清单的导出登记" not in told
    assert json.loads(handed.xuncha("verify", str(copied), "--json").stdout)["noted"] is None


def test_a_folder_without_a_seal_is_incomplete(handed: Handed, copied: Path) -> None:
    (copied / MANIFEST).unlink()
    assert "未通过：没有清单文件" in handed.xuncha("verify", str(copied), code=1).stdout
    assert handed.xuncha("verify", str(copied / "nowhere"), code=2).stderr
    assert "64 位" in handed.xuncha("verify", str(copied), "--sha256", "abc", code=2).stderr


def test_exporting_again_gives_the_same_evidence_and_keeps_the_seal(handed: Handed) -> None:
    handed.xuncha("export", "--inspection", "latest", "--out", "again")
    handed.xuncha("export", "--inspection", handed.inspection, "--format", "html", "--out", "again")
    again = handed.xuncha.folder / "again"
    assert json.loads(handed.xuncha("verify", "again", "--json").stdout)["intact"]
    for path in (handed.out / "evidence").iterdir():
        assert (again / "evidence" / path.name).read_bytes() == path.read_bytes()
    assert (again / "report.html").read_bytes() == (handed.out / "report.html").read_bytes()
    assert {path.name for path in again.iterdir()} == {path.name for path in handed.out.iterdir()}


def test_an_outbox_takes_the_place_of_another_ones(handed: Handed) -> None:
    """Another inspection's outbox in the same folder: what it left is gone, and a note that somebody added stays."""
    folder = handed.xuncha.folder / "reused"
    shutil.copytree(handed.out, folder)
    run = json.loads((folder / "run.json").read_text("utf-8"))
    (folder / "run.json").write_text(json.dumps({**run, "id": "another"}), encoding="utf-8")
    stale = folder / "problems" / "已撤并单位.xlsx"
    stale.write_bytes(b"old")
    with (folder / MANIFEST).open("a", encoding="utf-8") as manifest:
        manifest.write(f"{hashlib.sha256(b'old').hexdigest()}  problems/{stale.name}\n")
    (folder / "批注.txt").write_text("留")
    handed.xuncha("export", "--inspection", "latest", "--out", "reused")
    assert not stale.exists()
    answer = json.loads(handed.xuncha("verify", "reused", "--json", code=1).stdout)
    assert (answer["changed"], answer["missing"], answer["added"]) == ([], [], ["批注.txt"])


def test_a_killed_export_is_incomplete_and_the_next_one_whole(handed: Handed) -> None:
    folder = handed.xuncha.folder / "killed"
    process = handed.xuncha.started("export", "--inspection", "latest", "--out", "killed")
    while process.poll() is None and not (folder / "evidence").is_dir():
        pass
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "it must be killed while it writes"
    told = handed.xuncha("verify", "killed", code=1).stdout
    assert "导出没有完成" in told
    handed.xuncha("export", "--inspection", "latest", "--out", "killed")
    answer = json.loads(handed.xuncha("verify", "killed", "--json", code=None).stdout)
    assert (answer["changed"], answer["missing"]) == ([], [])
    assert all(name.endswith(".partial") for name in answer["added"])


def test_archives_hold_the_bytes_of_the_run_and_say_what_is_not_there(handed: Handed) -> None:
    done = handed.xuncha("export", "--inspection", "latest", "--format", "warc", "--out", "warc", "--json")
    answer = json.loads(done.stdout)
    assert json.loads(handed.xuncha("verify", "warc", "--json").stdout)["intact"]
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    bodies: dict[str, bytes] = {}
    statuses: Counter[str] = Counter()
    for archive in answer["archives"]:
        with (handed.xuncha.folder / archive["file"]).open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                content = record.content_stream().read()
                kinds[archive["target"]][record.rec_type] += 1
                if record.rec_type == "response":
                    bodies[record.rec_headers.get_header("WARC-Target-URI")] = content
                    statuses[record.http_headers.get_statuscode()] += 1
                    assert record.rec_headers.get_header("WARC-IP-Address").startswith("127.0.0.")
                    assert record.http_headers.get_header("Content-Encoding") is None
        figures, seen = archive["figures"], kinds[archive["target"]]
        assert seen["warcinfo"] == 1
        assert (seen["response"], seen["revisit"]) == (figures["responses"] + figures["redirects"], figures["revisits"])
        assert seen["metadata"] == figures["failures"]
        assert seen["request"] == seen["response"] + seen["revisit"]
        assert (figures["lost"], archive["from_evidence"]) == (0, False)
    assert len(kinds) == 3
    assert statuses["200"] > 100
    assert statuses["302"]
    assert statuses["404"]
    index = json.loads((handed.out / "evidence" / "index.json").read_text("utf-8"))
    homes = [entry for entry in index if entry["kind"] == "html" and entry["url"] in kinds]
    assert homes
    for entry in homes:
        assert hashlib.sha256(bodies[entry["url"]]).hexdigest() == entry["sha256"]


def test_one_site_may_be_asked_for(handed: Handed) -> None:
    (finding,) = handed.findings("availability.unreachable")
    words = ("export", "--inspection", "latest", "--format", "warc", "--out", "one", "--target", finding["target"])
    told = handed.xuncha(*words).stdout
    (file,) = (handed.xuncha.folder / "one").glob("*.warc.gz")
    assert file.name in told
    assert "无应答 3" in told
    assert "校验值（SHA-256）" in told


def test_without_the_bodies_the_archive_holds_what_findings_rest_on_and_says_so(handed: Handed, tmp_path: Path) -> None:
    shutil.copytree(handed.xuncha.folder / "xuncha-data", tmp_path / "xuncha-data")
    for spool in (tmp_path / "xuncha-data" / "bodies").iterdir():
        spool.unlink()
    elsewhere = type(handed.xuncha)(tmp_path)
    told = elsewhere("export", "--inspection", "latest", "--format", "warc", "--out", "warc").stdout
    assert "只存入问题所依据的内容" in told
    assert "份原文已不在库中" in told
    answer = json.loads(
        elsewhere("export", "--inspection", "latest", "--format", "warc", "--out", "warc", "--json").stdout
    )
    assert all(archive["from_evidence"] for archive in answer["archives"])
    assert sum(archive["figures"]["responses"] for archive in answer["archives"]) > 5
    assert sum(archive["figures"]["lost"] for archive in answer["archives"]) > 100


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--inspection", "none"), "没有检查批次“none”，最近的有："),
        (
            ("--inspection", "latest", "--format", "docx9"),
            "未知的导出格式“docx9”，可用：json、xlsx、docx、html、csv、pdf、warc",
        ),
        (("--inspection", "latest", "--target", "http://x/"), "--target 只用于 --format warc"),
        (("--inspection", "latest", "--format", "warc", "--target", "http://x/"), "中没有网站“http://x/”"),
        (("--inspection", "latest", "--db", "sqlite:///nowhere.db"), "没有这个数据库"),
        (("--inspection", "latest", "--adoptions", "none.csv"), "文件 none.csv：不存在或无法读取"),
        (("--inspection", "latest", "--issued", "2026-13-01"), "不是有效的日期"),
    ],
)
def test_what_cannot_be_exported_is_refused_and_nothing_written(
    handed: Handed, words: tuple[str, ...], told: str
) -> None:
    done = handed.xuncha("export", *words, "--out", "refused", code=2)
    assert told in done.stderr
    assert not (handed.xuncha.folder / "refused").exists()
    assert not (handed.xuncha.folder / "nowhere.db").exists()


def test_papers_say_what_the_office_gave(handed: Handed) -> None:
    given = ("--issuer", "临江市人民政府办公室", "--issued", "2026-11-27", "--days", "10")
    handed.xuncha("export", "--inspection", "latest", "--format", "docx", "--out", "papers", *given)
    text = "".join(
        paragraph.text for paragraph in docx.Document(str(handed.xuncha.folder / "papers/circular.docx")).paragraphs
    )
    assert "临江市人民政府办公室" in text
    assert "2026年12月11日前（自本通知印发之日起 10 个工作日内）" in text
    assert "没有可供比较的此前同类检查记录" in text
    assert "完好" in handed.xuncha("verify", "papers").stdout


def test_a_template_with_a_fault_is_told_before_anything_is_visited(handed: Handed, tmp_path: Path) -> None:
    paper = docx.Document()
    paper.add_paragraph("{{ 没有的变量 }}")
    paper.save(str(tmp_path / "notice.docx"))
    (handed.xuncha.folder / "xuncha.toml").write_text(f'templates = "{tmp_path}"\n', "utf-8")
    try:
        done = handed.xuncha("export", "--inspection", "latest", "--out", "refused", code=2)
        assert f"模板 {tmp_path / 'notice.docx'}：没有“没有的变量”这个变量" in done.stderr
        assert not (handed.xuncha.folder / "refused").exists()
    finally:
        (handed.xuncha.folder / "xuncha.toml").unlink()


def test_damaged_bytes_are_told_and_leave_no_archive(handed: Handed, tmp_path: Path) -> None:
    shutil.copytree(handed.xuncha.folder / "xuncha-data", tmp_path / "xuncha-data")
    with sqlite3.connect(tmp_path / "xuncha-data" / "xuncha.sqlite3") as database:
        run, place = database.execute("SELECT run, place FROM captures ORDER BY length DESC LIMIT 1").fetchone()
    database.close()
    spool = tmp_path / "xuncha-data" / "bodies" / f"{run}.spool"
    content = bytearray(spool.read_bytes())
    content[place + 40 : place + 60] = bytes(20)
    spool.write_bytes(content)
    elsewhere = type(handed.xuncha)(tmp_path)
    done = elsewhere("export", "--inspection", "latest", "--format", "warc", "--out", "warc", code=2)
    assert "采集原文已损坏" in done.stderr
    assert not list((tmp_path / "warc").glob(f"*run{run}.warc.gz"))
    assert elsewhere("verify", "warc", code=1).stdout

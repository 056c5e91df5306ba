"""What several sites have in common is told once, and changes nothing in the units' own lists."""

from __future__ import annotations

from msgspec.structs import replace

from checks.model import CheckResult, Finding, StampedFinding, State, Subject, Target, fingerprint
from reports import html, terminal
from reports.problems import InspectionView, NamedTarget, RunFigures, unit_problems
from reports.sharing import shared_faults
from tests.unit.reports import sample

GONE = "http://old.example/liuyu/"


def _view(faults: dict[str, list[tuple[str, str, str]]], platforms: dict[str, str]) -> InspectionView:
    """Sites by unit code with (check, message, problem_url) each."""
    units, runs = [], []
    for code, found in faults.items():
        target = Target(code, f"http://www.{code}.example/", Subject.SITE)
        stamped = []
        for check, message, address in found:
            finding = Finding(target.address, message, problem_url=address, observed={"page_count": 4})
            stamped.append(StampedFinding(check, target, State.FAIL, finding, "", fingerprint(check, target, finding)))
        results = [CheckResult(one.check, target, State.FAIL, "", (one,)) for one in stamped]
        name = NamedTarget(target, f"{code}局网站")
        units.append(
            unit_problems(code, f"{code}局", [name], results, [], checks=sample.CHECKS, history={}, as_of=sample.AS_OF)
        )
        runs.append(RunFigures(target, name.name, 10, 10, 0, "完成", platform=platforms.get(code, "")))
    return replace(sample.view(), units=tuple(units), runs=tuple(runs))


def _label(code: str, pages: int) -> tuple[str, str, str]:
    return "function.page-labels", f"页面标签缺少 PubDate（抽查中有 {pages} 个页面相同），见{code}局网站", ""


def test_one_fault_of_three_sites_on_one_platform() -> None:
    view = _view({code: [_label(code, n)] for n, code in enumerate("abc", 2)}, dict.fromkeys("abc", "大汉"))
    (fault,) = shared_faults(view)
    assert (fault.check, fault.platform, fault.problem_url) == ("function.page-labels", "大汉", "")
    assert fault.sites == ("a局网站", "b局网站", "c局网站")
    assert fault.pages == 12


def test_sites_of_other_platforms_or_other_words_have_nothing_in_common() -> None:
    faults = {code: [_label(code, 2)] for code in "abc"}
    assert shared_faults(_view(faults, {"a": "大汉", "b": "大汉", "c": "TRS"})) == ()
    assert shared_faults(_view(faults, {})) == ()
    faults["c"] = [("function.page-labels", "页面标签缺少 SiteName", "")]
    assert shared_faults(_view(faults, dict.fromkeys("abc", "大汉"))) == ()


def test_one_dead_address_on_three_sites_whatever_their_platform() -> None:
    broken = [("link.broken", "链接“流域平台”两次访问均返回 404", GONE)]
    (fault,) = shared_faults(_view(dict.fromkeys("abc", broken), {}))
    assert (fault.problem_url, fault.platform, len(fault.sites)) == (GONE, "", 3)
    own = {code: [("link.broken", "均返回 404", f"http://www.{code}.example/x")] for code in "abc"}
    assert shared_faults(_view(own, dict.fromkeys("abc", "大汉"))) != ()


def test_two_sites_are_too_few() -> None:
    broken = [("link.broken", "链接“流域平台”两次访问均返回 404", GONE)]
    assert shared_faults(_view(dict.fromkeys("ab", broken), {})) == ()


def test_the_report_and_the_terminal_tell_it_once() -> None:
    broken = [("link.broken", "链接“流域平台”两次访问均返回 404", GONE)]
    view = _view(dict.fromkeys("abc", broken), {})
    page = html.render(view)
    assert page.count("同一平台共性问题") >= 1
    assert "3 个网站、12 个页面：a局网站、b局网站、c局网站" in page
    lines = [line.plain for line in terminal.shared_lines(view)]
    assert lines[0] == "同一平台共性问题："
    assert GONE in lines[1] and "3 个网站、12 个页面" in lines[1]
    assert all(len(unit.problems) == 1 for unit in view.units)


def test_an_inspection_without_any_says_nothing() -> None:
    view = _view({"a": [_label("a", 2)]}, {"a": "大汉"})
    assert "同一平台共性问题" not in html.render(view)
    assert terminal.shared_lines(view) == ()

"""Settings: where they come from, what is refused, and that each is documented."""

from pathlib import Path

import pytest

from console.errors import BadUsage
from console.exporting import papers_of
from console.settings import BadConfiguration, Settings, settings


def test_environment_stands_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "x.toml"
    config.write_text('contact = "https://office.example/"\nmax_pages = 7\n', "utf-8")
    monkeypatch.setenv("XUNCHA_CONFIG", str(config))
    monkeypatch.setenv("XUNCHA_MAX_PAGES", "9")
    assert (settings().contact, settings().max_pages) == ("https://office.example/", 9)


@pytest.mark.parametrize("text", ["max_pages = 'many'", "unknown = 1", "contact = ["])
def test_a_bad_file_is_refused_with_its_name(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "x.toml"
    config.write_text(text, "utf-8")
    monkeypatch.setenv("XUNCHA_CONFIG", str(config))
    with pytest.raises(BadConfiguration, match=r"x\.toml"):
        settings()


def test_a_file_that_holds_no_certificate_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings().roots_path == ""
    (tmp_path / "roots.pem").write_text("-----BEGIN NOTHING-----\n", "utf-8")
    for name in ("roots.pem", "none.pem"):
        monkeypatch.setenv("XUNCHA_TRUSTED_ROOTS", str(tmp_path / name))
        with pytest.raises(BadConfiguration, match="trusted_roots"):
            _ = settings().roots_path


def test_every_setting_is_documented() -> None:
    text = Path("docs/configuration.md").read_text("utf-8")
    assert [key for key in Settings.model_fields if f"`{key}`" not in text] == []


def test_papers_take_the_settings_and_the_command_stands_over_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUNCHA_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.setenv("XUNCHA_ISSUER", "临江市人民政府办公室")
    monkeypatch.setenv("XUNCHA_RECTIFY_DAYS", "10")
    monkeypatch.setenv("XUNCHA_TEMPLATES", str(tmp_path))
    papers = papers_of()
    assert (papers.issuer, papers.days, papers.templates) == ("临江市人民政府办公室", 10, tmp_path)
    papers = papers_of(issuer="云溪县人民政府办公室", days=0)
    assert (papers.issuer, papers.days) == ("云溪县人民政府办公室", 0)
    monkeypatch.setenv("XUNCHA_TEMPLATES", str(tmp_path / "nowhere"))
    with pytest.raises(BadUsage, match="模板文件夹不存在"):
        papers_of()

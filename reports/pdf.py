"""PDF of what is written: documents and workbooks through LibreOffice, the page through Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from reports.errors import NoPrinter

OFFICES = ("soffice", "libreoffice", "lowriter")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_START, _EACH = 90, 30
"""Seconds that a program may take to start, and for each file."""


def office() -> str:
    """LibreOffice's program; "" where there is none."""
    return next((path for name in OFFICES if (path := shutil.which(name))), "")


def browser() -> str:
    """Chromium's program; "" where there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), "")


def require() -> None:
    """Raises NoPrinter where neither is there, before anything is written."""
    if not office() and not browser():
        raise NoPrinter(
            "本机没有 LibreOffice，也没有 Chromium，不能生成 PDF。请安装其中之一"
            "（公文需 LibreOffice，含 Writer 和 Calc 组件），或导出 docx、xlsx 后用办公软件另存为 PDF。"
        )


def of_documents(files: Sequence[Path], folder: Path) -> tuple[Path, ...]:
    """PDF of DOCX and XLSX files into `folder`, by the same stem. Raises NoPrinter with the file that failed."""
    if not files:
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        _run(
            [
                office(),
                f"-env:UserInstallation={Path(profile).as_uri()}",
                *("--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(folder)),
                *(str(file) for file in files),
            ],
            _START + _EACH * len(files),
            "LibreOffice",
        )
    made = tuple(folder / f"{file.stem}.pdf" for file in files)
    for file, pdf in zip(files, made, strict=True):
        if not pdf.is_file():
            part = "Writer" if file.suffix == ".docx" else "Calc"
            raise NoPrinter(f"LibreOffice 未能把 {file.name} 转为 PDF；请确认已安装其 {part} 组件")
    return made


def of_page(page: Path, pdf: Path) -> None:
    """PDF of one of our own pages, which has no script. Raises NoPrinter."""
    own = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium has no sandbox for root
    with tempfile.TemporaryDirectory() as profile:
        _run(
            [
                browser(),
                *("--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer", *own),
                *(f"--user-data-dir={profile}", f"--print-to-pdf={pdf.absolute()}", page.absolute().as_uri()),
            ],
            _START,
            "Chromium",
        )
    if not pdf.is_file():
        raise NoPrinter(f"Chromium 未能把 {page.name} 转为 PDF")


def _run(command: list[str], seconds: float, program: str) -> None:
    """Runs it to its end, or ends it with all that it started."""
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    except OSError as error:
        raise NoPrinter(f"{program} 不能运行：{error}") from error
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise NoPrinter(f"{program} 在 {seconds:.0f} 秒内没有完成转换") from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

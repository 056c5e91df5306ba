"""The folder of the office's lexicon files: a file comes in whole, checked against those there, or not at all."""

from __future__ import annotations

from pathlib import Path

from crawler.words.entry import Entry
from crawler.words.errors import WordbookErrors, WordbookProblem
from crawler.words.files import read
from crawler.words.wordbook import office_files


def bring_in(source: Path, folder: Path, *, replace: bool) -> tuple[Entry, ...]:
    """Copies a lexicon file into the folder; its entries.

    Raises WordbookErrors where the file has a fault, or where a file of that name is there and is not to be replaced;
    the folder is then as it was.
    """
    entries = read(source)
    target = folder / source.name
    if not entries:
        raise WordbookErrors([WordbookProblem(source.name, 0, "", "只有表头，没有词条")])
    if target.exists() and not replace:
        reason = f"词库文件夹中已有同名文件（{target}）；要替换请加 --replace"
        raise WordbookErrors([WordbookProblem(source.name, 0, "", reason)])
    if problems := _twice(source, entries, folder):
        raise WordbookErrors(problems)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f".{source.name}"
        fresh.write_bytes(source.read_bytes())
        fresh.replace(target)
    except OSError as error:
        raise WordbookErrors([WordbookProblem(source.name, 0, "", f"无法写入词库文件夹 {folder}")]) from error
    return entries


def _twice(source: Path, entries: tuple[Entry, ...], folder: Path) -> list[WordbookProblem]:
    """Forms that another file of the folder lists too: one of the two would silently rule."""
    problems = []
    for path in office_files(folder):
        if path.name == source.name:
            continue
        there = {entry.wrong for entry in read(path)}
        twice = [entry.wrong for entry in entries if entry.wrong in there]
        problems += [WordbookProblem(source.name, 0, "错误写法", f"“{word}”在 {path.name} 中已有") for word in twice]
    return problems

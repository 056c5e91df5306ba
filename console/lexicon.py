"""`xuncha lexicon`: the office's own words, brought in whole or refused with every fault, and tried on a text."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.text import Text

from console.errors import BadUsage
from console.output import say_json
from console.settings import settings
from crawler.facts.texts import TextHit, TextKind
from crawler.read.charset import decode
from crawler.words.entry import Entry
from crawler.words.files import read
from crawler.words.folder import bring_in
from crawler.words.wordbook import Spared, Wordbook, office_files, wordbook

_KINDS = {TextKind.TYPO: "错别字", TextKind.WORDING: "表述", TextKind.PRIVACY: "个人隐私", None: "放行"}
_RULES = {"identity-number": "居民身份证号码", "bank-card": "银行卡号", "mobile": "个人手机号码"}
_LONGEST = 5_000_000


def import_file(file: Path, *, replace: bool) -> None:
    """Brings a lexicon file into force; a refusal is raised by the reader and nothing is changed."""
    folder = settings().lexicon_folder
    entries = bring_in(file, folder, replace=replace)
    Console().print(f"已导入词库“{file.name}”：{_counted(entries)}。词库文件夹：{folder}", soft_wrap=True)


def validate(file: Path | None) -> None:
    """Says what a lexicon file holds, or what all lexicons in force hold; a refusal is raised by the reader."""
    if file is not None:
        Console().print(f"词库文件可以使用：{_counted(read(file))}。", soft_wrap=True)
        return
    folder = settings().lexicon_folder
    book = wordbook(folder)
    named = "、".join(path.name for path in office_files(folder)) or "无"
    Console().print(f"词库可以使用：共 {len(book.entries)} 条，本单位词库文件：{named}（{folder}）", soft_wrap=True)


def try_text(text: str, file: Path | None, lexicon: Path | None, *, json_output: bool) -> None:
    """Shows what the lexicons find in a sentence or a file, and what they let through and why.

    `lexicon` is tried alone, without what is in force.
    """
    if (not text) == (file is None):
        raise BadUsage("请给出一句话，或用 --file 给出一个文件，二者择一")
    if file is not None:
        text = _content(file)
    book = Wordbook(read(lexicon), "") if lexicon is not None else wordbook(settings().lexicon_folder)
    hits, spared = book.examine(text)
    if json_output:
        say_json({"hits": [_told(hit) for hit in hits], "spared": [_let_through(one) for one in spared]})
    else:
        _show(hits, spared)


def _content(file: Path) -> str:
    try:
        content = file.read_bytes()[:_LONGEST]
    except OSError as error:
        raise BadUsage(f"文件 {file} 不存在或无法读取") from error
    return decode(content, "").text


def _counted(entries: tuple[Entry, ...]) -> str:
    counts = Counter(_KINDS[entry.kind] for entry in entries)
    return f"{len(entries)} 条（{'、'.join(f'{kind} {count}' for kind, count in counts.items())}）"


def _show(hits: tuple[TextHit, ...], spared: tuple[Spared, ...]) -> None:
    console = Console()
    if not hits:
        console.print("未命中。")
    for hit in hits:
        name = _RULES.get(hit.entry, hit.entry)
        should = f" → {hit.correction}" if hit.correction else ""
        since = f"，自 {hit.since.isoformat()} 起" if hit.since else ""
        console.print(Text(f"命中 [{_KINDS[hit.kind]}] {name}{should}{since}"), soft_wrap=True)
        console.print(_marked(hit.sentence, hit.offset, hit.length), soft_wrap=True)
        for label, words in (("依据", hit.source), ("说明", hit.note)):
            if words:
                console.print(Text(f"  {label}：{words}"), soft_wrap=True)
    for one in spared:
        console.print(Text(f"放行 {one.entry.wrong}：{one.reason}"), soft_wrap=True)
        console.print(_marked(one.sentence, one.offset, len(one.entry.wrong)), soft_wrap=True)


def _marked(sentence: str, offset: int, length: int) -> Text:
    text = Text(f"  {sentence[:offset]}【{sentence[offset : offset + length]}】{sentence[offset + length :]}")
    text.stylize("bold red", offset + 2, offset + length + 4)
    return text


def _told(hit: TextHit) -> dict[str, object]:
    return {
        "kind": hit.kind.value,
        "entry": hit.entry,
        "correction": hit.correction,
        "sentence": hit.sentence,
        "offset": hit.offset,
        "length": hit.length,
        "count": hit.count,
        "since": hit.since.isoformat() if hit.since else None,
        "source": hit.source,
        "note": hit.note,
    }


def _let_through(one: Spared) -> dict[str, object]:
    return {"entry": one.entry.wrong, "reason": one.reason, "sentence": one.sentence, "offset": one.offset}

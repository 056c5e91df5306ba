"""Word documents from templates: the office's own file of that name, or ours.

Templates are docxtpl's: `{{ 单位 }}`, `{%p for 类 in 类别 %}`, `{%tr for 项 in 类.问题 %}`, and `{{p 附件正文 }}`
where the annexes belong. One that asks for what there is not is refused with its name and the variable's.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup

from crawler.facts import BEIJING
from reports import word_tables
from reports.errors import TemplateRefused
from reports.tables import Annex
from reports.wording import printable

ANNEXES = "附件正文"
"""The variable that stands where the annexes belong."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NAMED = re.compile(r"'([^']+)' is undefined|has no attribute '([^']+)'")


class Template:
    """One template, opened once and rendered as often as wanted."""

    def __init__(self, name: str, folder: Path | None) -> None:
        """Raises TemplateRefused where the office's file cannot be read."""
        own = folder / name if folder else None
        self.is_own = bool(own and own.is_file())
        self.label = str(own) if self.is_own else name
        self._environment = _Sandbox()
        try:
            self._data = (
                own.read_bytes() if own and self.is_own else files("reports").joinpath(f"templates/{name}").read_bytes()
            )
            self._names = DocxTemplate(io.BytesIO(self._data)).get_undeclared_template_variables(self._environment)
        except OSError as error:
            raise TemplateRefused(f"模板 {self.label}：无法读取") from error
        except TemplateError as error:
            raise TemplateRefused(f"模板 {self.label}：标记有误（{error.message}）") from error
        except Exception as error:  # a file that is no DOCX makes zipfile, python-docx and lxml raise what they please
            raise TemplateRefused(f"模板 {self.label}：不是可读取的 DOCX 文件，请用 Word 另存为 .docx") from error

    def render(
        self, context: Mapping[str, Any], path: Path, *, title: str, made: datetime, annexes: Sequence[Annex] = ()
    ) -> None:
        """Write the document. `made` stands as the time of creation, so that equal content gives equal bytes.

        Raises TemplateRefused with the file and the variable, OSError where the disk refuses.
        """
        document = DocxTemplate(io.BytesIO(self._data))
        document.init_docx()
        whole = {**context, ANNEXES: ""}
        unknown = sorted(self._names - whole.keys())
        if unknown:
            raise self._unknown(unknown[0], whole)
        last = None
        if ANNEXES in self._names and annexes:
            body = document.docx.sections[-1]
            built = word_tables.body(annexes, document.docx.styles, body, document.docx.part)
            whole[ANNEXES], last = Markup(built.xml), built.wide
        try:
            document.render(whole, self._environment, autoescape=True)
        except UndefinedError as error:
            found = _NAMED.search(error.message or "")
            raise self._unknown(
                next(filter(None, found.groups()), "") if found else error.message or "", whole
            ) from error
        except TemplateError as error:
            raise TemplateRefused(f"模板 {self.label}：标记有误（{error.message}）") from error
        except (etree.XMLSyntaxError, TypeError, ValueError) as error:
            raise TemplateRefused(f"模板 {self.label}：标记的位置或写法有误，生成的文档不完整（{error}）") from error
        if last is not None:
            word_tables.turn(document.docx.sections[-1], wide=last)
        properties = document.docx.core_properties
        at = made.astimezone(BEIJING).replace(tzinfo=None, microsecond=0)
        properties.title, properties.author, properties.last_modified_by = printable(title)[:200], "巡查", "巡查"
        properties.created, properties.modified, properties.revision = at, at, 1
        buffer = io.BytesIO()
        document.docx.save(buffer)
        path.write_bytes(repacked(buffer.getvalue()))

    def _unknown(self, name: str, known: Mapping[str, Any]) -> TemplateRefused:
        names = "、".join(sorted(known))
        return TemplateRefused(f"模板 {self.label}：没有“{name}”这个变量；可用的有：{names}")


def repacked(data: bytes) -> bytes:
    """The same package with no times in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            entry = zipfile.ZipInfo(item.filename, _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            new.writestr(entry, old.read(item.filename))
    return out.getvalue()


class _Sandbox(SandboxedEnvironment):
    """The office's templates run in a sandbox; whatever a page says is made printable, then escaped.

    A text is compiled once, however many documents are made of it.
    """

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=_finalized)
        self._compiled: dict[str, Any] = {}

    def from_string(self, source: Any, *more: Any, **named: Any) -> Any:
        """The compiled template, as jinja's."""
        if source not in self._compiled:
            self._compiled[source] = super().from_string(source, *more, **named)
        return self._compiled[source]


def _finalized(value: Any) -> Any:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value

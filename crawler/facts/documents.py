"""What a page tells as a policy document (政策文件), and what it shows of the documents it belongs with (解读)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct


class Told(Struct, frozen=True):
    """A value as the page gives it, and the words it was read from."""

    value: str
    quote: str


class ToldDay(Struct, frozen=True):
    """A day as the page gives it, and the words it was read from."""

    value: date
    quote: str


class Validity(StrEnum):
    """What is said of whether a document holds (有效性). `STATED` is a term in the text: 有效期五年."""

    VALID = "valid"
    AMENDED = "amended"
    REPEALED = "repealed"
    LAPSED = "lapsed"
    STATED = "stated"
    OTHER = "other"


class IssuerSource(StrEnum):
    """Where the issuer of a document was read, the most telling first."""

    TITLE = "title"
    LABEL = "label"
    SIGNATURE = "signature"
    PUBLISHER = "publisher"


class DocumentFact(Struct, frozen=True):
    """The elements (要素) of one document as its page gives them; None where the page does not.

    `number` 文号 (also "无" where the page says that there is none), `issuer` 发文机关, `written` 成文日期, `published`
    发布日期 as a table names it, `validity` the mark with its class, `index` 索引号, `subject` 主题分类.
    `issuer_source` tells how far the issuer may be believed: 发布机构 may be the office that put it on the site.
    `unfilled` are labels that stand there without a value on a page whose scripts may fill them.
    """

    number: Told | None = None
    issuer: Told | None = None
    issuer_source: IssuerSource | None = None
    written: ToldDay | None = None
    published: ToldDay | None = None
    validity: Validity | None = None
    validity_mark: Told | None = None
    index: Told | None = None
    subject: Told | None = None
    unfilled: tuple[str, ...] = ()


class Medium(StrEnum):
    """What a text shows beside its words."""

    PICTURE = "picture"
    TABLE = "table"
    CHART = "chart"
    VIDEO = "video"
    AUDIO = "audio"
    ATTACHMENT = "attachment"
    QUESTIONS = "questions"
    INTERVIEW = "interview"

    @property
    def label(self) -> str:
        """The medium in Chinese."""
        return _LABELS[self]


_LABELS = {
    Medium.PICTURE: "图片图解",
    Medium.TABLE: "表格",
    Medium.CHART: "图表",
    Medium.VIDEO: "视频",
    Medium.AUDIO: "音频",
    Medium.ATTACHMENT: "附件",
    Medium.QUESTIONS: "问答",
    Medium.INTERVIEW: "访谈",
}


class Related(Struct, frozen=True):
    """A link from a text to what it belongs with: the words a reader sees and the absolute address."""

    text: str
    url: str


class PolicyText(Struct, frozen=True):
    """What a document or an interpretation shows of its fellows: links, 《names》 in it, media in its body.

    `unfilled` are the words over a place for related links (相关解读) that is empty and that a script may fill.
    """

    related: tuple[Related, ...] = ()
    named: tuple[str, ...] = ()
    media: tuple[Medium, ...] = ()
    unfilled: str = ""

"""互动交流 as facts: what citizens wrote and were answered, and what was put to the public. None is named."""

from __future__ import annotations

from datetime import date

from msgspec import Struct


class MessageFact(Struct, frozen=True):
    """One public message (留言): when it was asked and answered, and both texts.

    `asked` and `answered` are None where the page does not tell them. `is_answered` is None where nothing tells
    whether there is an answer: no answer is shown, and no word says that there is none. `state` is the state in the
    page's words (办理中, 已回复); `is_valid` is False where it says 不予受理 or the like. `column` is the address of
    the column that lists it. Numbers and names of persons are masked in all texts.
    """

    url: str
    title: str
    column: str = ""
    asked: date | None = None
    answered: date | None = None
    question: str = ""
    reply: str = ""
    body: str = ""
    state: str = ""
    is_answered: bool | None = None
    is_valid: bool = True


class ConsultationFact(Struct, frozen=True):
    """One consultation (征集调查): from when to when it runs, and what its page says of the result.

    `result` quotes the words under which the page itself gives the result, "" where it gives none; `result_day` is
    the day that stands with it. `links` are the words of links on the page that may lead to the result.
    """

    url: str
    title: str
    column: str = ""
    start: date | None = None
    end: date | None = None
    result: str = ""
    result_day: date | None = None
    links: tuple[str, ...] = ()


class ParticipationFacts(Struct, frozen=True):
    """What was read of a site's 互动交流, from a bounded number of pages.

    `messages_unread` and `consultations_unread` say in Chinese why there may be more than was read, "" where there is
    not. `statistics` quotes figures of messages received and answered where a board's own page shows them.
    """

    messages: tuple[MessageFact, ...] = ()
    messages_unread: str = ""
    consultations: tuple[ConsultationFact, ...] = ()
    consultations_unread: str = ""
    statistics: str = ""

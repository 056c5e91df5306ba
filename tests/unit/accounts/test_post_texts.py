"""What the lexicons find in posts: each post read once, deleted ones left out."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from crawler.accounts.post_texts import post_texts, text_of_post
from crawler.facts import BEIJING, AccountFetch, AccountOutcome, PostFact
from crawler.facts.accounts import AccountLink
from crawler.facts.texts import TextKind
from crawler.words.wordbook import built_in

AT = datetime(2026, 11, 18, 9, tzinfo=BEIJING)
TYPO = PostFact("a", AT, "春节活动", "https://weibo.example/a", "门上贴了一付对联。")
CLEAN = PostFact("b", AT, "门上贴了一副对联。", "https://weibo.example/b", "门上贴了一副对联。")


def _fetch(*posts: PostFact, outcome: AccountOutcome = AccountOutcome.FETCHED) -> AccountFetch:
    return AccountFetch("weibo-mobile", AT, AT, AT, outcome, posts=posts)


def test_each_post_is_told_of_with_its_hits_or_without() -> None:
    typo, clean = post_texts([_fetch(TYPO, CLEAN), _fetch(TYPO)], built_in())
    assert (typo.post_id, typo.url, typo.title) == ("a", "https://weibo.example/a", "春节活动")
    assert [(hit.kind, hit.entry, hit.correction) for hit in typo.hits] == [(TextKind.TYPO, "一付对联", "一副对联")]
    assert typo.hits[0].sentence == "门上贴了一付对联。"
    assert clean.hits == ()


def test_what_is_gone_failed_or_empty_was_not_read() -> None:
    assert post_texts([_fetch(replace(TYPO, deleted=True))], built_in()) == ()
    assert post_texts([_fetch(TYPO, outcome=AccountOutcome.STALE_DATA)], built_in()) == ()
    assert post_texts([_fetch(replace(TYPO, title="", text=""))], built_in()) == ()


def test_a_title_that_the_text_repeats_is_read_once() -> None:
    assert text_of_post(CLEAN) == "门上贴了一副对联。"
    assert text_of_post(replace(TYPO, title="门上贴了一付…")) == "门上贴了一付对联。"
    assert text_of_post(TYPO) == "春节活动\n门上贴了一付对联。"


def test_an_opened_article_is_read_where_its_source_gave_a_title_alone() -> None:
    bare = replace(TYPO, url="https://mp.weixin.qq.com/s/a?from=x", text="")
    link = AccountLink("文章", bare.title, "https://mp.weixin.qq.com/s/a", "good", text=TYPO.text)
    assert post_texts([_fetch(bare)], built_in())[0].hits == ()
    (read,) = post_texts([_fetch(bare)], built_in(), [link])
    assert [hit.entry for hit in read.hits] == ["一付对联"]

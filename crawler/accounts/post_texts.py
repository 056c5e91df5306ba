"""What the lexicons find in the posts of an account: the wordbook's hits in title and text, one post once."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from crawler.accounts.article import normal
from crawler.facts import AccountFetch, AccountOutcome, PostFact
from crawler.facts.accounts import AccountLink, PostText
from crawler.words.wordbook import Wordbook


def post_texts(
    fetches: Iterable[AccountFetch], words: Wordbook, links: Iterable[AccountLink] = ()
) -> tuple[PostText, ...]:
    """One PostText for each live post of the sources that succeeded, with or without hits: it says what was read.

    Of a post whose article was opened (`links`) the article's text is read where it is the longer one.
    """
    opened = {link.url: link.text for link in links if link.text}
    read: dict[tuple[str, str], PostText] = {}
    for fetch in fetches:
        if fetch.outcome is not AccountOutcome.FETCHED:
            continue
        for post in fetch.posts:
            text = text_of_post(replace(post, text=max(post.text, opened.get(normal(post.url), ""), key=len)))
            if text and not post.deleted:
                read.setdefault(
                    (fetch.source, post.post_id), PostText(post.post_id, post.url, post.title, words.hits(text))
                )
    return tuple(read.values())


def text_of_post(post: PostFact) -> str:
    """Title and text as lines; a title that the text repeats stands once."""
    body, title = post.text.strip(), post.title.strip()
    if "".join(title.rstrip("….").split()) in "".join(body.split()):
        return body
    return "\n".join(filter(None, (title, body)))

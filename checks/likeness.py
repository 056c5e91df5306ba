"""How alike two titles are: by the pairs of characters they share, which needs no word list and knows no grammar."""

from __future__ import annotations


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text; the text itself where it is one character."""
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset((text,) if text else ())


def likeness(one: str, other: str) -> float:
    """The share of the shorter text's pairs that stand in the other: 1 where it holds it whole, 0 where none do."""
    few, many = sorted((pairs(one), pairs(other)), key=len)
    return len(few & many) / len(few) if few else 0.0

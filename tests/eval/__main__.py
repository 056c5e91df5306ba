"""`make eval`: every table of the evaluation on the labelled corpus that XUNCHA_CORPUS names, in one run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.eval import charset, dates, kinds, lists, soft404, words
from tests.eval.table import Table

MEASURES: Sequence[Callable[[Path], Table | words.WordsTable]] = (
    *dates.MEASURES,
    *charset.MEASURES,
    lists.measure,
    lists.measure_makes,
    kinds.measure,
    soft404.measure,
    words.measure,
)
"""One function a topic: the corpus folder in, the table out."""


def main() -> int:
    """Prints all tables; 2 where there is no corpus."""
    corpus = os.environ.get("XUNCHA_CORPUS", "")
    if not corpus or not Path(corpus).is_dir():
        print("XUNCHA_CORPUS 未指向语料目录，无法评测", file=sys.stderr)
        return 2
    for measure in MEASURES:
        print(measure(Path(corpus)).render(), end="\n\n", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

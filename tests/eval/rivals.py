"""The rivals of the evaluation behind one face each; installed by `make eval` (dependency group `eval`), nowhere else."""

from __future__ import annotations

import importlib.util
import logging
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import chardet
import charset_normalizer
import trafilatura
from gne import GeneralNewsExtractor
from htmldate import find_date

from crawler.facts.texts import TextKind
from crawler.words.wordbook import built_in
from tests.eval.dates import Reader
from tests.eval.words import Span, Speller

_DAY = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})")


def date_readers() -> Mapping[str, Reader]:
    """The readers of publication dates, each at its best settings."""
    for name in ("htmldate", "trafilatura", "GNE"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    warnings.simplefilter("ignore")
    return {"htmldate": _htmldate, "trafilatura": _trafilatura, "GNE": _gne}


def _htmldate(text: str, url: str) -> date | None:
    return _day(find_date(text, url=url or None, original_date=True) or "")


def _trafilatura(text: str, url: str) -> date | None:
    found = trafilatura.extract_metadata(text, default_url=url or None)
    return _day((found.date if found else "") or "")


def _gne(text: str, url: str) -> date | None:
    del url
    try:
        found = GeneralNewsExtractor().extract(text, with_body_html=False)
    except Exception:  # GNE raises whatever its parser raises; that is no answer
        return None
    return _day(found["publish_time"] or "")


def _day(told: str) -> date | None:
    found = _DAY.search(told)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def charset_readers() -> Mapping[str, Callable[[bytes], str]]:
    """The charset detectors: bytes in, a codec's name out ("" where they tell none)."""
    return {"charset-normalizer": _normalizer, "chardet": _chardet}


def _normalizer(body: bytes) -> str:
    best = charset_normalizer.from_bytes(body).best()
    return best.encoding if best else ""


def _chardet(body: bytes) -> str:
    return chardet.detect(body)["encoding"] or ""


def confusion_spellers(corpus: Path) -> Mapping[str, Speller]:
    """Pycorrector's confusion mode with its own list and with ours.

    Its package as a whole needs torch, this mode does not: the module is loaded by itself.
    """
    place = distribution("pycorrector").locate_file("pycorrector/confusion_corrector.py")
    spec = importlib.util.spec_from_file_location("pycorrector_confusion", str(place))
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("pycorrector")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    pairs = {entry.wrong: entry.right for entry in built_in().entries if entry.kind is TextKind.TYPO}
    listed = corpus / "typos/pycorrector/custom_confusion.txt"
    return {
        "pycorrector, its list": _speller(module.ConfusionCorrector(str(listed))),
        "pycorrector, our list": _speller(module.ConfusionCorrector(pairs)),
    }


def _speller(corrector: Any) -> Speller:
    def spell(sentence: str) -> Sequence[Span]:
        return [(at, at + len(wrong)) for wrong, _, at in corrector.correct(sentence)["errors"]]

    return spell

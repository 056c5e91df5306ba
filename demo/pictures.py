"""Draws the city's pictures itself: landscapes, portraits and badges, so that nobody else's work is in them."""

from __future__ import annotations

import math
import random
import struct
import zlib
from collections.abc import Iterable
from functools import cache

from demo.rendering import rendered

_SKIES = [((214, 232, 245), (250, 244, 230)), ((250, 222, 196), (252, 244, 228)), ((198, 226, 224), (242, 248, 240))]
_HILLS = [((150, 180, 190), (96, 140, 132), (52, 96, 84)), ((196, 150, 120), (150, 104, 86), (96, 66, 60))]


Colour = tuple[int, int, int]


def _png(width: int, height: int, rows: Iterable[bytes], palette: Iterable[Colour] = ()) -> bytes:
    """A PNG of RGB rows, or of rows of palette numbers where a palette is given."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    colours = b"".join(bytes(colour) for colour in palette)
    head = struct.pack(">IIBBBBB", width, height, 8, 3 if colours else 2, 0, 0, 0)
    table = chunk(b"PLTE", colours) if colours else b""
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + table + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@cache
def landscape(index: int, width: int = 560, height: int = 340) -> bytes:
    """A PNG of hills over a river under a morning sky; `index` picks the colours and the lines.

    The picture is drawn column by column, each a run of sky and hills, and then turned.
    """
    rng = random.Random(index)
    top, low = _SKIES[index % len(_SKIES)]
    shore = int(height * 0.86)
    sky = [_between(top, low, min(1.0, 2 * y / height)) for y in range(0, shore, 2)]
    first = len(sky)
    palette = [*sky, *_HILLS[index % len(_HILLS)], (176, 204, 208), (206, 224, 228)]
    heaven = bytes(y // 2 for y in range(shore))
    lines = [(rng.uniform(0, 6), rng.uniform(24, 46)) for _ in range(3)]
    columns = []
    for x in range(width):
        column = bytearray(heaven)
        for layer, (phase, swing) in enumerate(lines):
            wave = math.sin(x / (84 - 16 * layer) + phase) + 0.4 * math.sin(x / 31 + phase * 2)
            ridge = min(shore, int(height * (0.42 + 0.13 * layer) - swing * wave))
            column[ridge:] = bytes([first + layer]) * (shore - ridge)
        water = bytes(first + (4 if (y * 7 + x // 9) % 11 == 0 else 3) for y in range(shore, height))
        columns.append(bytes(column) + water)
    return _png(width, height, (bytes(row) for row in zip(*columns, strict=True)), palette)


def _between(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (int(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


@cache
def portrait(index: int, width: int = 150, height: int = 200) -> bytes:
    """A PNG of a person in outline before a plain ground, in place of a photograph."""
    ground = [(206, 218, 232), (214, 222, 216), (226, 218, 208), (214, 210, 226)][index % 4]
    suit, skin, hair = (52, 62, 84), (228, 196, 172), (48, 44, 44)
    centre, face = width / 2, height * 0.4
    rows = []
    for y in range(height):
        row = bytearray()
        for x in range(width):
            dx, dy = (x - centre) / 30, (y - face) / 38
            shoulder = height * 0.78 - 24 * math.cos(min(1.5, abs(x - centre) / 58))
            if dx * dx + dy * dy < 1:
                row += bytes(hair if dy < -0.45 else skin)
            elif y > shoulder + 12:
                row += b"\xf4\xf4\xf4" if abs(x - centre) < (height - y) * 0.16 else bytes(suit)
            elif abs(x - centre) < 12 and y > face:
                row += bytes(skin)
            else:
                row += bytes(ground)
        rows.append(bytes(row))
    return _png(width, height, rows)


@cache
def chart() -> bytes:
    """A PNG of coloured bars, as an annual report's 图解 shows them."""
    width, height = 480, 260
    colours = [(44, 108, 176), (90, 158, 120), (212, 158, 72), (176, 84, 84), (112, 100, 168)]
    heights = [170, 132, 204, 96, 150]
    rows = []
    for y in range(height):
        row = bytearray()
        for x in range(width):
            bar, offset = divmod(x - 30, 86)
            inside = 0 <= bar < 5 and offset < 54 and height - 24 > y > height - 24 - heights[bar]
            row += bytes(colours[bar]) if inside else (b"\x90\x90\x90" if y == height - 24 else b"\xfa\xfa\xfa")
        rows.append(bytes(row))
    return _png(width, height, rows)


def banner(main: str, dark: str) -> bytes:
    """An SVG of mountains and water in a site's colours, behind its name."""
    return rendered("pictures/banner.svg", main=main, dark=dark).encode()


def seal(colour: str) -> bytes:
    """An SVG emblem of the fictional city: a hill and a river in a ring."""
    return rendered("pictures/seal.svg", colour=colour).encode()


def badge(words: str, colour: str) -> bytes:
    """An SVG badge with a few words, standing in for the official marks of a footer."""
    return rendered("pictures/badge.svg", words=words, colour=colour).encode()

"""An office document's package (a ZIP archive), opened only if all that it holds stays within bounds."""

from __future__ import annotations

import io
import zipfile
import zlib

from crawler.documents.text import Unreadable

MOST_MEMBERS = 5_000
MOST_UNPACKED = 80_000_000
"""Bytes of all members together, counted as they come out: what an archive says of itself is not believed."""
_PIECE = 1 << 16


def opened(body: bytes) -> zipfile.ZipFile:
    """The archive. Raises Unreadable where it is damaged, encrypted or a bomb."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise Unreadable(f"压缩包内文件超过 {MOST_MEMBERS} 个")
        left = MOST_UNPACKED
        for member in members:
            if member.flag_bits & 1:
                raise Unreadable("已加密")
            with archive.open(member) as stream:
                while piece := stream.read(_PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise Unreadable(f"解压后超过 {MOST_UNPACKED // 1_000_000} MB")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise Unreadable("文件已损坏") from error
    return archive

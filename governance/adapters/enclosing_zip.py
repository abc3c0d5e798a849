"""Writes files, large objects and recordings into the ZIP of a package, one piece in memory, and tells size and SHA-256 of each.

A file that is missing, too large, or that its store refuses to give is left out and said to be; a store that does not answer, or a content
that changes while it is read, ends the packing, for nobody could say then what is missing.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import pyzipper

from governance.errors import FileRefused, FileStoreUnavailable
from governance.ports import Content, Opener
from governance.requests.enclosures import Enclosure, Origin
from governance.requests.package import Kept, Withheld

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}", re.ASCII)


@dataclass(frozen=True)
class Limits:
    """Bytes: of one file, of all files of a package, and of all where a certificate's message is made in memory."""

    file: int = 512 << 20
    whole: int = 4 << 30
    certificate: int = 64 << 20


def enclose(
    bundle: pyzipper.AESZipFile, found: Iterable[Enclosure], opener: Opener, limits: Limits
) -> tuple[list[dict[str, Any]], tuple[Withheld, ...]]:
    """What is told of each, in order, and how many of each field are left out and why. Raises FileStoreUnavailable, and what `opener`
    raises of databases."""
    told, left_out, room = list[dict[str, Any]](), Counter[tuple[str, str, str, Kept]](), limits.whole
    for one in found:
        entry: dict[str, Any] = {
            "database": one.dataset, "collection": one.collection, "field": one.field, "row": one.row, "origin": one.origin.value,
            "file": None, "size": None, "sha256": None, "left_out": None,
        }  # fmt: skip
        told.append(entry)
        reason: Kept | None = None
        try:
            with opener(one) as content:
                if content is None:
                    reason = Kept.MISSING
                elif content.size > min(limits.file, room):
                    reason, entry["size"] = Kept.TOO_LARGE, content.size
                else:
                    room -= content.size
                    entry |= {"file": _name(one), "size": content.size, "sha256": _written(bundle, one, content)}
        except FileRefused:
            reason = Kept.UNREADABLE
        if reason is not None:
            entry["left_out"] = reason.value
            left_out[one.dataset, one.collection, one.field, reason] += 1
    return told, tuple(Withheld(*place, count) for place, count in sorted(left_out.items()))


def _written(bundle: pyzipper.AESZipFile, one: Enclosure, content: Content) -> str:
    sha256, size = hashlib.sha256(), 0
    with bundle.open(_name(one), "w") as target:
        for piece in content.pieces:
            size += len(piece)
            if size > content.size:
                break
            sha256.update(piece)
            target.write(piece)
    if size != content.size:
        raise FileStoreUnavailable(f"{one.dataset}.{one.collection}.{one.field}: a {one.origin.value} changed while it was read; try again")
    return sha256.hexdigest()


def _name(one: Enclosure) -> str:
    """By its place in the package: a lender's own name of a file may hold anything."""
    ending = PurePosixPath(str(one.place)).suffix if one.origin is Origin.FILE else ""
    return f"files/{one.dataset}.{one.collection}.{one.field}-{one.row}{ending if _ENDING.fullmatch(ending) else '.bin'}"

"""Port Packer: writes a package for a person - JSON, a CSV for each kind of record, recordings and documents as files, a readable PDF - and
encrypts it to that person, piece by piece: nothing of it is on the disk in plain, and no file as a whole in memory.

With a passphrase: a ZIP file encrypted with AES-256 (WinZip AE-2), which 7-Zip, WinZip, Keka and many others open. Its key derivation is
weak (PBKDF2, 1 000 rounds), and so the passphrase is never one that a person thought up: it is made here, 148 bits of it. Names and sizes
of the files in it stay readable; they are names of collections. With the person's certificate: CMS EnvelopedData, as the annex of a
protocol; that is made in memory, and holds less. What was made can be opened by nobody here: the passphrase is handed out once and kept
nowhere.
"""

from __future__ import annotations

import csv
import io
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import pyzipper

from governance.adapters.annex import DpoCertificate
from governance.adapters.enclosing_zip import Limits, enclose
from governance.catalogue.governed import GovernedDataset
from governance.ports import Opener, Packed, Typesetter
from governance.requests.enclosures import Origin, enclosures
from governance.requests.package import Contents, Withheld
from governance.requests.package_facts import cell, document, told

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is taken for something else when read out
_GROUPS, _LETTERS = 6, 5
#: A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ZipPacker:
    """See the module."""

    def __init__(self, paper: Typesetter, limits: Limits | None = None) -> None:
        self._paper, self._limits = paper, limits or Limits()

    def pack(
        self,
        target: BinaryIO,
        contents: Contents,
        datasets: Sequence[GovernedDataset],
        head: Mapping[str, Any],
        language: str,
        certificate: Path | None,
        opener: Opener,
    ) -> Packed:
        """See the port."""
        if certificate is not None:
            holder = DpoCertificate(certificate, "the person's certificate")
            plain = io.BytesIO()  # never on a disk
            limits = replace(self._limits, whole=min(self._limits.whole, self._limits.certificate))
            left_out = self._write(plain, None, limits, contents, datasets, head, language, opener)
            target.write(holder.encrypt(plain.getvalue()))
            return Packed(holder.fingerprint, None, left_out)
        passphrase = new_passphrase()
        return Packed("passphrase", passphrase, self._write(target, passphrase, self._limits, contents, datasets, head, language, opener))

    def _write(
        self,
        target: BinaryIO,
        passphrase: str | None,
        limits: Limits,
        contents: Contents,
        datasets: Sequence[GovernedDataset],
        head: Mapping[str, Any],
        language: str,
        opener: Opener,
    ) -> tuple[Withheld, ...]:
        made = document(contents, datasets, head, language)
        parts = {(part["database"], part["collection"]): part for part in made["data"]}
        with _zip(target, passphrase) as bundle:
            found = enclosures(contents, {dataset.name: dataset for dataset in datasets})
            files, left_out = enclose(bundle, found, opener, limits)
            made["files"] = files
            for told_of in files:
                row = parts[told_of["database"], told_of["collection"]]["rows"][told_of["row"] - 1]
                if told_of["file"] is not None:
                    row[told_of["field"]] = told_of["file"]
                elif told_of["origin"] == Origin.COLUMN:
                    row[told_of["field"]] = None
            made["withheld"] += [told(item) for item in left_out]
            for section, part in zip(contents.sections, made["data"], strict=True):
                bundle.writestr(f"tables/{section.dataset}.{section.collection}.csv", _table(section.fields, part["rows"]))
            bundle.writestr("data.json", json.dumps(made, ensure_ascii=False, indent=1).encode())
            bundle.writestr("data.pdf", self._paper.package(made, language))
        return left_out


def new_passphrase() -> str:
    """Thirty letters and digits in groups of five: 148 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(_GROUPS))


@contextmanager
def _zip(target: BinaryIO, passphrase: str | None) -> Iterator[pyzipper.AESZipFile]:
    encryption = {"encryption": pyzipper.WZ_AES, "encryption_kwargs": {"nbits": 256}} if passphrase is not None else {}
    with pyzipper.AESZipFile(target, "w", compression=pyzipper.ZIP_DEFLATED, **encryption) as bundle:
        if passphrase is not None:
            bundle.setpassword(passphrase.encode("ascii"))
        yield bundle


def _table(fields: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """RFC 4180 in UTF-8, with a byte order mark, without which spreadsheets take it for another encoding."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(fields)
    writer.writerows([_safe(row[name]) for name in fields] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _safe(value: Any) -> str:
    """A phone number stays one, and a formula becomes a text."""
    written = cell(value)
    harmless = not written.startswith(_FORMULA) or not set(written[1:]) - set("0123456789 .,()-")
    return written if harmless else f"'{written}"

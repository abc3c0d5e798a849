"""Port Packer: writes a package for a person - JSON, a CSV for each kind of record, recordings and documents as files, a readable PDF - and
encrypts it to that person.

With a passphrase: a ZIP file encrypted with AES-256 (WinZip AE-2), which 7-Zip, WinZip, Keka and many others open. Its key derivation is
weak (PBKDF2, 1 000 rounds), and so the passphrase is never one that a person thought up: it is made here, 148 bits of it. Names and sizes
of the files in it stay readable; they are names of collections. With the person's certificate: CMS EnvelopedData, as the annex of a
protocol. What was made can be opened by nobody here: the passphrase is handed out once and kept nowhere.
"""

from __future__ import annotations

import csv
import io
import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyzipper

from governance.adapters.annex import DpoCertificate
from governance.catalogue.governed import GovernedDataset
from governance.ports import Packed, Typesetter
from governance.requests.package import Contents
from governance.requests.package_facts import cell, document

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is taken for something else when read out
_GROUPS, _LETTERS = 6, 5
#: A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ZipPacker:
    """See the module."""

    def __init__(self, paper: Typesetter) -> None:
        self._paper = paper

    def pack(
        self, contents: Contents, datasets: Sequence[GovernedDataset], head: Mapping[str, Any], language: str, certificate: Path | None
    ) -> Packed:
        """The encrypted file. Raises ConfigurationError for a certificate that is none."""
        holder = DpoCertificate(certificate, "the person's certificate") if certificate is not None else None
        files = self._files(contents, datasets, head, language)
        if holder is not None:
            return Packed(holder.encrypt(_zipped(files, None)), holder.fingerprint, None)
        passphrase = new_passphrase()
        return Packed(_zipped(files, passphrase), "passphrase", passphrase)

    def _files(self, contents: Contents, datasets: Sequence[GovernedDataset], head: Mapping[str, Any], language: str) -> dict[str, bytes]:
        made = document(contents, datasets, head, language)
        files: dict[str, bytes] = {}
        for section, part in zip(contents.sections, made["data"], strict=True):
            place = f"{section.dataset}.{section.collection}"
            for number, (row, shown) in enumerate(zip(section.rows, part["rows"], strict=True), 1):
                for name in section.fields:
                    if isinstance(row[name], bytes | memoryview):
                        file = f"files/{place}.{name}-{number}.bin"
                        files[file], shown[name] = bytes(row[name]), file
            files[f"tables/{place}.csv"] = _table(section.fields, part["rows"])
        files["data.json"] = json.dumps(made, ensure_ascii=False, indent=1).encode()
        files["data.pdf"] = self._paper.package(made, language)
        return files


def new_passphrase() -> str:
    """Thirty letters and digits in groups of five: 148 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(_GROUPS))


def _zipped(files: Mapping[str, bytes], passphrase: str | None) -> bytes:
    target = io.BytesIO()
    encryption = {"encryption": pyzipper.WZ_AES, "encryption_kwargs": {"nbits": 256}} if passphrase is not None else {}
    with pyzipper.AESZipFile(target, "w", compression=pyzipper.ZIP_DEFLATED, **encryption) as bundle:
        if passphrase is not None:
            bundle.setpassword(passphrase.encode("ascii"))
        for name, content in files.items():
            bundle.writestr(name, content)
    return target.getvalue()


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

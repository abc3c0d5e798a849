"""Port Typesetter: PDF/A-2a by Typst, with the fonts that it brings along and no other, all embedded.

The same document gives the same bytes: the time in the file is that of issue, and nothing of the machine is read but the files beside
this one. No network: the layout imports no package.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cached_property
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import typst

from governance.adapters.paper.blocks import Block, certificate_blocks, protocol_blocks
from governance.adapters.paper.letter_blocks import letter_blocks
from governance.adapters.paper.package_blocks import package_blocks
from governance.adapters.paper.wording import LANGUAGES, letter_words_of, words_of


class TypstPaper:
    """See the module."""

    def protocol(self, document: Mapping[str, Any]) -> bytes:
        """A destruction protocol in the first of the controller's languages that we speak, and in English."""
        own = next((language for language in document["languages"] if language in LANGUAGES), "en")
        parts = {language: protocol_blocks(document, words_of(language)) for language in dict.fromkeys((own, "en"))}
        return self._pdf(parts, document, words_of(own)("protocol"), document["id"])

    def certificate(self, document: Mapping[str, Any], language: str) -> bytes:
        """A certificate for a person in one language. Raises ConfigurationError for one we do not speak."""
        words = words_of(language)
        return self._pdf({language: certificate_blocks(document, words)}, document, words("certificate"), document["dataset"])

    def letter(self, document: Mapping[str, Any]) -> bytes:
        """A letter to a person, in its language; dated by the day alone. A name may hold any letter, so it is a plain PDF, as a package is.
        Raises ConfigurationError for a language we do not speak."""
        words = letter_words_of(document["language"])
        zone = ZoneInfo(document["time_zone"])
        noon = datetime.combine(date.fromisoformat(document["on"]), time(12), zone)
        parts = {document["language"]: letter_blocks(document, words)}
        title = words(f"letter_titles.{document['kind']}")
        number = f"№ {document['request']['number']}"
        return self._pdf(parts, {**document, "issued_at": noon.isoformat()}, title, number, archival=False)

    def package(self, document: Mapping[str, Any], language: str) -> bytes:
        """The readable part of a package for a person. It may hold any letter that a database does, also one that no font has, which an
        archival PDF may not: it is a plain one. Raises ConfigurationError for a language we do not speak."""
        words = words_of(language)
        title = words.within("package")(document["kind"])
        return self._pdf({language: package_blocks(document, words)}, document, title, f"№ {document['request']}", archival=False)

    def _pdf(
        self,
        parts: Mapping[str, list[Block]],
        document: Mapping[str, Any],
        title: str,
        footer: str,
        *,
        archival: bool = True,
    ) -> bytes:
        issued = datetime.fromisoformat(document["issued_at"])
        day = issued.astimezone(ZoneInfo(document["time_zone"]))
        paper = {
            "title": title,
            "author": document["controller"]["title"],
            "issued": [day.year, day.month, day.day],
            "footer": f"{title} · {footer}",
            "parts": [{"language": language, "blocks": blocks} for language, blocks in parts.items()],
        }
        layout = files(__package__).joinpath("paper.typ").read_bytes()
        made = typst.Compiler(font_paths=self._fonts).compile(
            layout,
            format="pdf",
            sys_inputs={"paper": json.dumps(paper, ensure_ascii=False)},
            timestamp=int(issued.timestamp()),
            pdf_standards="a-2a" if archival else [],
        )
        assert isinstance(made, bytes)  # noqa: S101 - one file, not pages
        return made

    @cached_property
    def _fonts(self) -> typst.Fonts:
        return typst.Fonts(include_system_fonts=False)  # the same on every machine

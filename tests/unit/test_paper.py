"""Evidence on paper: the same words in every language, plurals and dates as each language has them, no letter without a form."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from governance.adapters.paper.typesetting import TypstPaper
from governance.adapters.paper.wording import LANGUAGES, words_of
from governance.errors import ConfigurationError
from governance.policy.loading import load_pack

NOTE = "lethe\n492\nq83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJq80=\n\n— lethe/lethe 8kQ5" + "A" * 88 + "=\n"
RULE = {"class": "other", "title": "Other personal data", "clause": "art. 35(1) row 13", "provenance": "derived"}
PROTOCOL: dict[str, Any] = {
    "id": "credithelp-0123456789abcdef",
    "issued_at": "2026-11-28T05:00:00.000000Z",
    "controller": {"id": "credithelp", "title": "Credithelp", "country": "BG"},
    "languages": ["bg", "en"],
    "time_zone": "Europe/Sofia",
    "dataset": "credithelp",
    "plan_digest": "a" * 64,
    "policy": {"version": "1.0", "digest": "b" * 64},
    "approval": {"mode": "resolution", "clause": "art. 22"},
    "resolution": None,
    "completed": {"at": "2026-11-28T04:00:00.000000Z", "seq": 12},
    "collections": [
        {
            "collection": "a_collection_whose_name_is_as_long_as_the_names_of_collections_ever_get_in_practice",
            "unit": "books",
            "lines": [
                {
                    "step": 1,
                    "action": "generalise",
                    "fields": ["a"],
                    "actions": {"a": "generalise:year", "b": "constant:x", "c": "nullify", "d": "pseudonymise"},
                    "categories": ["user.demographic.date_of_birth", "user.made_up"],
                    "rules": [RULE],
                    "changed": 1_234_567,
                    "skipped": 2,
                }
            ],
        }
    ],
    "files": {"deleted": 3, "already-gone": 1, "still-referenced": 1},
    "validation": {
        "at": "2026-11-28T04:10:00.000000Z",
        "seq": 14,
        "success": False,
        "evaluated": 67,
        "unsuccessful": ["clients[1] token_form"],
        "results_digest": "c" * 64,
    },
    "copies": {
        "erased_on": "2026-11-28",
        "time_zone": "Europe/Sofia",
        "declared": True,
        "collections": [
            {"collection": "clients", "copies": [{"name": "tape", "deletion": "expires", "gone_on": None}], "last_gone_on": None}
        ],
    },
    "residue": [{"collection": "clients", "quasi_identifiers": [], "rows": 123, "smallest": None, "below": 0}],
    "k_threshold": 5,
    "subjects": 1021,
    "annex": [{"sha256": "d" * 64, "subjects": 1021}],
    "annex_recipient": "e" * 64,
    "checkpoint": NOTE,
    "inclusion": {"seq": 12, "hashes": ["f0" * 32] * 9},
}


def keys(words: dict[str, Any], path: str = "") -> set[str]:
    """The paths of all words; plural forms aside, which differ from language to language."""
    found = set()
    for key, value in words.items():
        found |= keys(value, f"{path}{key}.") if isinstance(value, dict) and path != "plurals." else {f"{path}{key}"}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    own, english = words_of(language)._words, words_of("en")._words
    assert keys(dict(own)) == keys(dict(english))
    assert [len(words_of(language).sentences(name)) for name in ("protocol_limits", "certificate_limits")] == [3, 3]
    for key, value in english.items():
        if isinstance(value, str):
            assert sorted(part.partition("}")[0] for part in value.split("{")[1:]) == sorted(
                part.partition("}")[0] for part in own[key].split("{")[1:]
            ), key


def test_numbers_take_the_form_of_their_language() -> None:
    russian = words_of("ru")
    told = [russian.count("record", number) for number in (1, 2, 5, 11, 12, 21, 22, 25, 101, 111, 1_000)]
    assert told == [
        "1 запись", "2 записи", "5 записей", "11 записей", "12 записей", "21 запись", "22 записи", "25 записей", "101 запись",
        "111 записей", "1\u00a0000 записей",
    ]  # fmt: skip
    assert [words_of("bg").count("record", number) for number in (1, 21)] == ["1 запис", "21 записа"]
    assert [words_of("et").count("record", number) for number in (1, 2)] == ["1 kirje", "2 kirjet"]
    assert [words_of("kk").count("record", number) for number in (1, 2)] == ["1 жазба", "2 жазба"]
    assert [words_of("en").count("record", number) for number in (0, 1, 1_000)] == ["0 records", "1 record", "1,000 records"]


def test_dates_are_written_as_people_write_them() -> None:
    day = date(2026, 3, 1)
    assert {language: words_of(language).day(day) for language in LANGUAGES} == {
        "bg": "1 март 2026 г.",
        "en": "1 March 2026",
        "et": "1. märts 2026",
        "kk": "2026 жылғы 1 наурыз",
        "ru": "1 марта 2026 г.",
    }
    assert words_of("en").instant("2026-12-31T23:30:00.000000Z", ZoneInfo("Europe/Sofia")) == "1 January 2027, 01:30 (UTC+02:00)"


def test_categories_take_the_nearest_word_and_others_come_last() -> None:
    assert words_of("en").categories(["user.made_up", "user.name.first", "user.name.last"]) == "names, other personal data"
    with pytest.raises(ConfigurationError, match="expected a language of"):
        words_of("fr")


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils are not installed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_stands_on_the_page_and_every_font_in_the_file(language: str, tmp_path: Path) -> None:
    page = tmp_path / "page.pdf"
    page.write_bytes(TypstPaper().protocol({**PROTOCOL, "languages": [language]}))
    text = subprocess.run(["pdftotext", "-layout", page, "-"], check=True, capture_output=True).stdout.decode()
    words = words_of(language)
    # A letter that no font had would be missing from the text, and a word that was cut off, too.
    letters = set(
        "".join(str(words(name)) for name in ("protocol", "what", "proof_text", "qr_text", "not_proved", "approve", "subjects_count"))
    )
    assert {letter for letter in letters if letter.isalpha()} <= set(text)
    for name in ("protocol", "what", "subjects", "copies_title", "residue", "not_proved"):
        assert words(name) in text
    assert "1234567" in text.replace("\u00a0", "").replace(",", "").replace(" ", "")
    fonts = subprocess.run(["pdffonts", page], check=True, capture_output=True).stdout.decode().splitlines()[2:]
    assert {line.split()[-5] for line in fonts} == {"yes"}  # the column `emb`
    assert any("LibertinusSerif" in line for line in fonts)


def filled(lines: int) -> dict[str, Any]:
    """The protocol with so many lines, three of each collection, under the rules of the pack and their titles."""
    pack = load_pack(files("governance.policy.packs").joinpath("credithelp.yaml").read_text(encoding="utf-8"), "credithelp.yaml")
    template, collections = PROTOCOL["collections"][0]["lines"][0], []
    for number in range(lines):
        if number % 3 == 0:
            collections.append({"collection": f"collection_{number // 3}", "unit": "books", "lines": []})
        rules = [
            {"class": rule.id, "title": rule.title, "titles": dict(rule.titles), "clause": rule.clause, "provenance": rule.provenance.value}
            for rule in (pack.rules[number % len(pack.rules)], pack.rules[number * 3 % len(pack.rules)])[: 1 + number % 2]
        ]
        collections[-1]["lines"].append({**template, "rules": rules})
    controller = {"id": pack.controller, "title": pack.title, "titles": dict(pack.titles), "country": pack.country}
    return {**PROTOCOL, "controller": controller, "collections": collections}


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils are not installed")
def test_titles_stand_in_the_language_of_their_page_and_no_heading_alone_at_its_foot() -> None:
    headings = ("approval", "what", "subjects", "validation", "copies_title", "residue", "proof", "not_proved", "kinds", "collection")
    starts = (*(words_of(language)(name) for language in ("bg", "en") for name in headings), "collection_")
    leads = tuple(words_of(language)("proof_text", seq=12)[-20:] for language in ("bg", "en"))
    for lines in (24, 31):  # the name of a collection and the words above the proof would stand at the foot of a page
        text = subprocess.run(
            ["pdftotext", "-layout", "-", "-"], input=TypstPaper().protocol(filled(lines)), check=True, capture_output=True
        )
        pages = [[line.strip() for line in page.split("\n") if line.strip()] for page in text.stdout.decode().split("\f")]
        told = [page[-2] for page in pages if page]  # the last line is the footer
        assert len(told) > 4
        assert not [line for line in told if line.startswith(starts) or line.endswith(leads)]
    everything = [" ".join(page) for page in pages]
    own = next(number for number, page in enumerate(everything) if words_of("en")("protocol") in page)
    bulgarian, english = " ".join(everything[:own]), " ".join(everything[own:])
    assert "потребителски кредити в офиси (България)" in bulgarian
    assert "Записи на телефонни разговори" in bulgarian
    assert "Telephone recordings" not in bulgarian
    assert "Credithelp - consumer lender" in english
    assert "Telephone recordings" in english
    assert "Записи" not in english


def test_the_same_document_gives_the_same_bytes() -> None:
    assert TypstPaper().protocol(PROTOCOL) == TypstPaper().protocol(dict(PROTOCOL))
    assert TypstPaper().protocol(PROTOCOL) != TypstPaper().protocol({**PROTOCOL, "subjects": 1022})


def test_the_code_holds_the_checkpoint() -> None:
    import segno

    from governance.adapters.paper.blocks import _svg

    code = segno.make_qr(NOTE, error="m", encoding="utf-8")
    dark = sum(sum(map(bool, row)) for row in code.matrix)
    assert _svg(code).count("M") == dark > 500

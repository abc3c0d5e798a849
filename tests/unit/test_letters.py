"""Letters to persons: every language says the same, whatever stays has its duty and day, and nothing a person wrote is markup."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from simulators.lender import governed_sample

from governance.adapters.paper.letter_blocks import letter_blocks
from governance.adapters.paper.typesetting import TypstPaper
from governance.adapters.paper.wording import LANGUAGES, letter_words_of, words_of
from governance.policy.pack import PolicyPack
from governance.requests.decision import Decision, Outcome, Ruling
from governance.requests.letters import (
    Completed,
    Extended,
    Refused,
    completion,
    decision_letter,
    extension,
    identity,
    lifting,
    receipt,
    refusal,
)
from governance.requests.request import Person, Representative, Request, Stage
from governance.samples import SAMPLES

ID = UUID("0d1f6c1e-4f1c-4f5e-9b1e-0a8c1d2e3f40")
ON = date(2026, 3, 20)
MARKUP = '#panic("read") *bold* $x$ {{ 7*7 }} {name} \\u{41} <b>'


def pack_of(sample: str) -> PolicyPack:
    return governed_sample(sample).pack


def request_of(pack: PolicyPack, language: str, **changed: Any) -> Request:
    person = Person(name=f"Ainur Esimova {MARKUP}", address="Tee 1\n10111 Linn")
    made = Request(
        id=ID, number=17, controller=pack.controller, kind="erasure", received=date(2026, 3, 1),
        registered_at=datetime(2026, 3, 1, tzinfo=UTC),
        channel="letter", person=person, representative=None, reply_form="paper", language=language, description="-", purposes=(),
        corrections=(), stage=Stage.DECIDED, due=date(2026, 4, 1), extended=False, registered_by="clerk",
    )  # fmt: skip
    return replace(made, **changed)


def ruling(pack: PolicyPack, outcome: Outcome, number: int, until: str | None, *categories: str, ground: str = "") -> Ruling:
    rule = pack.deletion_classes[number]
    return Ruling(pack.controller, "c", ("f",), categories, outcome, 2, rule.id, rule.clause, ground, rule.purposes, until)


def decision_of(pack: PolicyPack, *rulings: Ruling, granted: str = "partly") -> Decision:
    recipients = tuple(recipient.id for recipient in pack.recipients[:1])
    return Decision(ID, "erasure", pack.controller, pack.version, "a" * 64, "2026-03-02", granted, rulings, recipients, {})


def all_letters(pack: PolicyPack, language: str) -> dict[str, dict[str, Any]]:
    request = request_of(pack, language)
    rulings = (
        ruling(pack, Outcome.KEEP, 0, "2031-01-01", "user.name", ground="GDPR 17(3)(b)"),
        ruling(pack, Outcome.HOLD, 1, None, "user.contact"),
        *(ruling(pack, outcome, 0, None, "user.financial") for outcome in Outcome if outcome not in (Outcome.KEEP, Outcome.HOLD)),
    )
    return {
        "receipt": receipt(request, pack, on=ON),
        "identity": identity(request, pack, on=ON, paused=True),
        "extension": extension(request, pack, Extended(date(2026, 4, 1), f"why {MARKUP}"), on=ON),
        "decision": decision_letter(request, pack, decision_of(pack, *rulings), on=ON),
        "refusal": refusal(request, pack, Refused(f"why {MARKUP}", "GDPR 12(5)(b)"), on=ON),
        "completion": completion(request, pack, Completed(ON, "f0" * 32, date(2026, 4, 20)), on=ON),
        "lifting": lifting(request, pack, f"why {MARKUP}", on=ON),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_of_a_letter_and_the_same_values(language: str) -> None:
    own, english = letter_words_of(language)._words, letter_words_of("en")._words
    letters = english.keys() - words_of("en")._words.keys() | {"kinds", "received"}
    assert letters <= own.keys()
    assert len(letters) >= 40
    for key in letters:
        if isinstance(english[key], dict):
            assert own[key].keys() == english[key].keys(), key
            continue
        fields = [sorted(part.partition("}")[0] for part in words[key].split("{")[1:]) for words in (own, english)]
        assert fields[0] == fields[1], key
    assert own["outcomes"].keys() == {outcome.value for outcome in Outcome}


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils are not installed")
@pytest.mark.parametrize(("sample", "language"), list(zip(sorted(SAMPLES), LANGUAGES, strict=True)))
def test_each_letter_is_a_page_that_says_what_it_must(sample: str, language: str, tmp_path: Path) -> None:
    pack, words = pack_of(sample), letter_words_of(language)
    assert pack.supervisory_authority is not None
    for kind, document in all_letters(pack, language).items():
        page = tmp_path / f"{kind}.pdf"
        page.write_bytes(TypstPaper().letter(document))
        text = subprocess.run(["pdftotext", "-layout", page, "-"], check=True, capture_output=True).stdout.decode()
        told = " ".join(text.split())
        assert words(f"letter_titles.{kind}") in told
        assert "': '" not in told, kind  # no group of words instead of a word
        assert words("request_kinds.erasure") in told
        assert words.day(ON) in told
        assert document["authority"] in told.replace("- ", "-"), kind  # GDPR 12(4), in each letter
        assert words("rights")[:40] in told
        # What a person wrote stands there letter by letter: it was never read as markup or template.
        assert all(piece in told for piece in MARKUP.split()), kind
        letters = {letter for letter in words("contact") + words("rights") if letter.isalpha()}
        assert letters <= set(text)
    decision = " ".join(
        subprocess.run(["pdftotext", "-raw", tmp_path / "decision.pdf", "-"], check=True, capture_output=True).stdout.decode().split()
    )
    assert words.day("2031-01-01") in decision
    assert "GDPR 17(3)(b)" in decision
    assert all(words(name)[:30] in decision for name in ("restricted", "only_stored", "stopped"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_of_a_rectification_say_what_was_corrected_and_what_was_not(language: str) -> None:
    pack, words = pack_of("credithelp"), letter_words_of(language)
    request = replace(request_of(pack, language), kind="rectification")
    rulings = (
        ruling(pack, Outcome.CORRECT, 0, None, "user.contact.email"),
        ruling(pack, Outcome.HOLD, 1, "2027-01-01", "user.name"),
        ruling(pack, Outcome.LEAVE, 0, None, "user.contact.phone_number", ground="inside a document"),
    )
    decision = replace(decision_of(pack, *rulings), kind="rectification")
    document = decision_letter(request, pack, decision, on=ON)
    assert not document["restricted"]  # what stays uncorrected is not kept for a duty
    (table,) = [block for block in letter_blocks(document, words) if block["kind"] == "table"]
    assert [row[1] for row in table["rows"]] == [words("outcomes.correct"), words("hold_uncorrected"), words("outcomes.leave")]
    assert words("grounds.inside a document") in table["rows"][2][2]
    done = completion(request, pack, Completed(ON, corrected=("user.contact.email",)), on=ON)
    texts = [block["text"] for block in letter_blocks(done, words) if block["kind"] == "text"]
    assert f"{words('corrected')}: {words.category('user.contact.email')}." in texts


def test_rulings_that_read_alike_stand_once_and_what_goes_before_what_stays() -> None:
    pack = pack_of("credithelp")
    rulings = (
        ruling(pack, Outcome.KEEP, 1, "2036-01-01", "user.financial"),
        ruling(pack, Outcome.KEEP, 1, "2031-01-01", "user.name"),
        ruling(pack, Outcome.KEEP, 1, "2031-01-01", "user.contact", "user.name"),
        ruling(pack, Outcome.ERASE, 0, None, "user.contact.email"),
    )
    told = decision_letter(request_of(pack, "bg"), pack, decision_of(pack, *rulings), on=ON)["rulings"]
    assert [(item["outcome"], item["categories"], item["until"]) for item in told] == [
        ("erase", ["user.contact.email"], None),
        ("keep", ["user.contact", "user.name"], "2031-01-01"),
        ("keep", ["user.financial"], "2036-01-01"),
    ]
    assert told[1]["clause"] == pack.deletion_classes[1].clause


def test_a_letter_goes_to_the_representative_and_names_the_person() -> None:
    pack = pack_of("koduliising")
    request = request_of(pack, "et", representative=Representative("Mari Maasikas", "12/2026"))
    to = receipt(request, pack, on=ON)["to"]
    assert (to["name"], to["representative"]) == (request.person.name, "Mari Maasikas")


def test_more_time_is_spoken_of_only_where_the_pack_has_it() -> None:
    extendable = {sample: receipt(request_of(pack_of(sample), "en"), pack_of(sample), on=ON)["extendable"] for sample in SAMPLES}
    assert extendable == {"credit-plus": True, "credithelp": True, "expert-plus": False, "koduliising": True, "kredit-seven": False}


def test_a_decision_or_a_pack_of_another_is_refused() -> None:
    pack = pack_of("credithelp")
    with pytest.raises(ValueError, match="the decision of another request"):
        decision_letter(request_of(pack, "bg", id=UUID(int=1)), pack, decision_of(pack), on=ON)
    with pytest.raises(ValueError, match="a pack of another controller"):
        receipt(request_of(pack, "bg"), pack_of("credit-plus"), on=ON)


def test_the_same_letter_gives_the_same_bytes() -> None:
    pack = pack_of("credithelp")
    document = receipt(request_of(pack, "bg"), pack, on=ON)
    assert TypstPaper().letter(document) == TypstPaper().letter(dict(document))

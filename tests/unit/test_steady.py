"""A verdict is not given up for the luck of one night's draw, and is given up the night it no longer holds."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from policy_support import governed

from governance.catalogue.explored import UNREAD, Explored, InventoryEntry
from governance.catalogue.inventory import ColumnFacts, ColumnKind, Sample, TableFacts
from governance.catalogue.steady import NOT_CLEARLY_LESS, kept, steadied, with_unread
from governance.catalogue.verdict import Certainty, Verdict

pytestmark = pytest.mark.slow

EMAIL, CONTACT, PHONE = "user.contact.email", "user.contact", "user.contact.phone_number"
CLEAR, LIKELY, SUSPECTED = Certainty.CLEAR, Certainty.LIKELY, Certainty.SUSPECTED
NIGHTS = 30


LEADS = TableFacts(None, "leads", False, (ColumnFacts("f1", ColumnKind.TEXT, "text", True),))
#: From which share of e-mail addresses a column is what: rules that jump from nothing to certain, rules that creep, and rules for which
#: few addresses are contacts of some kind. The recognisers have all three.
Rules = tuple[tuple[float, str | None, Certainty], ...]
JUMPING: Rules = ((0.6, EMAIL, CLEAR), (0.0, None, SUSPECTED))
CREEPING: Rules = ((0.8, EMAIL, CLEAR), (0.5, EMAIL, LIKELY), (0.0, EMAIL, SUSPECTED))
NARROWING: Rules = ((0.6, EMAIL, CLEAR), (0.0, CONTACT, CLEAR))


def drawn(share: float, rows: int, draw: random.Random) -> Sample:
    """A sample of a column of which such a share are e-mail addresses."""
    values = [f"person{draw.random()}@mail.example" if draw.random() < share else f"word {draw.random()}" for _ in range(rows)]
    return Sample(rows, 0, values)


def verdict(category: str | None, certainty: Certainty, score: float = 0.5, **more: object) -> Verdict:
    told = {"reasons": ("values: some",), "rules": "1", "direct": True, **more}
    return Verdict("f1", "email" if category else "none", category, score, certainty, **told)  # type: ignore[arg-type]


def entry(was: Verdict, type_text: str = "text", declared: tuple[str, ...] | None = None) -> InventoryEntry:
    return InventoryEntry("leads", was.label.split(":")[0], was.label, type_text, None, declared, was)


def judged(rules: Rules, sample: Sample, stood: list[InventoryEntry]) -> Verdict:
    def judge(samples: Mapping[str, Sample]) -> tuple[Verdict, ...]:
        values = samples["f1"].values
        share = sum("@" in value for value in values) / max(1, len(values))
        return (next(verdict(category, certainty, share) for least, category, certainty in rules if share >= least),)

    return steadied(governed(), LEADS, {"f1": sample}, stood, judge)[0]


def changes(rules: Rules, share: float, rows: int, *, remembering: bool) -> int:
    """How often the verdict is another than the night before."""
    draw = random.Random(1)  # noqa: S311 - a repeatable draw, no secret
    stood: list[InventoryEntry] = []
    seen = []
    for _ in range(NIGHTS):
        found = judged(rules, drawn(share, rows, draw), stood if remembering else [])
        seen.append((found.category, found.certainty))
        stood = [entry(found)]
    return sum(one != other for one, other in pairwise(seen))


@pytest.mark.parametrize(
    ("rules", "share"),
    [(JUMPING, 0.6), (JUMPING, 0.59), (CREEPING, 0.8), (CREEPING, 0.5), (NARROWING, 0.6)],
    ids=["nothing or clear", "mostly nothing", "likely or clear", "suspected or likely", "a contact or an e-mail address"],
)
@pytest.mark.parametrize("rows", [200, 1_000])
def test_a_column_at_a_threshold_stays_what_it_was_recognised_as(rules: Rules, share: float, rows: int) -> None:
    assert changes(rules, share, rows, remembering=False) > 5  # by itself it comes and goes
    assert changes(rules, share, rows, remembering=True) <= 1  # it may begin late


def test_what_is_mended_is_seen_the_same_night() -> None:
    draw = random.Random(1)  # noqa: S311 - a repeatable draw, no secret
    stood = [entry(verdict(EMAIL, CLEAR, 0.93))]
    for share in (0.0, 0.4):  # far below the threshold; no part of a thousand rows is above it
        assert judged(JUMPING, drawn(share, 1_000, draw), stood).category is None
    assert judged(JUMPING, Sample(0, 0, ()), stood).category is None


def test_what_a_night_sees_more_is_believed_at_once() -> None:
    draw = random.Random(1)  # noqa: S311 - a repeatable draw, no secret
    found = judged(JUMPING, drawn(0.9, 1_000, draw), [entry(verdict(None, SUSPECTED, 0.0))])
    assert (found.category, found.certainty) == (EMAIL, CLEAR)


@pytest.mark.parametrize(
    "stood",
    [
        entry(verdict(EMAIL, CLEAR, rules="older")),
        entry(verdict(EMAIL, CLEAR), type_text="character varying"),
        entry(verdict(EMAIL, CLEAR), declared=("system.operations",)),
        entry(replace(verdict(EMAIL, CLEAR), recogniser=UNREAD)),
    ],
    ids=["rules", "type", "declaration", "unread"],
)
def test_under_other_conditions_every_verdict_is_as_new(stood: InventoryEntry) -> None:
    draw = random.Random(1)  # noqa: S311 - a repeatable draw, no secret
    sample = drawn(0.55, 200, draw)
    assert judged(JUMPING, sample, [stood]).category is None
    assert judged(JUMPING, sample, [entry(verdict(EMAIL, CLEAR))]).category == EMAIL


NONE = verdict(None, SUSPECTED, 0.0)


@pytest.mark.parametrize(
    ("was", "seen", "parts", "category", "certainty"),
    [
        ((EMAIL, CLEAR), NONE, [(EMAIL, CLEAR)], EMAIL, CLEAR),
        ((EMAIL, CLEAR), NONE, [(EMAIL, LIKELY), (None, SUSPECTED)], EMAIL, LIKELY),  # as sure as the surest part
        ((EMAIL, LIKELY), NONE, [(EMAIL, CLEAR)], EMAIL, LIKELY),  # and no surer than before
        ((EMAIL, CLEAR), NONE, [(EMAIL, SUSPECTED)], None, SUSPECTED),
        ((EMAIL, CLEAR), NONE, [(PHONE, CLEAR)], None, SUSPECTED),
        ((EMAIL, CLEAR), NONE, [], None, SUSPECTED),
        ((CONTACT, CLEAR), NONE, [(EMAIL, CLEAR)], CONTACT, CLEAR),  # an e-mail address is a contact
        ((EMAIL, CLEAR), verdict(PHONE, LIKELY), [(EMAIL, CLEAR)], EMAIL, CLEAR),
        ((EMAIL, CLEAR), verdict(PHONE, LIKELY), [(EMAIL, LIKELY)], PHONE, LIKELY),  # no longer surer than what was seen
        ((EMAIL, CLEAR), verdict(CONTACT, CLEAR), [(EMAIL, CLEAR)], EMAIL, CLEAR),  # a contact says less
        ((EMAIL, CLEAR), verdict(CONTACT, CLEAR), [(EMAIL, LIKELY)], CONTACT, CLEAR),
    ],
)
def test_a_verdict_is_as_sure_as_the_surest_part(
    was: tuple[str, Certainty], seen: Verdict, parts: list[tuple[str | None, Certainty]], category: str | None, certainty: Certainty
) -> None:
    before = verdict(*was, 0.93, reasons=("values: most",))
    found = kept(before, seen, [verdict(*part) for part in parts])
    assert (found.category, found.certainty) == (category, certainty)
    if found is not seen:
        assert (found.score, found.reasons) == (0.93, ("values: most", NOT_CLEARLY_LESS))
        assert kept(found, seen, [verdict(*part) for part in parts]) == found  # and is told once, however long it stands


def test_a_table_that_could_not_be_read_bears_what_stood_of_it() -> None:
    by_name = verdict(None, SUSPECTED, 0.0)
    path = replace(verdict(EMAIL, CLEAR), label="f1:who.mail")
    stood = [entry(verdict(EMAIL, LIKELY)), entry(path)]
    explored = Explored((LEADS,), {"leads": (by_name,)}, {"leads": "lock"}, {})
    assert with_unread(governed(), explored, stood, "1").verdicts == {"leads": (verdict(EMAIL, LIKELY), path)}
    assert with_unread(governed(), explored, stood, "others").verdicts == {"leads": (by_name,)}
    assert with_unread(governed(), replace(explored, unreadable={}), stood, "1").verdicts == {"leads": (by_name,)}
    assert with_unread(governed(), replace(explored, unreadable={"vault": "lock"}), stood, "1").verdicts == {"leads": (by_name,)}

"""Keyed tokens of the suppression list, and who is known again by it: the calculus against a plain one, and no value in what is kept."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import KeyUnavailable
from governance.planning.identifiers import IdentifierKind
from governance.planning.suppression import (
    Erasure,
    Identifiers,
    Matcher,
    Sighting,
    Suppressed,
    Suppressors,
    expired_before,
    merged,
    version_of,
)
from governance.policy.period import Period
from governance.pseudonym.tokens import SUPPRESSION_PATTERN

ID, EMAIL, PHONE = IdentifierKind.NATIONAL_ID, IdentifierKind.EMAIL, IdentifierKind.PHONE
DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOFIA = ZoneInfo("Europe/Sofia")


def root(version: int) -> bytes:
    if version not in (1, 2):
        raise KeyUnavailable(f"expected a root of version 1 or 2, found {version}")
    return bytes([version]) * 32


def suppressors(controller: str = "lender", dataset: str = "loans") -> Suppressors:
    return Suppressors(root, controller, dataset)


#: Few values, so that persons share some.
people = st.fixed_dictionaries(
    {},
    optional={
        ID: st.lists(st.sampled_from(["n1", "n2", "n3"]), max_size=2, unique=True),
        EMAIL: st.lists(st.sampled_from(["a@x", "b@x"]), max_size=2, unique=True),
        PHONE: st.lists(st.sampled_from(["+1", "+2"]), max_size=1),
    },
)


@given(st.lists(people, max_size=5), st.integers(1, 2))
def test_tokens_hold_no_value_and_are_the_same_for_the_same_only(records: list[dict[IdentifierKind, list[str]]], version: int) -> None:
    made = suppressors().tokens(version, records)
    assert len(made) == len(records)
    by_token: dict[str, tuple[IdentifierKind, str]] = {}
    for record, tokens in zip(records, made, strict=True):
        flat = [(kind, value) for kind in IdentifierKind for value in record.get(kind, ())]
        assert [kind for kind, _ in tokens] == [kind for kind, _ in flat], "the surest kinds first"
        for (kind, value), (_, token) in zip(flat, tokens, strict=True):
            assert re.fullmatch(SUPPRESSION_PATTERN, token)
            assert version_of(token) == version
            assert by_token.setdefault(token, (kind, value)) == (kind, value)
            assert value not in repr(Erasure("ref1.0", (), tokens))


@given(st.text(min_size=1, max_size=20))
def test_lists_of_other_kinds_datasets_controllers_and_keys_do_not_join(value: str) -> None:
    made = {
        suppressors(*where).column(version, kind, [value])[0].partition(".")[2]
        for where in (("lender", "loans"), ("lender", "other"), ("other", "loans"))
        for version in (1, 2)
        for kind in IdentifierKind
    }
    assert len(made) == 3 * 2 * 3


@given(
    st.lists(st.tuples(people, st.integers(0, 3), st.integers(1, 2), st.booleans()), max_size=6),
    st.lists(people, max_size=4),
)
def test_who_is_known_again_is_what_the_rules_say(
    listed: list[tuple[dict[IdentifierKind, list[str]], int, int, bool]], asked: list[dict[IdentifierKind, list[str]]]
) -> None:
    made, persons = suppressors(), []
    for n, (record, day, version, lifted) in enumerate(listed):
        (tokens,) = made.tokens(version, [record])
        at = DAY + timedelta(days=day)
        persons.append(Suppressed(n, f"ref1.{n}", at, at if lifted else None, tokens))
    found = Matcher(made, persons).hits(asked)
    records = [record for record, *_ in listed]
    for record, hit in zip(asked, found, strict=True):
        expected = plainly(record, records, persons)
        assert (hit.person.id if hit is not None else None) == (expected.id if expected is not None else None)


def plainly(record: Identifiers, records: list[dict[IdentifierKind, list[str]]], persons: list[Suppressed]) -> Suppressed | None:
    """The rules in values: a national id decides; beside one on both sides nothing else does; of several erasures the latest."""
    for kind in IdentifierKind:
        same = [
            person
            for person, own in zip(persons, records, strict=True)
            if set(own.get(kind, ())) & set(record.get(kind, ())) and (kind is ID or not (own.get(ID) and record.get(ID)))
        ]
        if same:
            return max(same, key=lambda person: (person.erased_at, person.id))
    return None


def test_a_key_that_is_gone_is_an_error_and_no_silence() -> None:
    (tokens,) = suppressors().tokens(1, [{ID: ["n1"]}])
    lost = tuple((kind, token.replace("sup1", "sup3")) for kind, token in tokens)
    matcher = Matcher(suppressors(), [Suppressed(1, "ref3.0", DAY, None, lost)])
    assert matcher.hits([{EMAIL: ["a@x"]}]) == [None]
    with pytest.raises(KeyUnavailable):
        matcher.hits([{ID: ["n1"]}])


@given(st.lists(people, min_size=1, max_size=6))
def test_records_with_one_surest_identifier_are_one_person_who_needs_all_of_them(records: list[dict[IdentifierKind, list[str]]]) -> None:
    made = suppressors().tokens(1, records)
    erasures = [Erasure(f"ref1.{n}", ((1, f"ref1.{n}"),), tokens) for n, tokens in enumerate(made)]
    persons = list(merged(erasures))
    surest = [person.tokens[0] for person in persons]
    assert len(surest) == len(set(surest)), "two erasures of one person"
    assert {need for person in persons for need in person.needs} == {need for item in erasures if item.tokens for need in item.needs}
    for person in persons:
        own = [item for item in erasures if item.tokens and item.tokens[0] == person.tokens[0]]
        assert person.needs == tuple(need for item in own for need in item.needs)
        assert set(person.tokens) == {token for item in own for token in item.tokens}


@pytest.mark.parametrize(
    ("start", "lawful"),
    [
        (date(2026, 3, 1), False),  # the day of the erasure says neither
        (date(2026, 3, 2), True),
        (date(2026, 2, 28), False),
        (date(2026, 3, 11), False),  # has not come
        (datetime(2026, 3, 1, 12, tzinfo=UTC), False),
        (datetime(2026, 3, 1, 12, 0, 1, tzinfo=UTC), True),
        (datetime(2026, 3, 1, 12, 0, 1), True),  # without a zone: UTC  # noqa: DTZ001
        (2026, False),
        (2027, False),
    ],
)
def test_what_began_after_the_erasure_lets_a_person_stand_there(start: date | int, lawful: bool) -> None:
    person, now = Suppressed(1, "ref1.0", DAY, None, ()), datetime(2026, 3, 10, tzinfo=UTC)
    assert Sighting(person, (start,)).lawful(now, SOFIA) is lawful
    assert not Sighting(person, ()).lawful(now, SOFIA), "nothing is guessed"
    assert Sighting(Suppressed(1, "ref1.0", DAY, DAY, ()), ()).lawful(now, SOFIA), "let in again"


@given(st.dates(date(2005, 1, 1), date(2090, 12, 31)), st.sampled_from(["P5Y", "P1M", "P30D", "P1Y6M"]))
def test_nobody_is_forgotten_before_the_retention_is_over(day: date, period: str) -> None:
    retention, now = Period.parse(period), datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    last = expired_before(retention, now).date() - timedelta(days=1)
    assert retention.after(last) < day
    assert retention.after(last + timedelta(days=1)) >= day
    assert expired_before(Period.parse("PT24H"), now) == now - timedelta(hours=24)

"""How surely a record is that of the person who asks: what speaks for it and against it, weighed.

Pure. Takes the identity values of one record, as its dataset declares them, and what elsewhere in the dataset leads to it; gives reasons,
a share and a certainty, or nothing where it is another person's. Rules, which a person can check by the reasons alone:

- the national id matches and nothing contradicts: certain. So are a name and a second identifier, as long as no other national id stands
  there. With a contradiction (another national id, another birth date, a name without one word in common) it is likely at best.
- a contract's number alone, or e-mail and phone together: likely. One of e-mail, phone and name alone: possible. A birth date alone is
  nothing.
- a record under another national id is another person's, unless a contract, or name and a second identifier, say otherwise: possible, for
  a number can be mistyped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from governance.pseudonym.tokens import is_token
from governance.requests.located import Certainty, MatchReason
from governance.requests.request import Person
from governance.requests.spelling import Identifier, compare_names, normal

#: What each identifier weighs in the share of a match.
WEIGHTS = {
    Identifier.NATIONAL_ID: 10.0,
    Identifier.CONTRACT: 6.0,
    Identifier.EMAIL: 4.0,
    Identifier.PHONE: 4.0,
    Identifier.NAME: 3.0,
    Identifier.BIRTH_DATE: 3.0,
}
_SECOND = frozenset({Identifier.BIRTH_DATE, Identifier.EMAIL, Identifier.PHONE, Identifier.CONTRACT})
MATCHES = frozenset({"exact", "normalised", "token"})


@dataclass(frozen=True)
class Value:
    """One identity value of a record: where it stands, and whether its column holds nothing but what the identifier says (`precise`: a
    column of national ids; an identity card's number contradicts no national id). Of names those are one that stand in one `document`, or
    in columns (None)."""

    identifier: Identifier
    place: str
    value: object = field(repr=False)
    precise: bool = True
    document: str | None = None


@dataclass(frozen=True)
class Judgement:
    """What came of it."""

    certainty: Certainty
    share: float
    reasons: tuple[MatchReason, ...]

    @property
    def by_national_id(self) -> bool:
        """The national id is among what matches."""
        return any(item.identifier == Identifier.NATIONAL_ID and item.how in MATCHES for item in self.reasons)


def asked_values(person: Person) -> dict[Identifier, tuple[str, ...]]:
    """What a person gives, by identifier; only those that they give."""
    given: dict[Identifier, tuple[str, ...]] = {
        Identifier.NATIONAL_ID: (person.national_id,) if person.national_id else (),
        Identifier.CONTRACT: person.contracts,
        Identifier.EMAIL: person.emails,
        Identifier.PHONE: person.phones,
        Identifier.NAME: (person.name,) if person.name.strip() else (),
        Identifier.BIRTH_DATE: (person.birth_date.isoformat(),) if person.birth_date is not None else (),
    }
    return {identifier: values for identifier, values in given.items() if values}


def how_equal(identifier: Identifier, asked: Iterable[str], found: object) -> str | None:
    """`exact`, `normalised` or None, for everything but names."""
    values = tuple(asked)
    text = found.isoformat()[:10] if isinstance(found, date) else str(found)
    if text in values:
        return "exact"
    form = normal(identifier, found)
    return "normalised" if form is not None and form in {normal(identifier, value) for value in values} else None


def judge(
    person: Person,
    record: Sequence[Value],
    led_by: Sequence[MatchReason],
    tokens: Callable[[str], frozenset[str]] = lambda field: frozenset(),
) -> Judgement | None:
    """Weigh one record; None where it is not that person's.

    `led_by` are matches elsewhere that lead to the record (a contract's number); `tokens` gives for a field the tokens that what the person
    gives has there, so that a pseudonymised record is known again.
    """
    asked = asked_values(person)
    reasons = [*led_by, *_own_reasons(asked, record, tokens)]
    matched = {Identifier(item.identifier) for item in reasons if item.how in MATCHES}
    against = {Identifier(item.identifier) for item in reasons if item.how == "differs"}
    certainty = _certainty(matched, against, national_differs=_other_national_id(reasons))
    if certainty is None:
        return None
    share = sum(WEIGHTS[one] for one in matched & asked.keys()) / sum(WEIGHTS[one] for one in asked)
    return Judgement(certainty, round(share, 3), tuple(dict.fromkeys(reasons)))


def settled(judged: Mapping[str, Judgement]) -> dict[str, Judgement]:
    """The records of one dataset that remain, by key: beside one that is certain by its national id, those under another national id are
    other persons', and so are those where a weak thing matches under another name (a family's phone)."""
    if not any(item.certainty is Certainty.CERTAIN and item.by_national_id for item in judged.values()):
        return dict(judged)
    return {key: item for key, item in judged.items() if item.certainty is not Certainty.POSSIBLE or not _contradicted(item)}


def _own_reasons(
    asked: Mapping[Identifier, tuple[str, ...]], record: Sequence[Value], tokens: Callable[[str], frozenset[str]]
) -> Iterable[MatchReason]:
    for identifier, values in asked.items():
        own = [item for item in record if item.identifier is identifier and item.value is not None and item.value != ""]
        for item in own:
            if is_token(item.value) and item.value in tokens(item.place):
                yield MatchReason(identifier, item.place, "token")
        plain = [item for item in own if not is_token(item.value)]
        if identifier is Identifier.NAME:
            yield from _name_reasons(values[0], plain)
            continue
        met = [(item, how) for item in plain if (how := how_equal(identifier, values, item.value)) is not None]
        for item, how in met:
            yield MatchReason(identifier, item.place, how)
        if not met and (other := next((item for item in plain if _contradicts(item, values)), None)) is not None:
            yield MatchReason(identifier, other.place, "differs")


def _name_reasons(asked: str, found: Sequence[Value]) -> Iterable[MatchReason]:
    """The name stands in one of the places, or another stands in all of them."""
    compared = []
    for document in dict.fromkeys(item.document for item in found):
        own = [item for item in found if item.document == document]
        compared.append((own, compare_names(asked, [str(item.value) for item in own])))
    met = [(own, how) for own, how in compared if how in MATCHES]
    for own, how in met or (compared if all(how == "differs" for _, how in compared) else []):
        yield MatchReason(Identifier.NAME, _together(own), str(how))


def _contradicts(item: Value, asked: Sequence[str]) -> bool:
    if item.identifier is Identifier.NATIONAL_ID:
        return item.precise
    if item.identifier is Identifier.BIRTH_DATE:
        text = normal(Identifier.BIRTH_DATE, item.value)
        # What was generalised to its year stands on the first of January.
        return text is not None and not (text.endswith("-01-01") and asked[0].startswith(text[:4]))
    return False  # people have several numbers, addresses and contracts


def _certainty(matched: set[Identifier], against: set[Identifier], *, national_differs: bool) -> Certainty | None:
    contradicted = bool(against)
    named = Identifier.NAME in matched and bool(matched & _SECOND)
    if Identifier.NATIONAL_ID in matched:
        return Certainty.LIKELY if contradicted else Certainty.CERTAIN
    if national_differs:
        return Certainty.POSSIBLE if Identifier.CONTRACT in matched or named else None
    if named:
        return Certainty.LIKELY if contradicted else Certainty.CERTAIN
    if Identifier.CONTRACT in matched or {Identifier.EMAIL, Identifier.PHONE} <= matched:
        return Certainty.POSSIBLE if contradicted else Certainty.LIKELY
    return Certainty.POSSIBLE if matched & {Identifier.EMAIL, Identifier.PHONE, Identifier.NAME} else None


def _other_national_id(reasons: Iterable[MatchReason]) -> bool:
    return any(item.identifier == Identifier.NATIONAL_ID and item.how == "differs" for item in reasons)


def _contradicted(item: Judgement) -> bool:
    told = {Identifier(reason.identifier) for reason in item.reasons if reason.how == "differs"}
    return bool(told & {Identifier.NATIONAL_ID, Identifier.NAME})


def _together(values: Sequence[Value]) -> str:
    """The field of a name, or of several that together are one, as `clients.first_name+last_name`."""
    collection = values[0].place.rpartition(".")[0]
    return f"{collection}.{'+'.join(dict.fromkeys(item.place.rpartition('.')[2] for item in values))}"

"""Where the values that a person has corrected stand in their own rows, and what becomes of each place.

Pure; works on rows held in memory. A place is corrected where it holds the old value: national ids, e-mail addresses and phones in any
spelling in use, everything else word for word. Tokens are nobody's value any more and are left; fields that speak of others are theirs.

- **Held.** A legal dispute, an authority's request and a statutory blocking preserve a record as evidence: nothing in it is changed while
  they stand, and the person is told. A restriction (GDPR 18(1)(a)) protects who contests what is wrong; correcting it at their wish is what
  it waits for (18(2), with their consent), so it is corrected.
- **Left** to a person: keys that records refer to, fields of no column of their own (paths into documents).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from governance.catalogue.governed import Collection, GovernedDataset, GovernedField, key_text
from governance.catalogue.json_documents import parsed, reached
from governance.catalogue.national_ids import CATEGORY as NATIONAL_ID
from governance.catalogue.recognition.texts import EMAIL, PHONE
from governance.planning.evaluate import Row
from governance.planning.holds import Hold, HoldKind
from governance.policy.document import covered
from governance.policy.rights import Right
from governance.pseudonym.tokens import is_token
from governance.requests.corrections import Change, Wanted
from governance.requests.decision import Outcome, Ruling
from governance.requests.fields import Fault
from governance.requests.spelling import Identifier, normal

#: Holds that preserve what they cover as it is.
PRESERVING = frozenset({HoldKind.LEGAL_DISPUTE, HoldKind.AUTHORITY_REQUEST, HoldKind.STATUTORY_BLOCKING})
KEY, INSIDE = "a key that records refer to", "inside a document"
"""Why a place is left to a person."""

_IDENTIFIERS = {NATIONAL_ID: Identifier.NATIONAL_ID, EMAIL: Identifier.EMAIL, PHONE: Identifier.PHONE}
Own = Mapping[str, Mapping[Hashable, Row]]


@dataclass(frozen=True)
class Found:
    """What corrections come to in one dataset. `held` and `left` count rows by collection, field and hold or reason; `tokens` places that
    hold a pseudonym; `met` the numbers of the corrections that stand somewhere, also held or left, or are done already."""

    changes: tuple[tuple[int, Change], ...]
    held: Mapping[tuple[str, str, Hold], int]
    left: Mapping[tuple[str, str, str], int]
    tokens: int
    met: frozenset[int]


def find(
    dataset: GovernedDataset,
    own: Own,
    wanted: Sequence[Wanted],
    holds: Callable[[str, str], Hold | None],
    refer: Callable[[str, str], str],
) -> Found:
    """See the module. `own` are the person's rows, `holds` gives the hold that preserves a row, `refer` the keyed reference of a row."""
    changes: list[tuple[int, Change]] = []
    held: Counter[tuple[str, str, Hold]] = Counter()
    left: Counter[tuple[str, str, str]] = Counter()
    met: set[int] = set()
    tokens, taken = 0, set[tuple[str, Hashable, str]]()
    for n, item in enumerate(wanted, 1):
        for collection, field in _fields(dataset, item):
            for key, row in own.get(collection.name, {}).items():
                value = row[field.column]
                tokens += is_token(value)
                stands = _stands(field, value, item)
                if stands is None:
                    met |= {n} if _done(field, value, item) else set()
                    continue
                met.add(n)
                why = INSIDE if field.steps else KEY if is_key(collection, field.name) else ""
                hold = holds(collection.name, key_text(key))
                if why:
                    left[collection.name, field.name, why] += 1
                elif hold is not None:
                    held[collection.name, field.name, hold] += 1
                elif (collection.name, key, field.name) not in taken:
                    taken.add((collection.name, key, field.name))
                    text = key_text(key)
                    reference = refer(collection.name, text)
                    changes.append((n, Change(dataset.name, collection.name, field.name, text, reference, stands[0], item.new)))
    return Found(tuple(changes), held, left, tokens, frozenset(met))


def place_fault(dataset: GovernedDataset, n: int, item: Wanted) -> Fault | None:
    """Why a place that was named cannot be corrected by what is declared of it, or None."""
    if item.collection is None or item.field is None or item.dataset != dataset.name:
        return None
    collection = dataset.collections[item.collection]
    field, at = collection.fields[item.field], f"corrections.{n}.at"
    if not field.personal:
        return Fault(at, "a field of personal data", f"{item.at}, which is declared to hold none")
    if field.steps:
        return Fault(at, "a column of its own; a person corrects what stands inside documents", f"the path {item.at}")
    if is_key(collection, field.name):
        return Fault(at, "a column that is no key", f"{item.at}, by which records are found or refer to others")
    if field.name in collection.third_party:
        return Fault(at, "a field about the person", f"{item.at}, which speaks of others (GDPR 16: data concerning him or her)")
    if collection.subject is None:
        return Fault(at, "a collection whose rows belong to a person", f"{item.at}, whose rows belong to none")
    return None


def is_key(collection: Collection, field: str) -> bool:
    """The field is part of the key, or of a reference."""
    return field in collection.key or any(field in reference.fields for reference in collection.references)


def preserving(
    dataset: GovernedDataset, holds: Iterable[Hold], today: date, collection: str, key: str, persons: Iterable[str]
) -> Hold | None:
    """The hold that keeps a row from being changed: on itself, or on its person, whose keys are `persons`."""
    covered_by = {(collection, key), *((str(dataset.subjects), person) for person in persons)}
    for hold in holds:
        if hold.kind in PRESERVING and hold.active(today) and (hold.collection, hold.key) in covered_by:
            return hold
    return None


def rulings(dataset: GovernedDataset, found: Found, right: Right) -> tuple[Ruling, ...]:
    """What is decided, by collection and field in the order of the dataset."""
    counted: Counter[tuple[str, str, Outcome, str, str, str | None]] = Counter()
    for _, change in found.changes:
        counted[change.collection, change.field, Outcome.CORRECT, right.clause, "", None] += 1
    for (collection, field, hold), rows in found.held.items():
        until = hold.until.isoformat() if hold.until is not None else None
        counted[collection, field, Outcome.HOLD, hold.clause, "", until] += rows
    for (collection, field, why), rows in found.left.items():
        counted[collection, field, Outcome.LEAVE, "", why, None] += rows
    order = list(dataset.collections)
    listed = sorted(counted.items(), key=lambda item: (order.index(item[0][0]), *map(str, item[0][1:])))
    return tuple(
        Ruling(dataset.name, name, (field,), tuple(sorted(dataset.collections[name].fields[field].categories)), outcome, rows, "", clause,
               ground, (), until)
        for (name, field, outcome, clause, ground, until), rows in listed
    )  # fmt: skip


def text_of_value(value: object) -> str | None:
    """A value of a column as text: what a change keeps as its old value, and is held against under the lock."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def same_value(categories: Sequence[str], value: object, said: str) -> bool:
    """A value of a column is what somebody says stands there."""
    for category, identifier in _IDENTIFIERS.items():
        if any(covered(own, category) for own in categories):
            form = normal(identifier, text_of_value(value))
            if form is not None and form == normal(identifier, said):
                return True
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        try:
            return Decimal(said) == value
        except InvalidOperation:
            return False
    return _plain(text_of_value(value) or "") == _plain(said)


def _fields(dataset: GovernedDataset, item: Wanted) -> Iterator[tuple[Collection, GovernedField]]:
    if item.dataset is not None:
        if item.dataset == dataset.name:
            collection = dataset.collections[str(item.collection)]
            yield collection, collection.fields[str(item.field)]
        return
    for collection in dataset.collections.values():
        for field in collection.fields.values():
            about = field.personal and field.name not in collection.third_party
            if about and any(covered(own, str(item.category)) for own in field.categories):
                yield collection, field


def _stands(field: GovernedField, value: object, item: Wanted) -> tuple[str | None] | None:
    """The old value as it stands, where it does."""
    if field.steps:
        met = item.old is not None and any(same_value(field.categories, one, item.old) for one in _inside(field, value))
        return (None,) if met else None
    if value is None or item.old is None:
        return (None,) if value is None and item.old is None else None
    if is_token(value) or not same_value(field.categories, value, item.old):
        return None
    text = text_of_value(value)
    return None if text == item.new else (text,)


def _done(field: GovernedField, value: object, item: Wanted) -> bool:
    """The new value stands there already: repeating is success."""
    if field.steps or value is None or item.new is None:
        return not field.steps and value is None and item.new is None and item.dataset is not None
    return _plain(text_of_value(value) or "") == _plain(item.new)


def _inside(field: GovernedField, value: object) -> Sequence[Any]:
    """The values that a path reaches in a document."""
    try:
        document = parsed(value) if isinstance(value, str) else value
        return [one for one in reached(document, field.steps) if one is not None and not isinstance(one, dict | list)]
    except (ValueError, RecursionError):
        return []


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())

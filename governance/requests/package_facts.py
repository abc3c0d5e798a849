"""What a person is told about their data beside the data themselves (GDPR 15(1); Kazakhstan 7.1; koduliising 6.3), as plain JSON values:
for each category why it is processed and on which ground, where it comes from, who receives it, and until when it is kept. Pure.

Reads it off the policy pack and the dataset; says nothing that they do not say. `document` is the machine-readable form of a package.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from governance.catalogue.governed import Duty, FieldGroup, GovernedDataset
from governance.policy.document import covered
from governance.requests.package import Contents, Section, Withheld, purposes_of

Json = dict[str, Any]


def facts(contents: Contents, datasets: Sequence[GovernedDataset], language: str) -> list[Json]:
    """One entry for each personal category in the package, in the order of their names; titles in the language where the pack has them."""
    by_name = {dataset.name: dataset for dataset in datasets}
    return [_of_category(category, contents, by_name, language) for category in sorted(contents.personal)]


def document(contents: Contents, datasets: Sequence[GovernedDataset], head: Mapping[str, Any], language: str) -> Json:
    """The whole package as JSON values. `head` says whose, of which controller and when; short binary values are in base64. Whoever
    encloses files lists them under `files` and names them in their rows."""
    pack = datasets[0].pack
    authority = pack.supervisory_authority
    return {
        "lethe": "package/1",
        "kind": contents.kind,
        **head,
        "categories": facts(contents, datasets, language),
        "recipients": [_recipient(item, language) for item in pack.recipients],
        "authority": dict(authority.names) if authority is not None else {},
        "data": [
            {
                "database": section.dataset,
                "collection": section.collection,
                "fields": {name: list(section.categories[name]) for name in section.fields},
                "rows": [{name: plain(row[name]) for name in section.fields} for row in section.rows],
            }
            for section in contents.sections
        ],
        "files": [],
        "withheld": [told(item) for item in contents.withheld],
    }


def told(item: Withheld) -> Json:
    """A field that stays out, as the person reads it."""
    return {"database": item.dataset, "collection": item.collection, "field": item.field, "reason": item.reason.value, "rows": item.rows}


def plain(value: Any) -> Any:
    """A value of a database as JSON has it: amounts as texts, so that none is rounded; instants in ISO 8601."""
    match value:
        case None | bool() | int() | str() | float():
            return value
        case Decimal():
            return format(value, "f")
        case datetime() | date() | time():
            return value.isoformat()
        case UUID():
            return str(value)
        case bytes() | memoryview() | bytearray():
            return base64.b64encode(bytes(value)).decode("ascii")
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
    return str(value)


def cell(value: Any) -> str:
    """The same as one cell of a table; empty where nothing stands."""
    made = plain(value)
    if made is None:
        return ""
    return made if isinstance(made, str) else json.dumps(made, ensure_ascii=False)


def _of_category(category: str, contents: Contents, datasets: Mapping[str, GovernedDataset], language: str) -> Json:
    sections = [section for section in contents.sections if any(category in own for own in section.categories.values())]
    groups = [
        (datasets[section.dataset], section.collection, group) for section in sections for group in _groups(section, datasets, category)
    ]
    purposes = {
        (found.id, found.title_in(language), found.legal_basis, found.clause)
        for dataset, _, group in groups
        for purpose in purposes_of(group.direct, group.inherited)
        if (found := dataset.pack.purpose(purpose)) is not None
    }
    kept = {
        (_titled(dataset, duty, language), str(duty.term.period), duty.term.rule.value, duty.clause)
        for dataset, _, group in groups
        for duty in (*group.direct, *(item.duty for item in group.inherited))
    }
    origins = {(own.origin, own.origin_name) for section in sections for own in [datasets[section.dataset].collections[section.collection]]}
    pack = next(iter(datasets.values())).pack
    return {
        "category": category,
        "collections": sorted({f"{section.dataset}.{section.collection}" for section in sections}),
        "purposes": [
            {"purpose": title, "legal_basis": basis, "clause": clause}
            for _, title, basis, clause in sorted(purposes, key=lambda one: one[0])
        ],
        "kept": [
            {"class": title, "period": period, "counted": counted, "clause": clause} for title, period, counted, clause in sorted(kept)
        ],
        "origins": [{"origin": origin, "from": name} for origin, name in sorted(origins, key=str)],
        "recipients": [
            item.title_in(language)
            for item in pack.recipients
            if any(covered(category, one) or covered(one, category) for one in item.categories)
        ],
    }


def _groups(section: Section, datasets: Mapping[str, GovernedDataset], category: str) -> Iterable[FieldGroup]:
    collection = datasets[section.dataset].collections[section.collection]
    names = {name for name, own in section.categories.items() if category in own}
    return (group for group in collection.groups if names & set(group.fields))


def _titled(dataset: GovernedDataset, duty: Duty, language: str) -> str:
    rule = dataset.pack.rule(duty.class_id)
    return rule.title_in(language) if rule is not None else duty.title


def _recipient(item: Any, language: str) -> Json:
    return {
        "name": item.title_in(language),
        "role": item.role,
        "country": item.country,
        "since": item.since.isoformat() if item.since is not None else None,
        "clause": item.clause,
    }

"""Small lenders with a schema of the test's own: tables as one sentence each, and what must hold when a database is refused.

In every table `ended` starts both duties: what is in `coarse` has to go five years after it, what is in `whole` only with its row, after
fifty. So a row that ended in 2010 stays and loses the fields of `coarse`; a table without fields in `whole` loses the row. What is in
`later` goes as `coarse` does, by a duty and so in a step of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from simulators.lender import Lender, installed
from simulators.made_up_pack import made_up_pack

from embedded.postgres import EmbeddedPostgres
from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.errors import DatabaseUnfit
from governance.samples.copying import connect

PACK = made_up_pack("""
purposes: [{id: contract, title: Contract, legal_basis: contract, clause: "1", provenance: derived}]
deletion_classes:
  - id: old
    title: Old
    start_event: ended
    period: P5Y
    calendar: from-event
    categories: [user.contact]
    purposes: [contract]
    clause: "2"
    provenance: derived
  - id: older
    title: Older
    start_event: ended
    period: P6Y
    calendar: from-event
    categories: [user.location]
    purposes: [contract]
    clause: "2a"
    provenance: derived
  - id: books
    title: Books
    start_event: ended
    period: P50Y
    calendar: from-event
    categories: [user.financial]
    purposes: [contract]
    clause: "3"
    provenance: derived
""")


@dataclass(frozen=True)
class Declared:
    """A collection: its key, fields by action, fields kept with the row, and references (field -> `collection.key field`)."""

    coarse: Mapping[str, str] = field(default_factory=dict)
    whole: Sequence[str] = ()
    later: Mapping[str, str] = field(default_factory=dict)
    key: Sequence[str] = ("id",)
    references: Mapping[str, str] = field(default_factory=dict)


def dataset(**collections: Declared) -> GovernedDataset:
    """The dataset `graph` of these collections, under the pack above."""
    documents, bindings = [], {}
    for name, one in collections.items():
        fields: list[dict[str, Any]] = []
        for column in dict.fromkeys([*one.key, *one.references, "ended"]):
            meta: dict[str, Any] = {"primary_key": True} if column in one.key else {}
            if column in one.references:
                meta["references"] = [{"dataset": "graph", "field": one.references[column]}]
            fields.append({"name": column, "data_categories": ["system.operations"], "fides_meta": meta or None})
        for category, actions in (("user.contact", one.coarse), ("user.location", one.later)):
            for column, action in actions.items():
                meta = {"data_type": "string"} if action == "pseudonymise" else {}
                fields.append({"name": column, "data_categories": [category], "fides_meta": meta or None})
        fields += [{"name": column, "data_categories": ["user.financial"]} for column in one.whole]
        documents.append({"name": name, "fields": fields})
        duties = [{"class": "old", "covers": ["user.contact"], "start": "ended"}] if one.coarse else []
        duties += [{"class": "older", "covers": ["user.location"], "start": "ended"}] if one.later else []
        duties += [{"class": "books", "covers": ["user.financial"], "start": "ended"}] if one.whole else []
        acted = {**one.coarse, **one.later, **dict.fromkeys(one.whole, "with-row")}
        bindings[name] = {"duties": duties, "on_due": acted} if duties else {}
    document = {
        "dataset": [{"fides_key": "graph", "collections": documents}],
        "bindings": {"controller": "lender", "collections": {name: one for name, one in bindings.items() if one}},
    }
    return govern(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "graph.yaml", PACK, "pack.yaml")


def people(**coarse: str) -> GovernedDataset:
    """One collection `people` whose row stays, for the sake of `amount`."""
    return dataset(people=Declared(coarse, ["amount"]))


def collection(
    name: str, fields: Mapping[str, str], on_due: Mapping[str, str], *, data_type: str | None = None, **binding: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Document and binding of a collection of `id`, `ended` and fields by category, each with the duty that decides over it."""
    meta = {"fides_meta": {"data_type": data_type}} if data_type is not None else {}
    declared: list[dict[str, Any]] = [
        {"name": "id", "data_categories": ["system.operations"], "fides_meta": {"primary_key": True}},
        {"name": "ended", "data_categories": ["system.operations"]},
        *({"name": field, "data_categories": [category], **meta} for field, category in fields.items()),
    ]
    rules = {"user.contact": "old", "user.financial": "books"}
    duties = [{"class": rules[category], "covers": [category], "start": "ended"} for category in dict.fromkeys(fields.values())]
    return {"name": name, "fields": declared}, {"duties": duties, "on_due": dict(on_due), **binding}


def graph(server: EmbeddedPostgres, home: Path, of: GovernedDataset, *statements: str) -> Lender:
    """A lender over these tables."""

    def fill(url: str) -> None:
        with connect(url) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    return installed(server, home, of, fill)


def refusal(lender: Lender, *words: str, act: Callable[[], object] | None = None) -> DatabaseUnfit:
    """Planning (or `act`) ends with one line that has all the words, and nothing is written, here or in the governance database."""
    before = lender.contents(), lender.store_contents()
    with pytest.raises(DatabaseUnfit) as caught:
        (act or lender.plan)()
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith("graph.yaml: at ")
    for word in words:
        assert word in message, message
    assert (lender.contents(), lender.store_contents()) == before
    return caught.value

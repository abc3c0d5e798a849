"""A small policy and a small dataset for the tests of the policy tools, in order as they stand; each test plants its own fault."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import yaml

from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.policy.loading import load_pack
from governance.policy.pack import PolicyPack

Change = Callable[[Any], None]

PACK = """
controller: small
title: Data protection policy of a small lender
version: "1.0"
effective_from: 2024-01-01
country: EE
time_zone: Europe/Tallinn
languages: [et]
evidence_retention: P10Y
purposes:
  - {id: contract, title: Contracts, legal_basis: contract, clause: "4.1.4", provenance: source}
  - {id: decide, title: Decisions, legal_basis: contract, clause: "4.1.2", provenance: source}
  - {id: books, title: Books, legal_basis: legal-obligation, clause: "4.1.1", provenance: statute}
  - {id: advertising, title: Advertising, legal_basis: consent, clause: "4.1.11", provenance: source}
categories:
  - {key: user.legal_capacity, title: The fact of legal capacity}
registers:
  - {id: clients, title: Clients, retention: five years, clause: "7.1", provenance: source}
  - {id: personnel, title: Personnel, retention: fifty years, clause: "7.1", provenance: source}
recipients:
  - {id: bureau, title: Credit bureau, role: controller, country: EE,
     categories: [user.name], purposes: [contract], clause: "4.3", provenance: source}
residency: {storage: [EE], archive: [EE, FI], clause: "3.4", provenance: statute}
extensions:
  - {id: open-debt, title: A debt is open, kind: open-debt, clause: XII 1.5, provenance: source}
  - {id: dispute, title: A dispute is pending, kind: legal-dispute, clause: "21", provenance: source}
deletion_classes:
  - {id: loans, title: Loans, start_event: loan ended, period: P5Y, calendar: from-event, clause: "8.1", provenance: source,
     categories: [user], purposes: [contract], extended_by: [open-debt, dispute]}
  - {id: decisions, title: Decisions, start_event: decided, period: P12M, calendar: from-event, clause: "8.2", provenance: derived,
     categories: [user], purposes: [decide]}
  - {id: consents, title: Consents withdrawn, start_event: consent withdrawn, period: P0D, calendar: from-event, clause: "4.2",
     provenance: source, categories: [user], purposes: [advertising], effect: must-erase}
schedule: {scan: P1D, approval: P0D, grace: P1D, tolerance: P30D, clause: "17", provenance: derived}
caps: {max_share: 0.4, max_rows: 500000, clause: "4", provenance: derived}
approval: {mode: automatic, clause: "8", provenance: derived}
"""

DATASET = """
dataset:
  - fides_key: small
    collections:
      - name: people
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {data_type: integer, primary_key: true}}
          - {name: name, data_categories: [user.name], fides_meta: {data_type: string}}
          - {name: capacity, data_categories: [user.legal_capacity], fides_meta: {data_type: string}}
          - {name: hobby, data_categories: [user.behavior], fides_meta: {data_type: string}}
          - {name: decided_on, data_categories: [system.operations]}
          - {name: withdrawn_on, data_categories: [system.operations]}
      - name: loans
        fields:
          - {name: loan, data_categories: [system.operations], fides_meta: {data_type: integer, primary_key: true}}
          - {name: person, data_categories: [system.operations],
             fides_meta: {data_type: integer, references: [{dataset: small, field: people.id}]}}
          - {name: iban, data_categories: [user.financial.bank_account], fides_meta: {data_type: string}}
          - {name: status, data_categories: [system.operations], fides_meta: {data_type: string}}
          - {name: balance, data_categories: [system.operations], fides_meta: {data_type: integer}}
          - {name: ended_on, data_categories: [system.operations]}
bindings:
  controller: small
  subjects: people
  extensions:
    open-debt: [{collection: loans, subject: person, active_when: {field: balance, greater_than: 0}}]
    dispute: [{collection: loans, subject: person, active_when: {field: status, in: [disputed]}}]
  copies: {}
  collections:
    people:
      subject: id
      register: clients
      disclosures: [{recipient: bureau, categories: [user.name]}]
      duties:
        - {class: decisions, covers: [user], start: decided_on}
        - {class: consents, covers: [user.behavior], start: withdrawn_on, applies_when: {field: withdrawn_on, is_null: false}}
      on_due: {name: pseudonymise, capacity: nullify, hobby: nullify}
    loans:
      subject: person
      register: clients
      duties:
        - class: loans
          covers: [user]
          start: ended_on
          not_started_when: {field: status, in: [active]}
          keeps: [{via: person, categories: [user.name]}]
"""


def changed(text: str, change: Change = lambda document: None) -> str:
    """The document as YAML, with the change made to its parsed form."""
    document = copy.deepcopy(yaml.safe_load(text))
    change(document)
    return yaml.safe_dump(document, sort_keys=False)


def pack(change: Change = lambda document: None) -> PolicyPack:
    """The small pack, changed."""
    return load_pack(changed(PACK, change), "pack.yaml")


def governed(in_pack: Change = lambda document: None, in_dataset: Change = lambda document: None) -> GovernedDataset:
    """The small dataset under the small pack, either of them changed."""
    return govern(changed(DATASET, in_dataset), "data.yaml", changed(PACK, in_pack), "pack.yaml")


def add(section: str, *items: dict[str, Any]) -> Change:
    """Put items at the end of a list of the pack, which may not be there yet."""

    def change(document: Any) -> None:
        document.setdefault(section, []).extend(items)

    return change


def both(*changes: Change) -> Change:
    """One change after the other."""

    def change(document: Any) -> None:
        for item in changes:
            item(document)

    return change


def class_of(document: Any, class_id: str) -> dict[str, Any]:
    """A deletion class of a parsed pack."""
    found: dict[str, Any] = next(item for item in document["deletion_classes"] if item["id"] == class_id)
    return found


def duties_of(document: Any, collection: str) -> list[dict[str, Any]]:
    """The duties of a collection in a parsed dataset."""
    found: list[dict[str, Any]] = document["bindings"]["collections"][collection]["duties"]
    return found

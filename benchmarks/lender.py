"""A lender that does not exist, made for measuring enforcement: persons with eight identifiers, their loans, the payments of those.

`governed_lender` is its policy and data map, `fill` makes its books, within the server and quickly. Every person falls into one of three
lots: *doomed*, whose relation ended more than ten years ago and who goes with everything that hangs on the person; *due*, more than five
years ago, whose identifiers go while the row stays for the books; and *standing*. The lots are spread evenly over the table, as the ends
of relations are, so that hardly a page of it is left alone. All values are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from governance.catalogue.governed import GovernedDataset
from governance.catalogue.resolve import govern
from governance.samples.copying import connect

NAME = "measured-lender"
IDENTIFIERS = ("national_id", "given_name", "family_name", "identity_card", "phone", "email", "street_address", "iban")
IDENTITY_YEARS, ACCOUNTS_YEARS = 5, 10
LOANS = 2  # of each person
_STRIDE = 7919  # a prime: n * _STRIDE % clients visits every remainder once and spreads neighbours

_PACK = f"""
controller: {NAME}
title: A lender made for measuring
version: "1"
effective_from: 2020-01-01
country: BG
time_zone: Europe/Sofia
languages: [bg]
evidence_retention: P5Y
purposes:
  - {{id: contract, title: Contracts, legal_basis: contract, clause: "1", provenance: derived}}
  - {{id: accounting, title: Accounts, legal_basis: legal-obligation, clause: "2", provenance: derived}}
categories:
  - {{key: user.financial.amount, title: Amounts}}
extensions: [{{id: open-debt, title: A debt is open, kind: open-debt, clause: "3", provenance: derived}}]
deletion_classes:
  - id: identity
    title: Who the person is
    start_event: relation ended
    period: P{IDENTITY_YEARS}Y
    calendar: from-event
    clause: "4"
    provenance: derived
    categories: [user]
    purposes: [contract]
    extended_by: [open-debt]
  - id: accounts
    title: What was lent and paid
    start_event: relation ended
    period: P{ACCOUNTS_YEARS}Y
    calendar: from-event
    clause: "5"
    provenance: derived
    categories: [user]
    purposes: [accounting]
    extended_by: [open-debt]
schedule: {{scan: P1D, approval: P0D, grace: P1D, tolerance: P30D, clause: "7", provenance: derived}}
caps: {{max_share: 1.0, max_rows: 1000000000, clause: "8", provenance: derived}}
approval: {{mode: automatic, clause: "9", provenance: derived}}
"""

_RIGHTS = """rights:
  - kind: erasure
    clause: "10"
    provenance: derived
    yields: [{class: identity, standing: [running], clause: "11", provenance: derived}]
    stays: [{class: accounts, ground: legal-obligation, clause: "12", provenance: derived}]
"""

_CATEGORIES = {
    "national_id": "user.government_id.national_identification_number",
    "given_name": "user.name.first",
    "family_name": "user.name.last",
    "identity_card": "user.government_id",
    "phone": "user.contact.phone_number",
    "email": "user.contact.email",
    "street_address": "user.contact.address.street",
    "iban": "user.financial.bank_account",
    "monthly_income": "user.financial.amount",
    "contract_number": "user.unique_id",
    "amount": "user.financial.amount",
    "outstanding": "user.financial.amount",
    "paid": "user.financial.amount",
}
_IDENTITY = "[user.name, user.government_id, user.contact, user.financial.bank_account]"

#: What a record elsewhere has to say about a person's identity; the look under locks asks each of them.
_ELSEWHERE = f"""
        - class: identity
          covers: [user]
          start: closed_on
          not_started_when: {{field: closed_on, is_null: true}}
          keeps: [{{via: person_id, categories: {_IDENTITY}}}]
"""
_EXTENSIONS = "  extensions: {open-debt: [{collection: loans, subject: person_id, active_when: {field: outstanding, greater_than: 0}}]}\n"

_SCHEMA = {
    "persons": """
        person_id bigint PRIMARY KEY, national_id varchar(64) NOT NULL, given_name varchar(64), family_name varchar(64),
        identity_card varchar(64), phone varchar(64), email varchar(128), street_address varchar(200), iban varchar(64),
        monthly_income numeric(12, 2), registered_at timestamptz, ended_on date, country varchar(2), segment text, branch_no integer,
        channel text, language text, newsletter boolean, risk_band integer, updated_at timestamptz""",
    "loans": """
        loan_id bigint PRIMARY KEY, person_id bigint NOT NULL, contract_number text, amount numeric(12, 2), outstanding numeric(12, 2),
        opened_on date, closed_on date, product text, state text""",
    "payments": "payment_id bigint PRIMARY KEY, loan_id bigint NOT NULL, paid_on date, paid numeric(12, 2), method text",
}
_CONSTRAINTS = (
    "ALTER TABLE persons ADD UNIQUE (national_id)",
    "CREATE INDEX ON persons (family_name)",
    "CREATE INDEX ON persons (phone)",
    "CREATE INDEX ON persons (email)",
    "CREATE INDEX ON persons (ended_on)",
    "ALTER TABLE loans ADD FOREIGN KEY (person_id) REFERENCES persons",
    "CREATE INDEX ON loans (person_id)",
    "CREATE INDEX ON loans (closed_on)",
    "ALTER TABLE payments ADD FOREIGN KEY (loan_id) REFERENCES loans",
    "CREATE INDEX ON payments (loan_id)",
)


@dataclass(frozen=True)
class Books:
    """How much there is of everything; `payments` of each loan."""

    clients: int
    due: int
    doomed: int
    payments: int


def governed_lender(*, alone: bool = False) -> GovernedDataset:
    """The dataset under its pack. `alone`: no record elsewhere keeps or extends the identity of a person."""
    pack = "".join(line for line in _PACK.splitlines(keepends=True) if not line.strip().startswith("exten")) if alone else _PACK
    return govern(_dataset(alone), f"{NAME}.yaml", pack, f"{NAME}-pack.yaml")


def written(folder: Path) -> dict[str, str]:
    """The same as files in a folder, for a `lethe.yaml`: a pack in which identity may be kept and ends for who asks, and the dataset."""
    found = {"pack": folder / f"{NAME}-pack.yaml", "dataset": folder / f"{NAME}.yaml"}
    found["pack"].write_text(_PACK.replace("  - id: identity\n", "  - id: identity\n    effect: may-keep\n") + _RIGHTS)
    found["dataset"].write_text(_dataset(alone=False))
    return {what: str(path) for what, path in found.items()}


def _dataset(alone: bool) -> str:
    collections = "\n".join(_collection(name) for name in _SCHEMA)
    on_due = "".join(f"        {name}: pseudonymise\n" for name in IDENTIFIERS)
    return f"""
dataset:
  - fides_key: {NAME}
    collections:
{collections}
bindings:
  controller: {NAME}
  subjects: persons
{"" if alone else _EXTENSIONS}
  collections:
    persons:
      subject: person_id
      duties:
        - {{class: identity, covers: {_IDENTITY}, start: ended_on, not_started_when: {{field: ended_on, is_null: true}}}}
        - {{class: accounts, covers: [user.financial.amount], start: ended_on, not_started_when: {{field: ended_on, is_null: true}}}}
      on_due:
{on_due}        monthly_income: with-row
    loans:
      subject: person_id
      duties:{"" if alone else _ELSEWHERE.rstrip()}
        - {{class: accounts, covers: [user], start: closed_on, not_started_when: {{field: closed_on, is_null: true}}}}
      on_due: {{contract_number: with-row, amount: with-row, outstanding: with-row}}
    payments:
      subject: loan_id.person_id
      duties:
        - {{class: accounts, covers: [user], start: loan_id.closed_on, not_started_when: {{field: loan_id.closed_on, is_null: true}}}}
"""


def _collection(name: str) -> str:
    own, targets = f"{name[:-1]}_id", {"person_id": "persons", "loan_id": "loans"}
    fields = []
    for definition in _SCHEMA[name].replace("numeric(12, 2)", "float").split(","):
        field, kind = definition.split()[:2]
        meta = [f"data_type: {'integer' if kind in ('bigint', 'integer') else 'float'}"] if kind in ("bigint", "integer", "float") else []
        if kind.startswith(("varchar", "text")):
            meta.append("data_type: string")
        if field == own:
            meta.append("primary_key: true")
        elif field in targets:
            meta.append(f"references: [{{dataset: {NAME}, field: {targets[field]}.{field}}}]")
        category = _CATEGORIES.get(field, "system.operations")
        inner = f", fides_meta: {{{', '.join(meta)}}}" if meta else ""
        fields.append(f"          - {{name: {field}, data_categories: [{category}]{inner}}}")
    return "\n".join([f"      - name: {name}", "        fields:", *fields])


def fill(url: str, books: Books, today: date) -> None:
    """Make the three tables; `url` bears a role that may. Autovacuum stays away from them, for it would come when it likes."""
    lot = f"n * {_STRIDE}::bigint % {books.clients}"
    ended = f"""CASE WHEN {lot} < {books.doomed} THEN d - interval '{ACCOUNTS_YEARS + 1} years' - n % 3000 * interval '1 day'
        WHEN {lot} < {books.doomed + books.due} THEN d - interval '{IDENTITY_YEARS + 1} years' - n % 1000 * interval '1 day'
        WHEN n % 2 = 0 THEN d - n % 1400 * interval '1 day' END::date"""
    persons = f"""INSERT INTO persons SELECT n, lpad((n * {_STRIDE} % 10000000000)::text, 10, '0'),
        (ARRAY['Иван', 'Мария', 'Георги', 'Елена', 'Aigul', 'Nurlan', 'Mari', 'Jaan'])[1 + n % 8],
        (ARRAY['Измислен', 'Примерен', 'Näidis', 'Үлгі'])[1 + n % 4] || '-' || n % 5000,
        '6' || lpad((n * 7907 % 100000000)::text, 8, '0'), '+35988' || lpad((n * 104729 % 10000000)::text, 7, '0'),
        'person' || n || '@example.com', 'ул. Примерна ' || n % 200 || ', ап. ' || n % 40,
        'BG00TEST' || lpad((n * 15485863 % 100000000000000)::text, 14, '0'),
        n * 37 % 400000 / 100.0, d - n % 4000 * interval '1 day', {ended}, 'BG', 'retail', n % 50, 'web', 'bg', n % 3 = 0, n % 7, d
        FROM generate_series(1, {books.clients}::bigint) n, (VALUES (DATE '{today}')) AS t (d)"""
    loans = f"""INSERT INTO loans SELECT person_id * {LOANS} + k, person_id, 'C-' || person_id || '-' || k, 1000,
        CASE WHEN ended_on IS NULL THEN 500 ELSE 0 END, coalesce(ended_on, DATE '{today}') - 400, ended_on - k, 'instalment', 'booked'
        FROM persons, generate_series(0, {LOANS - 1}) k ORDER BY 1"""
    payments = f"""INSERT INTO payments SELECT loan_id * {books.payments} + k, loan_id, opened_on + 30 * k, 90.5, 'transfer'
        FROM loans, generate_series(0, {books.payments - 1}) k ORDER BY 1"""
    with connect(url) as connection:
        for name, columns in _SCHEMA.items():
            connection.execute(f"CREATE TABLE {name} ({columns}) WITH (autovacuum_enabled = off)".encode())
        for statement in (persons, loans, payments, *_CONSTRAINTS):
            connection.execute(statement.encode())

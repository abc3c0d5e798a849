"""Packages for persons: everything that is theirs and nothing of anybody else, opened by them alone, gone when their time is over."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pyzipper
import sqlalchemy as sa
from evidence_support import START, SetClock
from request_support import draft, seen, told
from simulators.lender import Lender, drop_lender, make_lender
from simulators.portable import PortableLender, plain
from typer.testing import CliRunner

from embedded.postgres import EmbeddedPostgres
from governance.adapters.gathering import DatabaseGatherer
from governance.adapters.keyring import FileKeyring
from governance.adapters.locating import DatabaseFinder
from governance.adapters.package_shelf import FolderShelf
from governance.adapters.packaging import ZipPacker
from governance.adapters.paper.typesetting import TypstPaper
from governance.cli import app
from governance.errors import RequestRefused
from governance.ports import PersonRows
from governance.requests.columns import identity_columns
from governance.requests.request import Person, Stage
from governance.requests.spelling import Identifier
from governance.run.locate import locate, pick
from governance.run.package import Packaging, download, make_package, purge_packages
from governance.store.database import Store
from governance.store.located import LocatedRecords
from governance.store.models import SpoolRow
from governance.store.packages import Packages
from governance.store.requests import Requests

SAMPLES = ("credithelp", "credit-plus", "expert-plus", "koduliising", "kredit-seven")
#: References that no foreign key declares, as the schemas say: child, its column, parent.
VIRTUAL = {
    "credit-plus": [("skoring", "zayavlenie_klyuch", "zayavlenia")],
    "expert-plus": [("zhurnal_kontaktov", "dolzhnik_nomer", "dolzhniki")],
    "koduliising": [("algdokumendid", "lepingu_viide", "jarelmaksulepingud")],
    "kredit-seven": [("BarredPerson", "BorrowerId", "Borrower")],
}


@dataclass
class Desk:
    """Where requests are worked: a lender, its register and what makes packages."""

    lender: Lender
    register: Requests
    packaging: Packaging
    clock: SetClock

    @property
    def finder(self) -> DatabaseFinder:
        return DatabaseFinder(self.lender.engine, self.lender.dataset, FileKeyring(self.lender.keyring))

    @property
    def gatherer(self) -> DatabaseGatherer:
        return DatabaseGatherer(self.lender.engine, self.lender.dataset, FileKeyring(self.lender.keyring))

    def located(self, kind: str, person: Person, **more: Any) -> UUID:
        """A verified request whose person was looked for."""
        made = self.register.new(
            draft(kind=kind, person=person, controller=self.lender.dataset.controller, **more),
            due=date(2026, 3, 30), zone=self.lender.dataset.zone, by="officer", now=START,
        )  # fmt: skip
        self.register.verified(made.id, seen(), now=START)
        locate([made.id], [self.finder], self.register, self.packaging.records, self.clock, by="officer")
        return made.id

    def decided(self, kind: str, person: Person, **more: Any) -> UUID:
        """One whose decision was approved."""
        request = self.located(kind, person, **more)
        for stage in (Stage.PROPOSED, Stage.DECIDED):
            self.register.advance(request, stage, by="officer", now=START)
        return request

    def package(self, request: UUID, **more: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
        """The package as the person opens it: data.json, and every file."""
        made = make_package(request, [self.gatherer], self.packaging, by="officer", **more)
        return opened(taken_out(made.package.id, self.packaging), made.passphrase)


def taken_out(package: UUID, packaging: Packaging) -> bytes:
    with download(package, packaging, by="officer") as file:
        return file.read()


def opened(content: bytes, passphrase: str | None) -> tuple[dict[str, Any], dict[str, bytes]]:
    with pyzipper.AESZipFile(io.BytesIO(content)) as bundle:
        bundle.setpassword((passphrase or "").encode())
        files = {name: bundle.read(name) for name in bundle.namelist()}
    return json.loads(files["data.json"]), files


def desk_of(lender: Lender, home: Path) -> Desk:
    store, keys, clock = Store(lender.store), FileKeyring(lender.keyring), SetClock(START)
    register = Requests(store, keys, run_id="test")
    packaging = Packaging(
        register, LocatedRecords(store, keys), Packages(store), ZipPacker(TypstPaper()), FolderShelf(home / "packages"), clock
    )
    return Desk(lender, register, packaging, clock)


@pytest.fixture(scope="module", params=SAMPLES)
def sampled(request: pytest.FixtureRequest, postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("packages")
    lender = make_lender(postgres, home, sample=request.param)
    yield desk_of(lender, home)
    drop_lender(lender)


@pytest.fixture
def desk(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Desk]:
    lender = make_lender(postgres, tmp_path)
    yield desk_of(lender, tmp_path)
    drop_lender(lender)


def person_of(lender: Lender, row: dict[str, Any]) -> Person:
    columns = identity_columns(lender.dataset)[str(lender.dataset.subjects)]
    (national,) = [row[item.field] for item in columns if item.identifier is Identifier.NATIONAL_ID and item.precise]
    return Person(" ".join(str(row[item.field]) for item in columns if item.identifier is Identifier.NAME and row[item.field]), national)


def belonging(lender: Lender, rows: dict[str, Any], wanted: list[Any]) -> dict[Any, dict[str, int]]:
    """How many rows of each table belong to subjects: by the foreign keys of the database itself, from parents to children."""
    declared = lender.ask(
        "SELECT c.conrelid::regclass::text, array_agg(a.attname::text ORDER BY k.n), c.confrelid::regclass::text,"
        " array_agg(b.attname::text ORDER BY k.n) FROM pg_constraint c, unnest(c.conkey, c.confkey) WITH ORDINALITY AS k(own, other, n),"
        " pg_attribute a, pg_attribute b WHERE c.contype = 'f' AND a.attrelid = c.conrelid AND a.attnum = k.own"
        " AND b.attrelid = c.confrelid AND b.attnum = k.other AND c.connamespace = 'public'::regnamespace GROUP BY c.oid, 1, 3"
    )
    keys = [(child.strip('"'), tuple(own), parent.strip('"'), tuple(other)) for child, own, parent, other in declared]
    primary = {name: item.key for name, item in lender.dataset.collections.items()}
    keys += [(child, (column,), parent, primary[parent]) for child, column, parent in VIRTUAL.get(lender.dataset.name, [])]
    pointing: dict[Any, list[Any]] = {}
    for child, fields, _, _ in keys:
        for key, row in rows[child].items():
            pointing.setdefault((child, fields, tuple(row[field] for field in fields)), []).append(key)
    return {key: _closure(str(lender.dataset.subjects), key, rows, keys, pointing) for key in wanted}


def _closure(subjects: str, key: Any, rows: dict[str, Any], keys: list[Any], pointing: dict[Any, list[Any]]) -> dict[str, int]:
    found: dict[str, set[Any]] = {subjects: {key}}
    waiting = [(subjects, key)]
    while waiting:
        parent, own = waiting.pop()
        for child, fields, target, others in keys:
            if target == parent:
                for other in pointing.get((child, fields, tuple(rows[parent][own][name] for name in others)), []):
                    if other not in found.setdefault(child, set()):
                        found[child].add(other)
                        waiting.append((child, other))
    return {name: len(some) for name, some in found.items() if some}


def test_a_package_holds_every_row_of_the_person_and_no_value_of_another(sampled: Desk) -> None:
    lender = sampled.lender
    subjects = str(lender.dataset.subjects)
    rows = lender.rows()
    counts = belonging(lender, rows, list(rows[subjects]))
    richest = sorted(counts, key=lambda key: (-len(counts[key]), str(key)))[:2]
    others = values_of_persons(lender, rows)
    for key in richest:
        request = sampled.decided("access", person_of(lender, rows[subjects][key]), language="en")
        document, files = sampled.package(request)
        assert {part["collection"]: len(part["rows"]) for part in document["data"]} == counts[key]
        own = {value for (_, subject), some in others.items() if subject == key for value in some}
        foreign = {value for (_, subject), some in others.items() if subject != key for value in some} - own
        text = files["data.json"].decode()
        assert len(foreign) > 500
        assert [value for value in foreign if json.dumps(value, ensure_ascii=False) in text] == []
        assert {item["reason"] for item in document["withheld"]} <= {"others", "secret"}
        assert files["data.pdf"].startswith(b"%PDF")
        tables = {name for name in files if name.startswith("tables/")}
        assert len(tables) == len(document["data"])
        for part in document["data"]:
            table = list(csv.reader(io.StringIO(files[f"tables/{lender.dataset.name}.{part['collection']}.csv"].decode("utf-8-sig"))))
            assert table[0] == list(part["fields"])
            assert len(table) == len(part["rows"]) + 1


def values_of_persons(lender: Lender, rows: dict[str, Any]) -> dict[tuple[str, Any], set[str]]:
    """Whatever identifies somebody, by collection and the subject whose it is; what is declared as of third parties is nobody's here."""
    found: dict[tuple[str, Any], set[str]] = {}
    columns = identity_columns(lender.dataset)
    for name, collection in lender.dataset.collections.items():
        for row in rows[name].values():
            owner = owner_of(lender, rows, name, row)
            for item in columns.get(name, ()):
                value = row[item.field]
                whole_name = item.identifier is not Identifier.NAME or (isinstance(value, str) and " " in value)
                if (
                    isinstance(value, str)
                    and whole_name
                    and item.identifier is not Identifier.BIRTH_DATE
                    and name in lender.dataset.collections
                ):
                    found.setdefault((name, None if item.field in collection.third_party else owner), set()).add(value)
    own_names = {
        key: " ".join(
            str(row[item.field]) for item in columns[str(lender.dataset.subjects)] if item.identifier is Identifier.NAME and row[item.field]
        )
        for key, row in rows[str(lender.dataset.subjects)].items()
    }
    for key, name in own_names.items():  # a payer who is the client is no third party
        found.setdefault(("names", key), set()).update(" ".join(order) for order in permutations(name.split()))
    return found


def owner_of(lender: Lender, rows: dict[str, Any], name: str, row: dict[str, Any]) -> Any:
    path = lender.dataset.collections[name].subject
    if path is None:
        return None
    *steps, last = path.split(".")
    for step in steps:
        reference = lender.dataset.collections[name].reference(step)
        assert reference is not None
        key = reference.key_in(row)
        if key is None:
            return None
        name, row = reference.collection, rows[reference.collection][key]
    return row[last]


def client(desk: Desk, key: int) -> Person:
    return person_of(desk.lender, desk.lender.rows()["clients"][key])


def with_loans(desk: Desk) -> int:
    """A client of the lender with contracts and payments."""
    query = "SELECT client_id FROM contracts JOIN transactions USING (contract_id) GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    return int(desk.lender.value(query))


def test_what_is_said_of_others_stays_out(desk: Desk) -> None:
    key = with_loans(desk)
    ((egn,),) = desk.lender.ask("SELECT egn FROM clients WHERE client_id <> %s ORDER BY 1 LIMIT 1", key)
    desk.lender.ask(
        "UPDATE transactions SET counterparty_name = 'Канарка Чужда Платеца', counterparty_iban = 'BG00CANARYIBAN' WHERE transaction_id ="
        " (SELECT min(transaction_id) FROM transactions JOIN contracts USING (contract_id) WHERE client_id = %s)", key,
    )  # fmt: skip
    dispute = "INSERT INTO disputes (dispute_id, client_id, opened_on, statement) VALUES (9001, %s, '2026-01-01', %s)"
    desk.lender.ask(dispute, key, f"съпругът, ЕГН {egn}, се обади")
    document, files = desk.package(desk.decided("access", client(desk, key)))
    assert not any(text in content for content in files.values() for text in ("Канарка".encode(), b"CANARYIBAN", egn.encode()))
    out = {(item["collection"], item["field"]): (item["reason"], item["rows"]) for item in document["withheld"]}
    assert out["transactions", "counterparty_name"] == ("others", 1)
    assert out["disputes", "statement"] == ("others", 1)
    own = next(part for part in document["data"] if part["collection"] == "transactions")
    assert sum(row["counterparty_name"] is not None for row in own["rows"]) > 0, "the person's own payments stay theirs"


def test_the_person_is_told_why_from_where_for_whom_and_how_long(desk: Desk) -> None:
    key = with_loans(desk)
    document, _ = desk.package(desk.decided("access", client(desk, key)))
    by_category = {item["category"]: item for item in document["categories"]}
    personal = {one for part in document["data"] for own in part["fields"].values() for one in own if one.startswith("user")}
    assert set(by_category) == personal
    number = by_category["user.government_id.national_identification_number"]
    assert number["purposes"]
    assert all(one["legal_basis"] and one["clause"] for one in number["purposes"])
    assert {"from-event", "from-next-year"} >= {one["counted"] for one in number["kept"]}
    assert all(one["period"].startswith("P") for item in by_category.values() for one in item["kept"])
    assert {item["origin"] for item in by_category["user.financial.amount"]["origins"]} >= {"person", "use"}
    assert document["authority"]["en"]


def test_results_of_credit_bureaus_are_in_it(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    lender = make_lender(postgres, tmp_path, sample="koduliising")  # 6.3
    desk = desk_of(lender, tmp_path)
    query = (
        'SELECT t."kliendi_id", count(*), sum(q."kohustuste_summa") FROM "krediidiparingud" q JOIN "taotlused" t USING ("taotluse_id")'
        " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
    )
    ((key, count, owed),) = lender.ask(query)
    document, _ = desk.package(desk.decided("access", person_of(lender, lender.rows()["klient"][key])))
    (part,) = [part for part in document["data"] if part["collection"] == "krediidiparingud"]
    assert (len(part["rows"]), sum(Decimal(row["kohustuste_summa"] or 0) for row in part["rows"])) == (count, owed or 0)
    assert part["fields"].keys() >= {"andmekogu", "päringu_kell", "maksehäireid", "kohustuste_summa"}
    (told_,) = [item for item in document["categories"] if item["category"] == "user.reliability"]
    assert {"origin": "others", "from": "credit registers and payment-default registers"} in told_["origins"]
    drop_lender(lender)


def test_portability_gives_what_was_asked_of_what_the_person_gave(desk: Desk) -> None:
    key = with_loans(desk)
    whole, _ = desk.package(desk.decided("portability", client(desk, key)))
    origins = {desk.lender.dataset.collections[part["collection"]].origin for part in whole["data"]}
    assert origins <= {"person", "use"}
    assert "clients" in {part["collection"] for part in whole["data"]}
    assert "not-portable" in {item["reason"] for item in whole["withheld"]}
    assert "aml_files" not in {part["collection"] for part in whole["data"]}
    exact, _ = desk.package(desk.decided("portability", client(desk, key)), asked=["user.contact.email"])
    assert [(part["collection"], list(part["fields"])) for part in exact["data"]] == [("clients", ["client_id", "email"])]
    with pytest.raises(RequestRefused, match="expected data categories"):
        desk.package(desk.decided("portability", client(desk, key)), asked=["user.made_up"])


def test_a_package_is_opened_by_the_person_alone_and_gone_when_its_time_is_over(desk: Desk, tmp_path: Path) -> None:
    request = desk.decided("access", client(desk, 7))
    made = make_package(request, [desk.gatherer], desk.packaging, by="officer", days=14)
    (file,) = (tmp_path / "packages").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    content = file.read_bytes()
    assert client(desk, 7).national_id.encode() not in content  # type: ignore[union-attr]
    with pytest.raises(RuntimeError, match="password"):
        opened(content, "wrong")
    assert made.passphrase is not None
    assert len(made.passphrase) == 35
    kept = desk.lender.store_contents()
    assert made.passphrase not in kept
    assert made.passphrase not in repr(made)
    for hidden in (client(desk, 7).national_id, client(desk, 7).name):
        assert str(hidden) not in kept
    assert taken_out(made.package.id, desk.packaging) == content
    with Store(desk.lender.store).begin() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SpoolRow)) == 0, "it is on its way to the archive"

    assert purge_packages(desk.packaging) == 0
    late = replace(desk.packaging, clock=SetClock(START + timedelta(days=14)))
    with pytest.raises(RequestRefused, match="its time was over"):
        taken_out(made.package.id, late)
    assert purge_packages(late) == 1
    assert purge_packages(late) == 0
    assert list((tmp_path / "packages").iterdir()) == []
    events = [kind for kind, _ in told(Store(desk.lender.store)) if kind.startswith("package.")]
    assert events == ["package.made", "package.downloaded", "package.purged"]
    assert [act.act for act in desk.register.history(request)][-2:] == ["package-made", "package-downloaded"]


def test_a_package_for_a_certificate_is_opened_with_its_key(desk: Desk, certificate: Callable[[bytes], bytes], tmp_path: Path) -> None:
    request = desk.decided("access", client(desk, 7))
    made = make_package(request, [desk.gatherer], desk.packaging, by="officer", certificate=tmp_path / "person.pem")
    assert made.passphrase is None
    document, _ = opened(certificate(taken_out(made.package.id, desk.packaging)), None)
    assert document["person"] == client(desk, 7).name


def test_nothing_is_packed_before_the_approval_or_while_it_is_not_sure_who_is_meant(desk: Desk) -> None:
    person = client(desk, 7)
    early = desk.located("access", person)
    with pytest.raises(RequestRefused, match="made after the approval"):
        make_package(early, [desk.gatherer], desk.packaging, by="officer")
    with pytest.raises(RequestRefused, match="expected a request of kind access"):
        make_package(desk.decided("erasure", person), [desk.gatherer], desk.packaging, by="officer")

    desk.lender.ask("UPDATE clients SET phone = '+359888000111' WHERE client_id IN (7, 8)")
    unsure = desk.located("access", Person("", phones=("0888 000 111",)))
    located = desk.packaging.records.of(unsure)
    assert desk.register.get(unsure).stage is Stage.AMBIGUOUS
    assert sorted(item.key for item in located.candidates) == ["7", "8"]
    chosen = next(item.key_ref for item in located.candidates if item.key == "7")

    def picked(references: list[str], reason: str = "познат по гласа", dataset: str = "credithelp") -> Any:
        records, register = desk.packaging.records, desk.register
        return pick(unsure, dataset, references, desk.finder, register, records, desk.clock, reason=reason, by="officer")

    with pytest.raises(RequestRefused, match="--reason"):
        picked([chosen], " ")
    with pytest.raises(RequestRefused, match="1 others"):
        picked(["ref1." + "0" * 32])
    with pytest.raises(RequestRefused, match="waits for a pick"):
        picked([chosen], dataset="other")
    after = picked([chosen])
    assert [item.key for item in after.candidates] == ["7"]
    assert desk.register.get(unsure).stage is Stage.LOCATED
    kinds = [(kind, body) for kind, body in told(Store(desk.lender.store)) if kind in ("request.located", "request.picked")]
    assert kinds[-1][1] | {"references": (chosen,), "dropped": 1} == kinds[-1][1]
    assert kinds[-2][1]["ambiguous"] is True
    with pytest.raises(RequestRefused, match="waits for a pick"):
        picked([chosen])


def test_a_name_alone_finds_nobody_and_is_told_so(desk: Desk) -> None:
    with pytest.raises(RequestRefused, match="expected a national id"):
        desk.located("access", Person("Иван Петров"))


def test_the_way_of_a_request_on_the_command_line(desk: Desk) -> None:
    desk.lender.workplace()  # writes lethe.yaml
    person = client(desk, 7)
    made = desk.register.new(
        draft(kind="access", person=person, language="en"), due=date(2026, 3, 30), zone=desk.lender.dataset.zone, by="officer", now=START
    )
    desk.register.verified(made.id, seen(), now=START)

    def command(*words: str, exit_code: int = 0) -> str:
        done = CliRunner().invoke(app, ["request", *words, "--home", str(desk.lender.home)], catch_exceptions=True)
        assert done.exit_code == exit_code, done.output
        assert not any(str(value) in done.output for value in (person.name, person.national_id))
        return done.output

    told_ = command("locate", "--all", "--by", "officer")
    assert "certain" in told_
    assert "clients.egn" in told_
    assert "standby: follows" in told_
    shown = json.loads(command("located", str(made.number), "--json"))
    assert [row["key_ref"] for row in shown["candidates"]]
    assert "key" not in shown["candidates"][0]
    command("package", str(made.number), "--by", "officer", exit_code=1)
    for stage in (Stage.PROPOSED, Stage.DECIDED):
        desk.register.advance(made.id, stage, by="officer", now=START)
    words = ["--category", "user.contact.email", "--withhold", "credithelp.clients.phone"]
    lines = command("package", str(made.number), "--by", "officer", *words).splitlines()
    (passphrase,) = [line for line in lines if re.fullmatch(r"([a-z2-9]{5}-){5}[a-z2-9]{5}", line)]
    package = next(line.split()[-1] for line in lines if "request download" in line)
    target = desk.lender.home / "package.zip"
    command("download", package, "--by", "officer", "-o", str(target))
    document, _ = opened(target.read_bytes(), passphrase)
    assert document["data"][0]["rows"][0]["email"] == desk.lender.rows()["clients"][7]["email"]
    assert passphrase not in command("packages", str(made.number))
    assert command("purge-packages").startswith("0 packages")


def test_other_dialects_gather_the_same_rows(desk: Desk, copy: Callable[[Lender], PortableLender]) -> None:
    (located,) = desk.finder.find([client(desk, with_loans(desk))])
    other = copy(desk.lender)
    there = DatabaseGatherer(other.engine, other.dataset, FileKeyring(desk.lender.keyring)).gather(located.candidates)
    here = desk.gatherer.gather(located.candidates)

    def told_plainly(rows: PersonRows) -> dict[str, list[dict[str, Any]]]:
        return {name: [{field: plain(value) for field, value in row.items()} for row in some] for name, some in rows.items()}

    assert told_plainly(there) == told_plainly(here)
    assert len(here) > 5

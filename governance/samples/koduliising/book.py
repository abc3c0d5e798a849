"""The lender's book while it is being written: the next number of each table, and the rows not yet handed on.

A `Book` knows the frozen today (`as_of`) and the die of the client at hand. Its methods write one record of a client's dealings with the
lender; which records, and when, is decided elsewhere. What marketing and research know of clients: `marketing.py`. Memory: one client.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.samples.bulgarian import between, pick
from governance.samples.dates import DAY, moment
from governance.samples.estonian import Person, person
from governance.samples.koduliising import words
from governance.samples.koduliising.rows import (
    NO,
    YES,
    AsutuseParing,
    Isikutuvastus,
    Kaebus,
    Klient,
    Kohtuasi,
    KolmasIsik,
    Krediidiparing,
    Local,
    Pakkumine,
    Row,
    Taotlus,
    Teavitus,
    TeovõimeKontroll,
    money,
)
from governance.samples.telling import NumberedBook

OPENING, CLOSING = 9 * 3600, 18 * 3600  # office hours, in seconds of the day
OFFER_VALID_DAYS = 14
_THIRD_PERSONS = 10_000_000  # their numbers, as people, lie above those of all clients


@dataclass
class Life:
    """A client whose story is being told; `Book.close` writes the row, when everything about the person is known."""

    number: int
    who: Person
    since: date
    state: str = "taotleja"
    application_ended: date | None = None
    relation_ended: date | None = None
    active_on: date | None = None
    social_account: str | None = None
    habits: str | None = None


class Book(NumberedBook[Row]):
    """See the module."""

    person_table = Klient

    def at(self, day: date) -> Local:
        """Some moment of the day within office hours."""
        return moment(day, between(self.r, OPENING, CLOSING))

    # -- the person -----------------------------------------------------------------------------------------------------------

    def open(self, since: date, *, invalid_isikukood: bool = False) -> Life:
        """The next client, a new person, known since that day."""
        number = self.number(Klient)
        return Life(number, person(self.r, number, self.as_of, self.seed, invalid_isikukood=invalid_isikukood), since)

    def close(self, life: Life) -> None:
        """Write the person's own row."""
        who = life.who
        self.rows.append(
            Klient(
                life.number, who.isikukood, who.first, who.last, who.birth, who.document, "EE" if self.r() < 0.85 else "RU", who.language,
                who.phone, who.email, who.county, who.town, who.street, who.postcode, who.schooling, who.position, who.employer,
                money(who.income * 100), life.social_account, life.habits, life.state, life.application_ended, life.relation_ended,
                life.active_on or life.since, moment(life.since, between(self.r, 8 * 3600, OPENING)),
            )
        )  # fmt: skip

    def somebody(self, number: int) -> Person:
        """A person who is no client; `number` is one that no client has."""
        return person(self.r, number, self.as_of, self.seed)

    # -- before the contract --------------------------------------------------------------------------------------------------

    def offer(self, life: Life, made: date, state: str, answered: date | None, cents: int, months: int) -> int:
        """An offer, valid for two weeks; its number."""
        number, until = self.number(Pakkumine), made + OFFER_VALID_DAYS * DAY
        self.rows.append(Pakkumine(number, life.number, made, until, state, answered, money(cents), money(cents // months)))
        return number

    def application(
        self, life: Life, at: Local, state: str, *, offer: int | None = None, refused: date | None = None, cents: int = 90_000
    ) -> int:
        """An application; its number. Few come with the address of a device: most people apply in a shop."""
        r, number = self.r, self.number(Taotlus)
        device = f"203.0.113.{between(r, 1, 254)}" if r() < 0.1 else None  # RFC 5737: nobody's address
        self.rows.append(
            Taotlus(
                number, life.number, offer, at, state, refused, money(cents), money(life.who.income * 100), device,
                pick(r, words.REFUSALS) if refused else None, YES if r() < 0.6 else NO,
            )
        )  # fmt: skip
        return number

    def credit_query(self, application: int, at: Local, *, told: bool = True) -> int:
        """What a database said of the applicant, who is told at once; its number."""
        r, number = self.r, self.number(Krediidiparing)
        self.rows.append(
            Krediidiparing(
                number, application, pick(r, words.DATABASES), at, at if told else None, int(3 * r() * r()), money(between(r, 0, 900_000))
            )
        )
        return number

    def capacity_check(self, application: int, checked: date, decided: date | None) -> int:
        """Whether the applicant's legal capacity is limited; its number."""
        number = self.number(TeovõimeKontroll)
        self.rows.append(TeovõimeKontroll(number, application, checked, decided, YES if self.r() < 0.02 else NO))
        return number

    # -- with the client ------------------------------------------------------------------------------------------------------

    def identification(self, life: Life, on: date, ended: date | None) -> int:
        """The identification file; of somebody refused for what was found, its relation ends with the refusal."""
        r, number = self.r, self.number(Isikutuvastus)
        grade = "kõrge" if r() < 0.03 else pick(r, ("madal", "madal", "keskmine"))
        state = "lõppenud" if ended else "kestab"
        self.rows.append(Isikutuvastus(number, life.number, on, state, ended, life.who.document, pick(r, words.ORIGINS), grade))
        return number

    def third_person(self, life: Life, role: str, stopped: date | None = None) -> int:
        """Somebody the client named."""
        number = self.number(KolmasIsik)
        other = self.somebody(_THIRD_PERSONS + number)
        code = other.isikukood if role == "tegelik_kasusaaja" else None
        self.rows.append(KolmasIsik(number, life.number, role, other.full_name, code, other.phone, pick(self.r, words.TIES), stopped))
        return number

    def notice(self, life: Life, contract: str | None, at: Local, kind: str) -> int:
        """A service notice."""
        number = self.number(Teavitus)
        self.rows.append(Teavitus(number, life.number, contract, at, kind, life.who.email, f"Lugupeetud {life.who.full_name}: {kind}."))
        return number

    def court_case(self, life: Life, contract: str | None, opened: date, final: date | None) -> int:
        """A court case; pending while `final` is None."""
        number, case = self.number(Kohtuasi), f"2-{opened.year % 100}-{between(self.r, 100, 99_999)}"
        self.rows.append(Kohtuasi(number, life.number, contract, opened, final, case, "Nõue tasumata osamaksete väljamõistmiseks."))
        return number

    def authority_query(self, life: Life, received: date, closed: date | None) -> int:
        """A query of an authority; open while `closed` is None."""
        number, answer = self.number(AsutuseParing), "Küsitud andmed edastati." if closed else None
        self.rows.append(AsutuseParing(number, life.number, pick(self.r, words.AUTHORITIES), received, closed, answer))
        return number

    def complaint(self, life: Life, made: date, solved: date | None) -> int:
        """A complaint; open while `solved` is None."""
        number = self.number(Kaebus)
        self.rows.append(Kaebus(number, life.number, made, solved, pick(self.r, words.COMPLAINTS)))
        return number

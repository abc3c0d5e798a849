"""The lender's book while it is being written: the next number of each table, and the rows not yet handed on.

A `Book` knows the frozen today (`as_of`) and the die of the client at hand. Its methods write one record with its plausible details;
which records, and when, is decided by `loans.py`, `population.py`, `cases.py` and `premises.py`. Memory: the rows of one client.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from governance.samples import words
from governance.samples.bulgarian import Person, between, person, pick
from governance.samples.credithelp.rows import (
    AmlFile,
    Application,
    CallRecording,
    Client,
    Dispute,
    Incident,
    Local,
    MarketingConsent,
    NssiReport,
    Row,
    money,
)
from governance.samples.dates import moment
from governance.samples.telling import LARGEST_SEED, NumberedBook

OPENING, CLOSING = 9 * 3600, 18 * 3600  # office hours, in seconds of the day
INVALID_EGN_SHARE = 0.003
FIRST_OFFICE_DIE = LARGEST_SEED  # dies below are the clients'


class Book(NumberedBook[Row]):
    """See the module."""

    person_table = Client

    def __init__(self, seed: int, as_of: date, offices: int) -> None:
        super().__init__(seed, as_of)
        self.offices = offices
        self.incidents: list[Incident] = []

    def at(self, day: date) -> Local:
        """Some moment of the day within office hours."""
        return moment(day, between(self.r, OPENING, CLOSING))

    # -- one record each ----------------------------------------------------------------------------------------------

    def client(self, first_seen: date, inquiry_closed_on: date | None, *, invalid_egn: bool = False) -> tuple[int, Person]:
        """The next client, a new person, first seen that day."""
        number = self.number(Client)
        who = person(self.r, number, self.as_of, self.seed, invalid_egn=invalid_egn)
        created = moment(first_seen, between(self.r, 8 * 3600, OPENING))
        self.rows.append(
            Client(
                number, who.egn, who.first, who.middle, who.last, who.birth, who.id_card, who.phone, who.email, who.region, who.city,
                who.street, who.postcode, who.employer, money(who.income * 100), inquiry_closed_on, created,
            )
        )  # fmt: skip
        return number, who

    def application(self, client: int, who: Person, at: Local, status: str, amount: int, term: int) -> int:
        """An application for `amount` leva over `term` months; its number."""
        r, number = self.r, self.number(Application)
        online = r() < 0.4
        self.rows.append(
            Application(
                number, client, None if online else between(r, 1, self.offices), at, status, money(amount * 100), term,
                money(who.income * 100), f"198.51.100.{between(r, 1, 254)}" if online else None,  # RFC 5737: nobody's address
                pick(r, words.REFUSALS) if status == "refused" else None,
            )
        )  # fmt: skip
        return number

    def nssi(self, application: int, who: Person, requested_on: date, achieved_on: date | None, *, used: bool = True) -> None:
        """What the social-security institute said of the applicant."""
        self.rows.append(
            NssiReport(
                UUID(int=self.random.getrandbits(128), version=4), application, self.at(requested_on), "used" if used else "pending",
                achieved_on, who.egn, who.employer, money(min(who.income, 3750) * 100),
            )
        )  # fmt: skip

    def aml(self, client: int, who: Person, opened: date, ended: date | None) -> None:
        """The money-laundering file of a client who got a contract."""
        r, number = self.r, self.number(AmlFile)
        status, risk = "ended" if ended else "open", "high" if r() < 0.03 else pick(r, ("low", "low", "medium"))
        self.rows.append(AmlFile(number, client, opened, status, ended, who.id_card, pick(r, words.FUNDS), risk))

    def call(self, client: int, who: Person, at: Local, incident: int | None = None) -> int:
        """A recorded telephone call; its number. The sound is a few random bytes."""
        r, number = self.r, self.number(CallRecording)
        self.rows.append(CallRecording(number, client, who.phone, at, between(r, 15, 900), self.random.randbytes(48), incident))
        return number

    def consent(self, client: int, who: Person, given: date, withdrawn_at: Local | None) -> None:
        """A marketing consent for one purpose and channel."""
        channel, contact = ("sms", who.phone) if self.r() < 0.5 else ("email", who.email)
        purpose = pick(self.r, ("newsletter", "offers", "survey"))
        self.rows.append(MarketingConsent(self.number(MarketingConsent), client, purpose, channel, contact, self.at(given), withdrawn_at))

    def dispute(self, client: int, contract: int | None, opened: date, closed: date | None, limitation: date | None) -> None:
        """A lawsuit or complaint about a contract; open while `closed` is None."""
        number = self.number(Dispute)
        case = f"гр. д. № {between(self.r, 100, 9999)}/{opened.year}"
        self.rows.append(Dispute(number, client, contract, opened, closed, limitation, case, "Оспорва размера на дължимата сума."))

    def incident_of(self, days: Sequence[date]) -> Incident | None:
        """One of the incidents opened on one of these days, if there is any."""
        fitting = [incident for incident in self.incidents if incident.opened_on in days]
        return pick(self.r, fitting) if fitting else None

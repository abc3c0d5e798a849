"""The lender's book while it is being written: the next number of each table, and the rows not yet handed on.

A `Book` knows the frozen today (`as_of`) and the die of the client at hand. Its methods write one record with its plausible details; which
records, and when, is decided by `records.py`, `population.py`, `cases.py` and `premises.py`. Memory: the rows of one client.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from governance.samples import words
from governance.samples.bulgarian import Person, between, egn, full_name, iban, person, phone, pick
from governance.samples.credit_plus.rows import (
    Application,
    AuthorityRequest,
    Client,
    Code,
    Dispute,
    Local,
    LongerTermConsent,
    MarketingContact,
    RefusalNotice,
    Restriction,
    Row,
    Score,
    money,
)
from governance.samples.dates import moment
from governance.samples.telling import NumberedBook

OPENING, CLOSING = 8 * 3600, 22 * 3600  # the site's busy hours, in seconds of the day
INVALID_EGN_SHARE = 0.003
KEPT_CLEAR = 45  # days for which scoring and site logs hold clear values; the application made older ones coarse itself
INTERESTS = ("пътувания", "ремонт", "техника", "обучение", "автомобил")
STATES = ("омъжена/женен", "неомъжена/неженен", "разведен/а", "вдовец/вдовица")
SCHOOLING = ("основно", "средно", "висше")
GROUNDS = ("osporena_tochnost", "nezakonno_no_bez_iztrivane", "za_pretentsii", "chaka_vazrazenie")


class ThirdPerson(NamedTuple):
    """Somebody whose data come from the client: name, EGN, address, telephone, account."""

    name: str
    egn: str
    address: str
    phone: str
    account: str


class Book(NumberedBook[Row]):
    """See the module."""

    person_table = Client

    def at(self, day: date) -> Local:
        """Some moment of the day."""
        return moment(day, between(self.r, OPENING, CLOSING))

    def clear(self, day: date) -> bool:
        """Whether the application still holds clear values of that day where it makes older ones coarse."""
        return (self.as_of - day).days < KEPT_CLEAR

    def address(self, clear: bool) -> str:
        """An internet address that is nobody's (RFC 5737, RFC 3849), or its network."""
        r = self.r
        if r() < 0.1:
            return f"2001:db8:{between(r, 1, 99)}::{between(r, 1, 99) if clear else ''}"
        return f"203.0.113.{between(r, 1, 254) if clear else 0}"

    def third_person(self) -> ThirdPerson:
        """Somebody new who is not a client. EGNs of these may repeat."""
        r = self.r
        female = r() < 0.5
        _, town, code = pick(r, words.TOWNS)
        birth = date(between(r, 1955, 2003), between(r, 1, 12), between(r, 1, 28))
        street = f"{code} {town}, ул. „{pick(r, words.STREETS)}“ {between(r, 1, 140)}"
        number = egn(birth, 2 * between(r, 0, 400) + female)
        return ThirdPerson(" ".join(full_name(r, female)), number, street, phone(r), iban(r))

    # -- one record each ----------------------------------------------------------------------------------------------

    def client(
        self, first_seen: date, over: date | None, *, invalid_egn: bool = False, interests: bool | None = None
    ) -> tuple[int, Person]:
        """The next client, a new person, first seen that day; the relation is `over` or lasts."""
        r, number = self.r, self.number(Client)
        who = person(r, number, self.as_of, self.seed, invalid_egn=invalid_egn)
        wanted = r() < 0.25 if interests is None else interests
        self.rows.append(
            Client(
                number, who.egn, who.first, who.middle, who.last, who.birth, who.id_card, who.phone, who.email, who.region, who.city,
                who.street, who.postcode, "България" if r() < 0.98 else "Румъния", pick(r, STATES), "България", who.employer,
                money(who.income * 100), pick(r, INTERESTS) if wanted else None, moment(first_seen, between(r, 7 * 3600, OPENING)), over,
            )
        )  # fmt: skip
        return number, who

    def application(self, client: int, who: Person, day: date, at: Local, decision: str, limit: int) -> int:
        """An application for a credit line of `limit` stotinki, with its score; the application's number."""
        r, number, clear = self.r, self.number(Application), self.clear(day)
        ip, confirmed = self.address(clear), at if decision != "bez_otgovor" else None
        owed = money(between(r, 0, 90) * 5000) if r() < 0.7 else None
        self.rows.append(
            Application(number, client, at, decision, confirmed, money(limit), money(who.income * 100), owed, pick(r, SCHOOLING), ip)
        )
        self.score(number, who, at, clear, ip)
        return number

    def score(self, application: int, who: Person, at: Local, clear: bool, ip: str) -> int:
        """The score of an application; `clear`: what it was computed from still names the person. Its number."""
        r, number = self.r, self.number(Score)
        income = who.income * 100 if clear else who.income // 500 * 500 * 100
        birth = who.birth if clear else who.birth.replace(month=1, day=1)
        predictors = f'{{"klas": "{pick(r, "ABCDE")}", "drugi_krediti": {between(r, 0, 6)}}}'
        self.rows.append(
            Score(
                number, application, at, f"M{between(r, 3, 5)}", between(r, 300, 850), who.egn if clear else None, birth, money(income), ip,
                predictors,
            )
        )  # fmt: skip
        return number

    def notice(self, application: int, who: Person, day: date) -> None:
        """A refusal, told by e-mail or SMS."""
        way, to = ("sms", who.phone) if self.r() < 0.5 else ("imeyl", who.email)
        self.rows.append(RefusalNotice(self.number(RefusalNotice), application, way, to, self.at(day), pick(self.r, words.REFUSALS)))

    def code(self, application: int, who: Person, sent: Local, entered: Local | None = None) -> int:
        """A one-time code sent to the client's telephone; its number."""
        number = self.number(Code)
        self.rows.append(Code(number, application, f"{between(self.r, 0, 999_999):06}", who.phone, sent, entered))
        return number

    def contact(self, client: int, who: Person, given: date, ending: str | None = None, ended_at: Local | None = None) -> int:
        """A consent to direct marketing over one channel, ended by withdrawal or objection or not at all; its number."""
        r, number = self.r, self.number(MarketingContact)
        way, to = ("sms", who.phone) if r() < 0.5 else ("imeyl", who.email)
        how = f"профил, екран {between(r, 1, 9)}"
        self.rows.append(MarketingContact(number, client, way, to, self.at(given), ending, ended_at, how))
        return number

    def longer_term(self, client: int, application: int, given: date, until: date, withdrawn: Local | None = None) -> int:
        """A consent to keep an application until a later day; its number."""
        number, ip = self.number(LongerTermConsent), self.address(clear=True)
        scope = "заявление и документи към него"
        self.rows.append(LongerTermConsent(number, client, application, self.at(given), until, withdrawn, scope, ip))
        return number

    def restriction(self, client: int, asked: date, lifted: date | None) -> int:
        """A request for restriction of processing, granted, and in force until lifted; its number."""
        number = self.number(Restriction)
        self.rows.append(Restriction(number, client, pick(self.r, GROUNDS), asked, lifted, "Моля обработването да бъде ограничено."))
        return number

    def dispute(self, client: int, contract: int | None, opened: date, closed: date | None) -> int:
        """A dispute in or out of court; its number."""
        number, case = self.number(Dispute), f"гр. д. № {between(self.r, 100, 9999)}/{opened.year}"
        self.rows.append(Dispute(number, client, contract, opened, closed, case, "Оспорва размера на дължимата сума."))
        return number

    def authority_request(self, client: int, received: date, closed: date | None) -> int:
        """A court or authority asks about a client; its number."""
        number, answer = self.number(AuthorityRequest), "Предоставени са исканите данни." if closed else None
        self.rows.append(AuthorityRequest(number, client, pick(self.r, words.AUTHORITIES), received, closed, answer))
        return number

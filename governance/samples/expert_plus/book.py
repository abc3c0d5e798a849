"""The agency's book while it is being written: the next number of each table, and the rows not yet handed on.

A `Book` knows the frozen today (`as_of`) and the die of the debtor at hand. Its methods write one record with its plausible details;
which records, and when, is decided by `population.py`, `cases.py` and `edges.py`. Memory: the rows of one debtor.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from governance.samples import kazakhstan
from governance.samples.bulgarian import between, pick
from governance.samples.dates import add_months, moment
from governance.samples.expert_plus import words
from governance.samples.expert_plus.rows import (
    AuthorityRequest,
    BureauReport,
    CallRecording,
    Claim,
    Consent,
    Contact,
    ContactPerson,
    CourtCase,
    Debtor,
    Disclosure,
    EnforcementCase,
    Inquiry,
    Job,
    Local,
    Payment,
    Row,
    SiteVisit,
    WebVisit,
    money,
)
from governance.samples.telling import NumberedBook

OPENING, CLOSING = 9 * 3600, 18 * 3600  # office hours, in seconds of the day
BROKEN_IIN_SHARE = 0.004  # creditors pass on what they have
IP_KEPT_DAYS, SALARY_KEPT_MONTHS, PLACE_KEPT_DAYS = 30, 12, 90  # what the agency's own clean-up has coarsened so far
CLEANED_UP = 1.5  # ... of what is older than that many times the term; the rest waits for Lethe


@dataclass(frozen=True)
class Life:
    """The debtor at hand: number, person, and when the relation ended (None while it lasts)."""

    number: int
    who: kazakhstan.Person
    phone: str
    mail: str
    home: str
    ended: date | None


class Book(NumberedBook[Row]):
    """See the module."""

    person_table = Debtor

    def __init__(self, seed: int, as_of: date, cessions: int) -> None:
        super().__init__(seed, as_of)
        self.cessions = cessions

    @property
    def last_claim(self) -> int:
        """The claim written last."""
        return self.last(Claim)

    def at(self, day: date) -> Local:
        """Some moment of the day within office hours."""
        return moment(day, between(self.r, OPENING, CLOSING))

    # -- the debtor -------------------------------------------------------------------------------------------------------------

    def debtor(self, first_seen: date, state: str, ended: date | None, *, broken_iin: bool = False) -> Life:
        """The next debtor, a new person. `state` is that of the relation; `ended` may be None where nobody noted the day."""
        r, number = self.r, self.number(Debtor)
        who = kazakhstan.person(r, number, self.as_of)
        home, registered = kazakhstan.address(r), kazakhstan.address(r)
        if r() < 0.8:
            registered = home
        life = Life(number, who, kazakhstan.phone(r), kazakhstan.email(r, who), home.line, ended)
        self.rows.append(
            Debtor(
                number, kazakhstan.broken_iin(who.iin) if broken_iin else who.iin, who.family, who.given, who.patronymic, who.birth,
                kazakhstan.id_card(r), life.phone, kazakhstan.phone(r) if r() < 0.3 else None, kazakhstan.phone(r) if r() < 0.4 else None,
                life.mail if r() < 0.7 else None, registered.line, life.home, home.postcode, kazakhstan.iban(r) if r() < 0.5 else None,
                pick(r, words.FAMILY_STATES), pick(r, words.PROPERTY), who.language,
                "kreditor" if r() < 0.9 else pick(r, ("byuro", "gcvp", "dolzhnik")), state, ended,
                moment(first_seen, between(r, 8 * 3600, OPENING)),
            )
        )  # fmt: skip
        return life

    # -- what is owed -----------------------------------------------------------------------------------------------------------

    def claim(self, life: Life, loan_of: date, passed_on: date, amount: int, owed: int, state: str, ended: date | None) -> int:
        """A claim in whole tenge that passed to the agency; its number."""
        r, number = self.r, self.number(Claim)
        self.rows.append(
            Claim(
                number, life.number, between(r, 1, self.cessions), f"Z-{loan_of.year}-{number:08}", loan_of, passed_on,
                money(amount), money(owed), state, ended,
            )
        )  # fmt: skip
        return number

    def payment(self, life: Life, claim: int, nth: int, at: Local, amount: int) -> None:
        """The nth payment towards a claim, now and then by somebody else."""
        r = self.r
        payer = kazakhstan.person(r, between(r, 1, 9_999_999), self.as_of).full_name if r() < 0.06 else life.who.full_name
        how = pick(r, ("kaspi", "terminal", "bank"))
        self.rows.append(Payment(claim, nth, at, money(amount), payer, kazakhstan.iban(r) if how == "bank" else None, how))

    def court_case(self, life: Life, claim: int, filed: date, final: date | None) -> int:
        """A lawsuit; pending while `final` is None. Its number."""
        r, number = self.r, self.number(CourtCase)
        case = f"{between(r, 1000, 9999)}-{filed:%y}-00-2/{between(r, 1, 9999)}"
        self.rows.append(CourtCase(number, life.number, claim, case, pick(r, words.COURTS), filed, final, pick(r, words.DISPUTES)))
        return number

    def enforcement(self, life: Life, case: int, opened: date, closed: date | None) -> None:
        """An enforcement case; open while `closed` is None."""
        r, number = self.r, self.number(EnforcementCase)
        bailiff = kazakhstan.person(r, between(r, 1, 9_999_999), self.as_of).full_name
        writ = f"{between(r, 10_000, 99_999)}/{opened:%y}"
        self.rows.append(EnforcementCase(number, case, life.number, writ, bailiff, opened, closed))

    # -- what collectors do -----------------------------------------------------------------------------------------------------

    def contact(self, life: Life | None, at: Local) -> int:
        """An entry of the contact log; its number. Without a debtor it points to one that is not there."""
        r, number = self.r, self.number(Contact)
        how = pick(r, ("zvonok", "zvonok", "sms", "pismo"))
        note = pick(r, words.NOTES)
        if life and r() < 0.3:
            note = f"{life.who.family} {life.who.given}: {note}"
        dialled = (life.phone if life else kazakhstan.phone(r)) if how != "pismo" else None
        self.rows.append(Contact(number, life.number if life else -number, f"S{between(r, 10, 60)}", how, at, dialled, note))
        return number

    def site_visit(self, life: Life, claim: int, at: date) -> int:
        """A visit at the debtor's door; its number. Where it was is forgotten after a while."""
        r, number = self.r, self.number(SiteVisit)
        place = f"{between(r, 430_000, 540_000) / 10_000:.4f},{between(r, 510_000, 820_000) / 10_000:.4f}"
        known = (self.as_of - at).days <= PLACE_KEPT_DAYS * CLEANED_UP
        met = pick(r, (None, life.who.full_name, pick(r, words.KIN)))
        self.rows.append(
            SiteVisit(
                number, life.number, claim, f"S{between(r, 10, 60)}", self.at(at), life.home, place if known else None, met,
                pick(r, words.VISIT_REPORTS),
            )
        )  # fmt: skip
        return number

    def contact_person(self, life: Life, entered: date, objected: date | None = None) -> int:
        """A relative or colleague, a person of their own; number."""
        r, number = self.r, self.number(ContactPerson)
        name = kazakhstan.person(r, between(r, 1, 9_999_999), self.as_of).full_name
        self.rows.append(ContactPerson(number, life.number, name, pick(r, words.KIN), kazakhstan.phone(r), entered, objected))
        return number

    def recording(self, life: Life, at: Local) -> int:
        """A recorded call; its number. The sound is a few random bytes."""
        r, number = self.r, self.number(CallRecording)
        mark = between(r, 1, 5) if r() < 0.6 else None
        self.rows.append(CallRecording(number, life.number, at, between(r, 15, 900), self.random.randbytes(48), mark))
        return number

    def web_visit(self, life: Life | None, at: Local, *, network_only: bool = False) -> int:
        """A visit of the site; its number."""
        r, number = self.r, self.number(WebVisit)
        host = between(r, 1, 254)
        # RFC 5737 and RFC 3849: nobody's addresses.
        ip = f"198.51.100.{0 if network_only else host}" if r() < 0.9 else f"2001:db8::{'' if network_only else f'{host:x}'}"
        device = json.dumps({"ekran": pick(r, words.SCREENS), "yazyk": life.who.language if life else "ru"})
        self.rows.append(
            WebVisit(
                number, life.number if life else None, at, ip, f"{self.random.getrandbits(64):016x}", pick(r, words.BROWSERS),
                pick(r, words.DOMAINS), pick(r, words.PAGES), device,
            )
        )  # fmt: skip
        return number

    # -- what comes from and goes to others -------------------------------------------------------------------------------------

    def job(self, life: Life, told_on: date) -> int:
        """Employer and salary as somebody told them; number. A salary of long ago is known by its band only."""
        r, number = self.r, self.number(Job)
        salary = between(r, 85, 620) * 1000 + between(r, 1, 999)
        if told_on < add_months(self.as_of, -int(SALARY_KEPT_MONTHS * CLEANED_UP)):
            salary -= salary % 50_000
        source = pick(r, ("gcvp", "kreditor", "dolzhnik"))
        self.rows.append(
            Job(number, life.number, kazakhstan.employer(r), pick(r, words.JOBS), money(salary), between(r, 1, 28), source, told_on)
        )
        return number

    def consent(self, life: Life, purpose: str, given: date, withdrawn_at: Local | None = None) -> int:
        """A consent for one purpose; its number."""
        number = self.number(Consent)
        contact = life.mail if purpose == "rassylka" and self.r() < 0.5 else life.phone
        self.rows.append(Consent(number, life.number, purpose, contact, self.at(given), withdrawn_at))
        return number

    def disclosure(self, life: Life, to: str, ground: str, on: date, consent: int | None) -> int:
        """Something was passed on; number."""
        number = self.number(Disclosure)
        what = f"{life.who.full_name}: ИИН, сумма долга, дата просрочки"
        self.rows.append(Disclosure(number, life.number, consent, to, ground, self.at(on), what))
        return number

    def bureau_report(self, life: Life, asked: date) -> int:
        """What a credit bureau said; number."""
        r, number = self.r, self.number(BureauReport)
        content = json.dumps({"deystvuyushchie": between(r, 0, 6), "prosrochka_dney": between(r, 0, 900)})
        self.rows.append(BureauReport(number, life.number, self.at(asked), content, between(r, 250, 780)))
        return number

    def inquiry(
        self, life: Life, kind: str, received: date, answered: date | None, *, claim: int | None = None,
        unlawful: date | None = None, unblocked: date | None = None,
    ) -> int:  # fmt: skip
        """What the person asked for; number."""
        number = self.number(Inquiry)
        contested = f"{life.who.family}, {life.home}" if kind != "svedeniya" else None
        text = words.INQUIRIES[kind]
        self.rows.append(Inquiry(number, life.number, claim, kind, received, answered, unlawful, unblocked, text, contested))
        return number

    def authority_request(self, life: Life, received: date, closed: date | None) -> int:
        """What a court or state body asked about the debtor; open while `closed` is None. Its number."""
        number = self.number(AuthorityRequest)
        answer = f"Предоставлены сведения о договорах: {life.who.full_name}." if closed else None
        self.rows.append(AuthorityRequest(number, life.number, pick(self.r, words.AUTHORITIES), received, closed, answer))
        return number

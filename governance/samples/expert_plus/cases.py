"""The debtors with reserved numbers: named cases that tests look for.

`CASES` says where each named case lies; keys are the same for every size, seed and date. None of them is random in what decides about
retention; names and amounts are. Records on both sides of every cut-off: `edges.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from governance.samples.dates import DAY, add_months
from governance.samples.expert_plus.book import Book, Life
from governance.samples.expert_plus.population import Course, write

Story = Callable[[Book], object]  # writes one debtor


@dataclass(frozen=True)
class Case:
    """Where a named case lies (table and primary key; of several columns a tuple) and what must become of it."""

    table: str
    key: int | tuple[int, ...]
    meaning: str


CASES = {
    "obligations-open": Case("dolzhniki", 1, "owes and pays: everything stays"),
    "relation-ended": Case("dolzhniki", 2, "paid two years ago: contacts and the collectors' notes go, identity and claim stay"),
    "relation-ended-claim": Case("prava_trebovaniya", 2, "its claim: inside the five years, stays"),
    "relation-ended-payment": Case("platezhi", (2, 1), "its first payment, key of two columns: stays with the claim"),
    "relation-ended-log-entry": Case("zhurnal_kontaktov", 2, "its log entry, reached without a foreign key: goes"),
    "relation-ended-visit": Case("vyezdy", 2, "its site visit: goes"),
    "relation-ended-job": Case("mesta_raboty", 2, "its employer and salary: go"),
    "relation-ended-report": Case("otchety_byuro", 2, "its bureau report: goes"),
    "relation-ended-disclosure": Case("raskrytiya", 2, "to whom its data were given: stays for the five years"),
    "fully-expired": Case("dolzhniki", 3, "relation over for six years: everything goes"),
    "fully-expired-payment": Case("platezhi", (3, 1), "its payment: goes"),
    "term-ends-today": Case("dolzhniki", 4, "five years end with this day: identity stays once more"),
    "term-ended-yesterday": Case("dolzhniki", 5, "five years ended yesterday: goes"),
    "live-claim-beside-expired": Case("dolzhniki", 6, "an old claim beyond the term and a running one: identity and contacts stay"),
    "expired-claim-beside-live": Case("prava_trebovaniya", 6, "the old claim of that debtor: goes"),
    "unknown-end": Case("dolzhniki", 7, "relation over, nobody noted since when: unknown start event, reported, kept"),
    "placeholder-end": Case("dolzhniki", 8, "ended on 1900-01-01, the creditor's import says: unknown start event, reported, kept"),
    "expired-court-case-pending": Case("dolzhniki", 9, "beyond the term, but a court has not decided finally: kept"),
    "expired-enforcement-open": Case("dolzhniki", 10, "beyond the term, but enforcement goes on: kept"),
    "expired-authority-request-open": Case("dolzhniki", 11, "beyond the term, but a state body's request is open: kept"),
    "expired-blocked": Case("dolzhniki", 12, "beyond the term, but blocked on the person's demand until checked: kept"),
    "consent-withdrawn-debt-open": Case("dolzhniki", 13, "consent withdrawn before the debt is paid (7.1): contacts stay"),
    "consent-withdrawn-debt-paid": Case("dolzhniki", 14, "consent withdrawn, every obligation met: contacts go, identity stays"),
    "mistaken-person": Case("dolzhniki", 15, "the creditor named the wrong person: depersonalised, for the inquiry must stay"),
    "mistaken-claim": Case("prava_trebovaniya", 16, "the claim against the wrong person: goes"),
    "unlawful-while-debt-runs": Case("dolzhniki", 16, "data confirmed unlawful while a claim runs: a conflict over the identity, it stays"),
    "third-person-objected": Case("kontaktnye_lica", 3, "a relative who objected: goes, the debtor stays"),
    "third-person-silent": Case("kontaktnye_lica", 4, "another relative of the same debtor, still owing: stays"),
    "final-decision": Case("sudebnye_dela", 3, "final decision, debt paid, relation goes on: the court file goes"),
    "final-decision-enforced": Case("sudebnye_dela", 4, "final decision, but enforcement goes on: stays"),
    "ended-yesterday": Case("dolzhniki", 20, "the relation ended yesterday: contacts go tonight"),
    "ended-today": Case("dolzhniki", 21, "the relation ended today: contacts stay until tomorrow"),
    "advertising-24-months": Case("soglasiya", 5, "advertising consent, relation over for 25 months: goes"),
    "advertising-inside": Case("soglasiya", 6, "advertising consent, relation over for 23 months: stays"),
    "advertising-withdrawn": Case("soglasiya", 7, "advertising consent withdrawn, nothing owed: goes"),
    "recording-expired": Case("zapisi_razgovorov", 1, "recorded seven months ago: goes"),
    "recording-inside": Case("zapisi_razgovorov", 2, "recorded five months ago: stays"),
    "web-visit-expired": Case("poseshcheniya_sayta", 1, "thirteen months ago: goes"),
    "web-visit-inside": Case("poseshcheniya_sayta", 2, "two months ago: stays, of its address only the network"),
    "web-visit-fresh": Case("poseshcheniya_sayta", 3, "yesterday: stays whole"),
    "old-salary": Case("mesta_raboty", 3, "told 13 months ago by a debtor who still owes: the salary becomes a band"),
    "old-visit-place": Case("vyezdy", 3, "100 days ago, the claim is worked on: the coordinates go, the visit stays"),
    "orphaned-log-entry": Case("zhurnal_kontaktov", 3, "points to a debtor that is not there: unknown start event, reported, kept"),
    "disclosure-without-consent": Case("raskrytiya", 3, "by consent, it says, and there is none (2.3): reported"),
}


def stories() -> list[Story]:
    """One function for each named debtor of `CASES`, in the order of their numbers."""
    return [
        lambda book: _with_everything(book, running(book.as_of)),
        lambda book: _with_everything(book, paid(years_ago(book, 2))),
        lambda book: debtor(book, paid(years_ago(book, 6))),
        lambda book: debtor(book, paid(years_ago(book, 5))),
        lambda book: debtor(book, paid(years_ago(book, 5) - DAY)),
        lambda book: debtor(book, paid(years_ago(book, 6)), running(book.as_of)),
        _without_end,
        _with_placeholder,
        _sued,
        _enforced,
        lambda book: book.authority_request(debtor(book, paid(years_ago(book, 6))), book.as_of - 20 * DAY, None),
        lambda book: book.inquiry(debtor(book, paid(years_ago(book, 6))), "blokirovanie", book.as_of - 9 * DAY, book.as_of - 7 * DAY),
        lambda book: _withdrew(book, running(book.as_of)),
        lambda book: _withdrew(book, paid(book.as_of - 40 * DAY), relation_lasts=True),
        _mistaken,
        _unlawful,
        _third_persons,
        _decided,
        _decided_and_enforced,
        lambda book: debtor(book, paid(book.as_of - DAY)),
        lambda book: debtor(book, paid(book.as_of)),
        lambda book: book.consent(debtor(book, paid(add_months(book.as_of, -25))), "rassylka", add_months(book.as_of, -30)),
        lambda book: book.consent(debtor(book, paid(add_months(book.as_of, -23))), "rassylka", add_months(book.as_of, -30)),
        _unsubscribed,
        _observed,
    ]


# -- courses and debtors, also for edges.py -----------------------------------------------------------------------------------------


def years_ago(book: Book, years: int) -> date:
    """The same day, years before `as_of`."""
    return add_months(book.as_of, -12 * years)


def running(as_of: date) -> Course:
    """A claim of half a year ago on which something was paid and most is owed."""
    passed_on = add_months(as_of, -6)
    return Course(add_months(passed_on, -8), passed_on, 240_000, ((add_months(as_of, -2), 20_000),), "v_rabote", None)


def paid(ended: date) -> Course:
    """A claim that was paid in full, the last time on `ended`."""
    passed_on = add_months(ended, -5)
    payments = ((add_months(ended, -2), 40_000), (ended, 80_000))
    return Course(add_months(passed_on, -8), passed_on, 120_000, payments, "pogasheno", ended)


def debtor(book: Book, *courses: Course, relation_lasts: bool = False) -> Life:
    """A debtor with these claims; the relation ends with the last of them, unless told otherwise."""
    ends = [course.ended for course in courses if course.ended]
    ended = max(ends) if len(ends) == len(courses) and not relation_lasts else None
    life = book.debtor(min(course.passed_on for course in courses), "prekrashcheny" if ended else "aktivnye", ended)
    for course in courses:
        write(book, life, course)
    return life


# -- the stories that need more than a line -----------------------------------------------------------------------------------------


def _with_everything(book: Book, course: Course) -> None:
    life = debtor(book, course)
    day = course.passed_on + 9 * DAY
    book.contact(life, book.at(day))
    book.site_visit(life, book.last_claim, book.as_of - 30 * DAY if course.ended is None else day)
    book.contact_person(life, day)
    book.job(life, day)
    book.bureau_report(life, day)
    consent = book.consent(life, "peredacha", day)
    book.disclosure(life, "byuro", "soglasie", day, consent)


def _without_end(book: Book) -> None:
    course = paid(years_ago(book, 6))
    life = book.debtor(course.passed_on, "prekrashcheny", None)
    write(book, life, replace(course, ended=None))


def _with_placeholder(book: Book) -> None:
    course = paid(years_ago(book, 6))
    life = book.debtor(course.passed_on, "prekrashcheny", date(1900, 1, 1))
    write(book, life, replace(course, ended=date(1900, 1, 1)))


def _sued(book: Book) -> None:
    life = debtor(book, paid(years_ago(book, 6)))
    book.court_case(life, book.last_claim, years_ago(book, 6) - 30 * DAY, None)


def _enforced(book: Book) -> None:
    life = debtor(book, paid(years_ago(book, 6)))
    case = book.court_case(life, book.last_claim, years_ago(book, 7), years_ago(book, 6) - 90 * DAY)
    book.enforcement(life, case, years_ago(book, 6) - 60 * DAY, None)


def _withdrew(book: Book, course: Course, *, relation_lasts: bool = False) -> None:
    life = debtor(book, course, relation_lasts=relation_lasts)
    book.inquiry(life, "unichtozhenie", book.as_of - 12 * DAY, book.as_of - 10 * DAY)
    book.consent(life, "obrabotka", course.passed_on, book.at(book.as_of - 10 * DAY))


def _mistaken(book: Book) -> None:
    """Found out and confirmed three days ago; nothing was ever owed."""
    course = running(book.as_of)
    found = book.as_of - 3 * DAY
    life = book.debtor(course.passed_on, "oshibochno", found)
    write(book, life, replace(course, payments=(), state="oshibochno", ended=found))
    book.inquiry(life, "unichtozhenie", found - 2 * DAY, found, unlawful=found)


def _unlawful(book: Book) -> None:
    life = debtor(book, running(book.as_of))
    confirmed = book.as_of - 3 * DAY
    book.inquiry(life, "unichtozhenie", confirmed - 2 * DAY, confirmed, claim=book.last_claim, unlawful=confirmed)


def _third_persons(book: Book) -> None:
    life = debtor(book, running(book.as_of))
    book.contact_person(life, book.as_of - 90 * DAY, book.as_of - 4 * DAY)
    book.contact_person(life, book.as_of - 90 * DAY)


def _decided(book: Book) -> None:
    life = debtor(book, paid(book.as_of - 60 * DAY), relation_lasts=True)
    book.court_case(life, book.last_claim, book.as_of - 170 * DAY, book.as_of - 80 * DAY)


def _decided_and_enforced(book: Book) -> None:
    life = debtor(book, paid(book.as_of - 60 * DAY), relation_lasts=True)
    case = book.court_case(life, book.last_claim, book.as_of - 170 * DAY, book.as_of - 80 * DAY)
    book.enforcement(life, case, book.as_of - 75 * DAY, None)


def _unsubscribed(book: Book) -> None:
    life = debtor(book, paid(book.as_of - 60 * DAY), relation_lasts=True)
    book.consent(life, "rassylka", add_months(book.as_of, -10), book.at(book.as_of - 5 * DAY))


def _observed(book: Book) -> None:
    """A debtor who still owes, on whom every short term can be seen; and two records that are wrong."""
    life = debtor(book, running(book.as_of))
    for months in (7, 5):
        book.recording(life, book.at(add_months(book.as_of, -months)))
    for day in (add_months(book.as_of, -13), add_months(book.as_of, -2), book.as_of - DAY):
        book.web_visit(life, book.at(day))
    book.job(life, add_months(book.as_of, -13))
    book.site_visit(life, book.last_claim, book.as_of - 100 * DAY)
    book.contact(None, book.at(years_ago(book, 6)))
    book.disclosure(life, "kollega", "soglasie", book.as_of - 50 * DAY, None)

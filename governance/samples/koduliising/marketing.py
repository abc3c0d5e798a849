"""What advertising, games and research know of a client (purposes 4.1.11 to 4.1.13), and people who only get a newsletter.

Every record hangs on the client's choice for its purpose. Only clients have choices (clause 4.2). Writes single records; who has them,
and when, is decided elsewhere.
"""

from __future__ import annotations

import json
from datetime import date

from governance.samples.bulgarian import between, pick
from governance.samples.dates import add_months
from governance.samples.koduliising import words
from governance.samples.koduliising.book import Book, Life
from governance.samples.koduliising.rows import (
    NO,
    YES,
    Kampaaniaosalus,
    KliendiEelistus,
    Lehevaatamine,
    Local,
    Sihtgrupp,
    Turundusvalik,
    UudiskirjaTellija,
    Uuringuvastus,
)

ADVERTISING, GAMES, RESEARCH = "4.1.11", "4.1.12", "4.1.13"
PURPOSES = (ADVERTISING, GAMES, RESEARCH)
_SUBSCRIBERS = 15_000_000  # their numbers, as people, lie above those of everybody else


def choice(book: Book, life: Life, purpose: str, active_on: date, forbidden_at: Local | None = None) -> int:
    """The client's choice for a purpose; its number."""
    number = book.number(Turundusvalik)
    channel, contact = ("sms", life.who.phone) if book.r() < 0.4 else ("epost", life.who.email)
    book.rows.append(Turundusvalik(number, life.number, purpose, channel, contact, active_on, forbidden_at))
    return number


def take_part(book: Book, chosen: int, at: Local) -> int:
    """Part taken in a game; the prize is sent to an address now and then."""
    r, number = book.r, book.number(Kampaaniaosalus)
    address = f"postiautomaat {between(r, 1, 400)}" if r() < 0.2 else None
    book.rows.append(Kampaaniaosalus(number, chosen, pick(r, words.CAMPAIGNS), at, pick(r, words.PRIZES), address))
    return number


def answer(book: Book, chosen: int, at: Local, email: str | None) -> int:
    """An answer to a survey; most give no address, and so did those whom nobody needs to know any more."""
    number = book.number(Uuringuvastus)
    book.rows.append(Uuringuvastus(number, chosen, at, email, between(book.r, 1, 10), pick(book.r, words.OPINIONS)))
    return number


def view(book: Book, chosen: int, at: Local, device: str | None) -> int:
    """A page viewed from an advertisement; most refuse the cookie that would tell the device."""
    number = book.number(Lehevaatamine)
    book.rows.append(Lehevaatamine(number, chosen, at, pick(book.r, words.PAGES), device))
    return number


def preferences(book: Book, chosen: int, day: date) -> int:
    """What the client likes, as one document."""
    number = book.number(KliendiEelistus)
    liked = {"kaubad": [pick(book.r, words.GOODS)], "kirjade_arv_kuus": between(book.r, 0, 4), "sõnum": pick(book.r, words.HABITS)}
    book.rows.append(KliendiEelistus(number, chosen, day, json.dumps(liked, ensure_ascii=False)))
    return number


def segment(book: Book, life: Life, day: date, *, whole_date: bool) -> int:
    """The client's segment. Lately the year of birth only (1 January stands for it); older entries hold the day."""
    number, birth = book.number(Sihtgrupp), life.who.birth
    ages = (day.year - birth.year) // 10 * 10
    sex, office = "N" if life.who.female else "M", YES if book.r() < 0.01 else NO
    born = birth if whole_date else date(birth.year, 1, 1)
    book.rows.append(Sihtgrupp(number, life.number, day, born, sex, office, f"{ages}-{ages + 9}"))
    return number


def subscribe(book: Book, opened_on: date, withdrawn_at: Local | None) -> int:
    """Somebody who is no client gets the newsletter; the consent is a year older than the last letter opened."""
    number = book.number(UudiskirjaTellija)
    who = book.somebody(_SUBSCRIBERS + number)
    agreed_at = book.at(add_months(opened_on, -12))
    book.rows.append(UudiskirjaTellija(number, who.full_name, who.email, agreed_at, opened_on, withdrawn_at))
    return number

"""What values say without the name, or against it: the checks that may speak by themselves, and how far they go.

A shape says less than a checksum, and less still where the name says something else. Leaves to others: what the name says, and which of the
two is believed (`judging`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from governance.catalogue.inventory import ColumnKind
from governance.catalogue.recognition import pools
from governance.catalogue.recognition.hints import Hint
from governance.catalogue.recognition.meanings import CONCEPTS, DOCUMENT_NUMBER, PERSON_NAME, WEAK, Concept, Meaning
from governance.catalogue.recognition.seen import Evidence, Seen
from governance.catalogue.recognition.surroundings import Surroundings
from governance.catalogue.recognition.thresholds import CAPS, ENOUGH, FEW, LIKELY, MOSTLY, PROVEN, ROWS, TOO_FEW, WORDS

_DATED = (ColumnKind.DATE, ColumnKind.INSTANT, ColumnKind.TEXT, ColumnKind.INTEGER, ColumnKind.OTHER)
_NAME_CHECKS = PERSON_NAME.checks
_NAMES = (Meaning.FULL_NAME, Meaning.FIRST_NAME, Meaning.LAST_NAME)


@dataclass(frozen=True)
class _Soft:
    """A check that may speak without the name. `share` of values must pass it, of `least` different ones; `hard`: nothing else passes it,
    so that it outweighs what the name says."""

    check: str
    meaning: Meaning
    share: float
    score: float
    least: int = TOO_FEW
    hard: bool = False


BY_VALUES = (
    _Soft("mrz", Meaning.PASSPORT, 0.5, 0.93, hard=True),
    _Soft("named-paper", Meaning.ID_CARD, 0.5, 0.9, hard=True),
    _Soft("email", Meaning.EMAIL, 0.6, 0.93, hard=True),
    _Soft("iban", Meaning.IBAN, 0.5, 0.95, hard=True),
    _Soft("international-phone", Meaning.PHONE, 0.6, 0.9, hard=True),
    _Soft("mobile-phone", Meaning.PHONE, 0.8, 0.75, FEW),
    _Soft("phone-in-any-style", Meaning.PHONE, 0.85, 0.78, 20),
    _Soft("card", Meaning.CARD, 0.9, 0.82, FEW),
    _Soft("track", Meaning.CARD, 0.6, 0.92, hard=True),
    _Soft("plate", Meaning.VEHICLE, 0.85, 0.66, 15),
    _Soft("masked-card", Meaning.CARD, 0.8, 0.8, FEW),
    _Soft("masked-iban", Meaning.IBAN, 0.8, 0.8, FEW),
    _Soft("masked-phone", Meaning.PHONE, 0.8, 0.75, FEW),
    _Soft("masked-email", Meaning.EMAIL, 0.6, 0.8, FEW),
    _Soft("kz-passport", Meaning.PASSPORT, 0.9, 0.64, FEW),
    _Soft("ip", Meaning.IP, 0.8, 0.9, hard=True),
    _Soft("mac", Meaning.DEVICE, 0.8, 0.85),
    _Soft("user-agent", Meaning.USER_AGENT, 0.6, 0.9),
    _Soft("password-digest", Meaning.PASSWORD, 0.8, 0.9),
    _Soft("point", Meaning.COORDINATES, 0.8, 0.75),
    _Soft("address", Meaning.ADDRESS, 0.5, 0.82, FEW),
    _Soft("full-name", Meaning.FULL_NAME, 0.4, 0.85, TOO_FEW),
    _Soft("name-made", Meaning.FULL_NAME, 0.4, 0.78, pools.MANY),
    _Soft("name-made", Meaning.FULL_NAME, pools.OF_MANY, 0.64, pools.MANY),
    _Soft("name-made", Meaning.FULL_NAME, pools.OF_FEW, 0.64, 15),
    _Soft("given-name", Meaning.FIRST_NAME, 0.6, 0.8, FEW),
    _Soft("family-name", Meaning.LAST_NAME, 0.8, 0.6, 15),
    _Soft("religion", Meaning.RELIGION, 0.5, 0.7),
    _Soft("ethnicity", Meaning.ETHNICITY, 0.6, 0.6, 4),
    _Soft("politics", Meaning.POLITICS, 0.6, 0.6),
    _Soft("union", Meaning.UNION, 0.6, 0.6),
    _Soft("orientation", Meaning.ORIENTATION, 0.5, 0.7),
    _Soft("sex-life", Meaning.SEX_LIFE, 0.5, 0.7),
    _Soft("illness", Meaning.HEALTH, 0.5, 0.65),
    _Soft("marital", Meaning.MARITAL, 0.6, 0.6),
)


@dataclass(frozen=True)
class Candidate:
    """What a column may be: `hard` if nothing else passes what speaks for it."""

    concept: Concept
    score: float
    reasons: tuple[str, ...]
    hard: bool = False


def best(concept: Concept, seen: Seen) -> Evidence:
    """The check of a concept that most values pass; contacts may be of several kinds, whose shares add up."""
    if concept is CONCEPTS[Meaning.CONTACT]:
        kinds = [seen.evidence(check) for check in concept.checks]
        valid = min(sum(one.valid for one in kinds), 1.0)
        return Evidence(valid, max(valid, *(one.shaped for one in kinds)), seen.count, "e-mail addresses, phone numbers or addresses")
    found: list[Evidence] = []
    for check in concept.checks:
        found.append(seen.evidence(check))
        if found[-1].valid >= ENOUGH:
            break
    return max(found, key=lambda one: (one.valid, one.shaped))


def by_values(hint: Hint, seen: Seen, around: Surroundings, kind: ColumnKind) -> Iterator[Candidate]:
    """What the values say without the name."""
    yield from _national_ids(hint, seen)
    for soft in BY_VALUES:
        if soft.least > seen.count or not seen.promises(soft.check, soft.share):
            continue
        if soft.meaning in _NAMES and (hint.denied or not around.person) and seen.different <= WORDS and seen.filled >= ROWS:
            continue  # goods and shops are called so, of persons there would be more
        evidence = seen.evidence(soft.check)
        if soft.check == "full-name" and evidence.valid >= soft.share and pools.are_combined(seen.values):
            continue
        if evidence.valid >= soft.share:
            score = soft.score if soft.hard else _doubted(soft.score, hint, around)
            yield Candidate(CONCEPTS[soft.meaning], _capped(score, seen), (*_contradicted(hint), evidence.told()), soft.hard)
    yield from _contacts(hint, seen)
    yield from _proven(hint, seen)
    if hint.concept is None and not hint.denied:
        yield from _silent(seen, around, kind)


def _doubted(score: float, hint: Hint, around: Surroundings) -> float:
    """A shape says less where the name says something else, and among business partners and things."""
    says_else = hint.concept is not None and hint.score >= LIKELY and hint.concept is not CONCEPTS[Meaning.CONTACT]
    if hint.denied or says_else:
        score *= 0.7
    return score * (0.8 if around.business else 1.0)


def _capped(score: float, seen: Seen) -> float:
    return min([score, *(cap for few, cap in CAPS if seen.count < few)])


def _contradicted(hint: Hint) -> tuple[str, ...]:
    return hint.reasons if hint.denied or hint.concept is not None else ("name: says nothing",)


def _national_ids(hint: Hint, seen: Seen) -> Iterator[Candidate]:
    """Half of the values, or nearly all where it is LNCh, of which every tenth number is one."""
    if not seen.promises("national-id", MOSTLY):
        return
    found = seen.national_ids
    count = sum(found.values())
    hard = (count - found[None] - found["lnch"]) / count
    either = (count - found[None]) / count
    if (count >= TOO_FEW and hard >= 0.5) or (count >= FEW and hard >= 0.2 and either >= 0.6) or (count >= 20 and either >= 0.9):
        score = 0.95 if hard >= 0.5 else 0.85
        yield Candidate(
            CONCEPTS[Meaning.NATIONAL_ID], _capped(score, seen), (*_contradicted(hint), seen.evidence("national-id").told()), hard=True
        )


def _contacts(hint: Hint, seen: Seen) -> Iterator[Candidate]:
    """A column of e-mail addresses and phone numbers mixed."""
    if seen.count < FEW or not seen.some("@"):
        return
    email, phone = seen.evidence("email"), seen.evidence("phone")
    if email.valid + phone.valid >= 0.6 and min(email.valid, phone.valid) >= 0.1:
        yield Candidate(CONCEPTS[Meaning.CONTACT], 0.85, (*_contradicted(hint), email.told(), phone.told()), hard=True)


def _proven(hint: Hint, seen: Seen) -> Iterator[Candidate]:
    """What a name says a column is only about, and its values are: `phone_delivery` with phone numbers in it."""
    about = hint.about
    if about is None or not about.direct or about.checks in (("document",), _NAME_CHECKS) or seen.count < FEW:
        return
    evidence = best(about, seen)
    if evidence.valid >= PROVEN:
        yield Candidate(about, 0.82, (*hint.reasons, evidence.told()), hard=True)


def _silent(seen: Seen, around: Surroundings, kind: ColumnKind) -> Iterator[Candidate]:
    """Suspicions that only a column without a telling name is open to."""
    if seen.count >= 20 and kind in _DATED and seen.promises("dates", 0.9):
        dates = seen.evidence("adult-birth-date")
        if dates.valid >= 0.9:
            yield Candidate(CONCEPTS[Meaning.BIRTH_DATE], 0.6, ("name: says nothing", dates.told()))
    if seen.count >= 20 and around.person and seen.with_letters and seen.promises("document", 0.95):
        papers = seen.evidence("document")
        if papers.valid >= 0.95:
            yield Candidate(DOCUMENT_NUMBER, WEAK, ("name: says nothing", papers.told()))
    if seen.count >= 20 and seen.promises("free-text", 0.6):
        text = seen.evidence("free-text")
        if text.valid >= 0.6:
            yield Candidate(CONCEPTS[Meaning.BODY], 0.55 if around.person else 0.45, ("name: says nothing", text.told()))

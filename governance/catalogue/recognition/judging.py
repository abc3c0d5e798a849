"""The verdict on a column: what its name says and what its values say, weighed together.

The rules. (1) Never one value: fewer than eight different values carry no verdict by themselves beyond LIKELY, fewer than three none
beyond SUSPECTED. (2) A check that passes by chance counts for as much as it says: a tenth of random numbers are LNCh or pass Luhn's, so
nearly all of a column must. (3) Values that pass lift what the name says, values that contradict it bring it down, values without a sign
leave it. (4) A special category that a name tells stays told, whatever the values. (5) Reasons speak in names, counts and shares.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from governance.catalogue.inventory import ColumnKind, ColumnProfile
from governance.catalogue.recognition.meanings import CONCEPTS, DOCUMENT_NUMBER, PERSON_NAME, WEAK, Concept, Meaning
from governance.catalogue.recognition.naming import Hint
from governance.catalogue.recognition.rules import RULES
from governance.catalogue.recognition.standing import UNSURE
from governance.catalogue.recognition.surroundings import Surroundings
from governance.catalogue.recognition.values import Evidence, Seen
from governance.catalogue.verdict import Certainty, Verdict

CLEAR, LIKELY, TOLD = 0.8, 0.5, 0.25  # scores from which a verdict is CLEAR, LIKELY, SUSPECTED
FEW, TOO_FEW = 8, 3  # different values below which they carry LIKELY at most, SUSPECTED at most
CAPS = ((TOO_FEW, 0.45), (FEW, 0.7))
LIFT = 0.8  # how much of what is missing to certainty is filled when every value passes
LIFT_BY_SHAPE = 0.5  # the same for a shape that many other values have
MOSTLY = 0.5  # share of values from which they speak for what the name says
MANY_TOKENS = 0.5  # share of pseudonyms from which the other values are too few to speak
PERSONAL = 0.3  # share of e-mail addresses with a given name from which they are persons', not offices'


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
    _Soft("email", Meaning.EMAIL, 0.6, 0.93, hard=True),
    _Soft("iban", Meaning.IBAN, 0.5, 0.95, hard=True),
    _Soft("international-phone", Meaning.PHONE, 0.6, 0.9, hard=True),
    _Soft("mobile-phone", Meaning.PHONE, 0.8, 0.75, FEW),
    _Soft("card", Meaning.CARD, 0.9, 0.82, FEW),
    _Soft("ip", Meaning.IP, 0.8, 0.9, hard=True),
    _Soft("mac", Meaning.DEVICE, 0.8, 0.85),
    _Soft("user-agent", Meaning.USER_AGENT, 0.6, 0.9),
    _Soft("password-digest", Meaning.PASSWORD, 0.8, 0.9),
    _Soft("point", Meaning.COORDINATES, 0.8, 0.75),
    _Soft("address", Meaning.ADDRESS, 0.5, 0.82, FEW),
    _Soft("full-name", Meaning.FULL_NAME, 0.4, 0.85, TOO_FEW),
    _Soft("given-name", Meaning.FIRST_NAME, 0.6, 0.8, FEW),
    _Soft("family-name", Meaning.LAST_NAME, 0.8, 0.6, 15),
    _Soft("religion", Meaning.RELIGION, 0.5, 0.7),
    _Soft("ethnicity", Meaning.ETHNICITY, 0.6, 0.6, 4),
    _Soft("politics", Meaning.POLITICS, 0.6, 0.6),
    _Soft("union", Meaning.UNION, 0.6, 0.6),
    _Soft("orientation", Meaning.ORIENTATION, 0.5, 0.7),
    _Soft("illness", Meaning.HEALTH, 0.5, 0.65),
    _Soft("marital", Meaning.MARITAL, 0.6, 0.6),
)


@dataclass(frozen=True)
class _Candidate:
    concept: Concept
    score: float
    reasons: tuple[str, ...]
    hard: bool = False


def judge(profile: ColumnProfile, hint: Hint, seen: Seen, around: Surroundings) -> Verdict:
    """The verdict on one column or path, from what its name says and what was seen of it."""
    by_name = _by_name(hint, seen)
    candidates = [] if by_name is None else [by_name]
    if profile.column.kind not in (ColumnKind.BOOLEAN, ColumnKind.BINARY, ColumnKind.UUID) and seen.count and not seen.yes_or_no:
        candidates.extend(_by_values(hint, seen, around, profile.column.kind))
    if not candidates:
        return Verdict(profile.label, "none", None, 0.0, Certainty.SUSPECTED, hint.reasons, RULES)
    if by_name is not None and _stays(by_name, hint, seen):
        chosen = by_name
    else:
        chosen = max(candidates, key=lambda candidate: (candidate.score, candidate.hard))
    if chosen.score < TOLD:
        return Verdict(profile.label, "none", None, 0.0, Certainty.SUSPECTED, chosen.reasons, RULES)
    certainty = Certainty.CLEAR if chosen.score >= CLEAR else Certainty.LIKELY if chosen.score >= LIKELY else Certainty.SUSPECTED
    concept = chosen.concept
    return Verdict(
        profile.label,
        _which(concept, seen),
        concept.category,
        round(chosen.score, 3),
        certainty,
        chosen.reasons,
        RULES,
        concept.direct,
    )


def _stays(by_name: _Candidate, hint: Hint, seen: Seen) -> bool:
    """What values do not outweigh in a name: a special category, and a contact that is nobody's, unless persons' names are in it."""
    if by_name.concept.special:
        return by_name.score >= LIKELY
    return hint.score == UNSURE and not (by_name.concept is CONCEPTS[Meaning.EMAIL] and seen.evidence("personal-email").valid >= PERSONAL)


def _which(concept: Concept, seen: Seen) -> str:
    """The recogniser's name; of national ids the one most values are."""
    if concept.recogniser != "national-id" or not seen.count:
        return concept.recogniser
    found, many = max(((name, many) for name, many in seen.national_ids.items() if name), key=lambda item: item[1], default=("", 0))
    return str(found) if many >= MOSTLY * seen.count else concept.recogniser


def _by_name(hint: Hint, seen: Seen) -> _Candidate | None:
    """What the name says, as far as the values let it stand."""
    concept = hint.concept
    if concept is None:
        return None
    if not seen.count:
        why = f"values: {seen.tokens:.0%} are pseudonyms" if seen.tokens else "values: none seen, by name alone"
        return _Candidate(concept, hint.score, (*hint.reasons, why))
    reasons = hint.reasons if seen.tokens < 0.005 else (*hint.reasons, f"values: {seen.tokens:.0%} are pseudonyms")
    if seen.tokens >= MANY_TOKENS:
        return _Candidate(concept, hint.score, reasons)
    if seen.yes_or_no and not concept.special and ColumnKind.BOOLEAN not in concept.kinds and seen.count > 1:
        return _Candidate(concept, min(hint.score, 0.3), (*reasons, "values: only ways of writing yes and no"))
    if concept is PERSON_NAME or concept.recogniser == "person-name":
        return _person_name(concept, hint.score, reasons, seen)
    if not concept.checks:
        return _Candidate(concept, hint.score, reasons)
    evidence = _best(concept, seen)
    if hint.score == UNSURE:
        return _Candidate(concept, hint.score, (*reasons, evidence.told()), hard=True)
    score = _weighed(hint.score, evidence, concept)
    if concept is CONCEPTS[Meaning.CONTACT]:
        score = min(score, CLEAR)  # which kind of contact it is, values tell
    return _Candidate(concept, score, (*reasons, evidence.told()))


def _best(concept: Concept, seen: Seen) -> Evidence:
    """The check of a concept that most values pass; contacts may be of several kinds, whose shares add up."""
    found = [seen.evidence(check) for check in concept.checks]
    if concept is CONCEPTS[Meaning.CONTACT]:
        valid = min(sum(one.valid for one in found), 1.0)
        return Evidence(valid, max(valid, *(one.shaped for one in found)), seen.count, "e-mail addresses, phone numbers or addresses")
    return max(found, key=lambda one: (one.valid, one.shaped))


def _weighed(score: float, evidence: Evidence, concept: Concept) -> float:
    if evidence.valid >= MOSTLY:
        return _lifted(score, evidence.valid, LIFT_BY_SHAPE if concept.checks == ("document",) else LIFT)
    if concept.special or evidence.shaped >= MOSTLY:
        return score
    if evidence.seen < TOO_FEW:
        return score * 0.9
    return score * (0.5 + evidence.shaped * 0.8)


def _lifted(score: float, valid: float, lift: float = LIFT) -> float:
    return 1 - (1 - score) * (1 - lift * valid)


def _person_name(concept: Concept, score: float, reasons: tuple[str, ...], seen: Seen) -> _Candidate:
    """Names are told by what they are made of; firms bear names too, and there a person's name is out of the question."""
    firms = seen.evidence("firm")
    evidence = _best(concept, seen)
    if firms.valid >= 0.4 and firms.valid > evidence.valid:
        return _Candidate(concept, min(score, 0.24 if score < LIKELY else 0.4), (*reasons, firms.told()))
    if score < LIKELY and evidence.valid < 0.15 and seen.count >= TOO_FEW:
        return _Candidate(concept, 0.0, (*reasons, evidence.told()))
    lifted = _lifted(score, evidence.valid) if evidence.valid >= 0.25 else _weighed(score, evidence, concept)
    return _Candidate(concept, lifted, (*reasons, evidence.told()))


def _by_values(hint: Hint, seen: Seen, around: Surroundings, kind: ColumnKind) -> Iterator[_Candidate]:
    """What the values say without the name."""
    yield from _national_ids(hint, seen)
    for soft in BY_VALUES:
        if soft.least > seen.count or not seen.promises(soft.check, soft.share):
            continue
        evidence = seen.evidence(soft.check)
        if evidence.valid >= soft.share:
            score = soft.score if soft.hard else _doubted(soft.score, hint, around)
            yield _Candidate(CONCEPTS[soft.meaning], _capped(score, seen), (*_contradicted(hint), evidence.told()), soft.hard)
    yield from _contacts(hint, seen)
    if hint.concept is None and not hint.denied:
        yield from _silent(seen, around, kind)


def _doubted(score: float, hint: Hint, around: Surroundings) -> float:
    """A shape says less where the name says something else, and among business partners and things."""
    if hint.denied or (hint.concept is not None and hint.score >= LIKELY):
        score *= 0.7
    return score * (0.8 if around.business else 1.0)


def _capped(score: float, seen: Seen) -> float:
    return min([score, *(cap for few, cap in CAPS if seen.count < few)])


def _contradicted(hint: Hint) -> tuple[str, ...]:
    return hint.reasons if hint.denied or hint.concept is not None else ("name: says nothing",)


def _national_ids(hint: Hint, seen: Seen) -> Iterator[_Candidate]:
    """Half of the values, or nearly all where it is LNCh, of which every tenth number is one."""
    found, count = seen.national_ids, seen.count
    hard = (count - found[None] - found["lnch"]) / count
    either = (count - found[None]) / count
    if (count >= TOO_FEW and hard >= 0.5) or (count >= FEW and hard >= 0.2 and either >= 0.6) or (count >= 20 and either >= 0.9):
        score = 0.95 if hard >= 0.5 else 0.85
        yield _Candidate(
            CONCEPTS[Meaning.NATIONAL_ID], _capped(score, seen), (*_contradicted(hint), seen.evidence("national-id").told()), hard=True
        )


def _contacts(hint: Hint, seen: Seen) -> Iterator[_Candidate]:
    """A column of e-mail addresses and phone numbers mixed."""
    if seen.count < FEW:
        return
    email, phone = seen.evidence("email"), seen.evidence("international-phone")
    if email.valid + phone.valid >= 0.6 and min(email.valid, phone.valid) >= 0.1:
        yield _Candidate(CONCEPTS[Meaning.CONTACT], 0.85, (*_contradicted(hint), email.told(), phone.told()), hard=True)


def _silent(seen: Seen, around: Surroundings, kind: ColumnKind) -> Iterator[_Candidate]:
    """Suspicions that only a column without a telling name is open to."""
    if seen.count >= 20 and kind in (ColumnKind.DATE, ColumnKind.INSTANT, ColumnKind.TEXT, ColumnKind.OTHER):
        dates = seen.evidence("adult-birth-date")
        if dates.valid >= 0.9:
            yield _Candidate(CONCEPTS[Meaning.BIRTH_DATE], 0.6, ("name: says nothing", dates.told()))
    if seen.count >= 20:
        papers, text = seen.evidence("document"), seen.evidence("free-text")
        if papers.valid >= 0.95 and seen.with_letters and around.person:
            yield _Candidate(DOCUMENT_NUMBER, WEAK, ("name: says nothing", papers.told()))
        if text.valid >= 0.6:
            yield _Candidate(CONCEPTS[Meaning.BODY], 0.55 if around.person else 0.45, ("name: says nothing", text.told()))

"""The verdict on a column: what its name says and what its values say, weighed together.

The rules. (1) Never one value: fewer than eight different values carry no verdict by themselves beyond LIKELY, fewer than three none
beyond SUSPECTED. (2) A check that passes by chance counts for as much as it says: a tenth of random numbers are LNCh or pass Luhn's, so
nearly all of a column must. (3) Values that pass lift what the name says, values that contradict it bring it down, values without a sign
leave it. (4) A special category that a name tells stays told, unless its values cannot be one: hundreds of numbers or codes, or what a word
with another sense stands for. (5) Reasons speak in names, counts and shares.
"""

from __future__ import annotations

from governance.catalogue.inventory import ColumnKind, ColumnProfile
from governance.catalogue.recognition.hints import Hint
from governance.catalogue.recognition.meanings import CONCEPTS, PERSON_NAME, WEAK, Concept, Meaning
from governance.catalogue.recognition.naming import BARE_CLIENT, BARE_PERSON, OF_SOMEBODY
from governance.catalogue.recognition.rules import RULES
from governance.catalogue.recognition.seen import Evidence, Seen
from governance.catalogue.recognition.speaking import Candidate, best, by_values
from governance.catalogue.recognition.special import UNSAID
from governance.catalogue.recognition.standing import DID_IT, UNSURE
from governance.catalogue.recognition.surroundings import Surroundings
from governance.catalogue.recognition.thresholds import (
    CAPS,
    CLEAR,
    FEW,
    HARD,
    LIFT,
    LIFT_BY_SHAPE,
    LIKELY,
    MANY,
    MANY_ROWS,
    MANY_TOKENS,
    MOSTLY,
    NAMED,
    OF_SERIES,
    OWN,
    PERSONAL,
    PROVEN,
    ROWS,
    SETTLED,
    SHORT,
    SOME,
    SOME_NAMED,
    STRAY,
    TOLD,
    TOO_FEW,
    WORDS,
)  # fmt: skip
from governance.catalogue.verdict import Certainty, Verdict

_IN_LETTERS = ("person-name", "address", "street")  # what is written in words itself
_OF_NAMES = ("full-name", "name-made")
_GOING_BY_A_NAME = (CONCEPTS[Meaning.AUTHOR], CONCEPTS[Meaning.USERNAME])
_STATE_GIVEN = "user.government_id"
_MUTE = (ColumnKind.BOOLEAN, ColumnKind.BINARY, ColumnKind.UUID)  # kinds whose values say nothing


def judge(profile: ColumnProfile, hint: Hint, seen: Seen, around: Surroundings) -> Verdict:
    """The verdict on one column or path, from what its name says and what was seen of it."""
    by_name = _by_name(hint, seen, around)
    candidates = [] if by_name is None else [by_name]
    settled = by_name is not None and by_name.score > SETTLED  # nothing that values say by themselves outweighs it
    if not settled and profile.column.kind not in _MUTE and seen.count and not seen.yes_or_no:
        for candidate in by_values(hint, seen, around, profile.column.kind):
            candidates.append(candidate)
            if candidate.hard and candidate.score >= HARD:
                break
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


def _stays(by_name: Candidate, hint: Hint, seen: Seen) -> bool:
    """What values do not outweigh in a name: a special category, and a contact that is nobody's, unless persons' names are in it."""
    if by_name.concept.special:
        return by_name.score >= LIKELY
    if by_name.concept is CONCEPTS[Meaning.CONTACT] and max(seen.evidence(check).valid for check in _OF_NAMES) >= SOME_NAMED:
        return False
    return hint.score == UNSURE and not (by_name.concept is CONCEPTS[Meaning.EMAIL] and seen.evidence("personal-email").valid >= PERSONAL)


def _which(concept: Concept, seen: Seen) -> str:
    """The recogniser's name; of national ids the one most values are."""
    if concept.recogniser != "national-id" or not seen.count:
        return concept.recogniser
    found, many = max(((name, many) for name, many in seen.national_ids.items() if name), key=lambda item: item[1], default=("", 0))
    return str(found) if many >= MOSTLY * sum(seen.national_ids.values()) else concept.recogniser


def _by_name(hint: Hint, seen: Seen, around: Surroundings) -> Candidate | None:
    """What the name says, as far as the values let it stand."""
    concept = hint.concept
    if concept is None:
        return None
    if not seen.count:
        why = f"values: {seen.tokens:.0%} are pseudonyms" if seen.tokens else "values: none seen, by name alone"
        return Candidate(concept, hint.score, (*hint.reasons, why))
    reasons = hint.reasons if seen.tokens < 0.005 else (*hint.reasons, f"values: {seen.tokens:.0%} are pseudonyms")
    if seen.tokens >= MANY_TOKENS:
        return Candidate(concept, hint.score, reasons)
    if seen.yes_or_no and not concept.special and ColumnKind.BOOLEAN not in concept.kinds and seen.count > 1:
        return Candidate(concept, min(hint.score, 0.3), (*reasons, "values: only ways of writing yes and no"))
    if hint.ambiguous and concept.direct and seen.different <= OWN and seen.filled >= MANY_ROWS:
        return Candidate(concept, min(hint.score, UNSURE), (*reasons, "values: one or another in all rows, the house's own"), hard=True)
    if concept.category.startswith(_STATE_GIVEN) and 0 < seen.longest <= OF_SERIES and seen.worded and not seen.in_small_letters:
        return Candidate(concept, hint.score * 0.8, (*reasons, "values: letters that such numbers begin with"))
    if concept.direct and _is_told_about(concept, seen):
        shares = best(concept, seen).told()
        return Candidate(concept, min(hint.score, 0.3), (*reasons, shares, "values: a few words that tell about it"))
    if (concept.special or hint.ambiguous) and _refuted(hint, seen, around):
        return Candidate(concept, min(hint.score, UNSAID), (*reasons, "values: numbers, codes or words of something else"))
    if concept is CONCEPTS[Meaning.BODY] and seen.count >= TOO_FEW and seen.short_codes >= PROVEN:
        return Candidate(CONCEPTS[Meaning.SECRET], 0.7, (*reasons, "values: codes of four to six digits"))
    if concept is PERSON_NAME or concept.recogniser == "person-name":
        return _person_name(concept, hint.score, reasons, seen, around)
    if concept in _GOING_BY_A_NAME and seen.count >= FEW and (named := seen.evidence("name-shape")).valid >= NAMED:
        return Candidate(PERSON_NAME, 0.6, (*reasons, named.told()))  # who wrote a row, or goes by a name, goes by a full one here
    if concept is CONCEPTS[Meaning.AUTHOR] and hint.score >= DID_IT and seen.count >= FEW and _signs_in(seen):
        return Candidate(CONCEPTS[Meaning.USERNAME], max(hint.score, 0.6), (*reasons, seen.evidence("login").told()))
    if concept is CONCEPTS[Meaning.CITIZENSHIP] and _of_peoples(seen):
        return Candidate(CONCEPTS[Meaning.ETHNICITY], 0.75, (*reasons, seen.evidence("ethnicity").told()))
    if concept is CONCEPTS[Meaning.MARKETING] and seen.count > 1 and (whom := seen.evidence("attraction")).valid >= PROVEN:
        return Candidate(CONCEPTS[Meaning.ORIENTATION], 0.7, (*reasons, whom.told()))
    if not concept.checks:
        return Candidate(concept, hint.score, reasons)
    evidence = best(concept, seen)
    if hint.score == UNSURE:
        return Candidate(concept, hint.score, (*reasons, evidence.told()), hard=True)
    if concept is CONCEPTS[Meaning.ADDRESS] and not evidence.shaped and seen.count >= FEW and seen.evidence("place").valid >= PROVEN:
        return Candidate(CONCEPTS[Meaning.CITY], 0.62 if around.person else WEAK, (*reasons, seen.evidence("place").told()))
    score = _weighed(hint.score, evidence, concept)
    if concept is CONCEPTS[Meaning.CONTACT]:
        for meaning in (Meaning.EMAIL, Meaning.PHONE):
            if seen.count >= TOO_FEW and (one := best(CONCEPTS[meaning], seen)).valid >= PROVEN:
                return Candidate(CONCEPTS[meaning], score, (*reasons, one.told()))
        score = min(score, CLEAR)  # which kind of contact it is, values tell
    if concept.category.startswith("user.contact") and seen.count < FEW and not around.person:
        score = min(score, CAPS[-1][1])  # offices have contacts too, and there are few of them
    return Candidate(concept, score, (*reasons, evidence.told()))


def _of_peoples(seen: Seen) -> bool:
    """Peoples by their own words, which in Russian, Kazakh, Bulgarian and Estonian are not those of states and of what belongs to them:
    `natsionalnost` of a form of Kazakhstan is no citizenship."""
    return seen.count >= TOO_FEW and not seen.ascii and seen.evidence("ethnicity").valid >= PROVEN


def _is_told_about(concept: Concept, seen: Seen) -> bool:
    """Six words at most in thirty rows or more, none of them one: whether a passport was seen, how a name is written. What may be a name or
    an address must be in small letters for it."""
    if not (0 < seen.different <= WORDS and seen.filled >= ROWS and seen.worded):
        return False
    if concept.recogniser in _IN_LETTERS and not seen.in_small_letters:
        return False
    return best(concept, seen).valid == 0


def _refuted(hint: Hint, seen: Seen, around: Surroundings) -> bool:
    """Values that cannot be of the special category a name tells: hundreds of different numbers or codes, of which none is one; fewer where
    the word has another sense and nothing around speaks of persons."""
    concept = hint.concept
    if concept is None or (around.person and hint.ambiguous and not concept.checks):
        return False
    if hint.paid and not hint.ambiguous:
        return False  # hundreds of different sums are what it ought to hold
    if not concept.checks:
        return hint.ambiguous and seen.count >= TOO_FEW and seen.longest <= SHORT
    least = SOME if hint.ambiguous and not around.person else MANY
    if concept.recogniser == "health" and not (hint.ambiguous and seen.all_digits):
        return False  # there are hundreds of codes of illnesses
    return seen.different >= least and seen.coded and best(concept, seen).valid == 0


def _weighed(score: float, evidence: Evidence, concept: Concept) -> float:
    if evidence.valid >= MOSTLY:
        return _lifted(score, evidence.valid, LIFT_BY_SHAPE if concept.checks == ("document",) else LIFT)
    if concept.special or evidence.shaped >= MOSTLY:
        return min(score, CAPS[-1][1]) if concept is CONCEPTS[Meaning.STREET] else score
    if concept is CONCEPTS[Meaning.CARD] and not evidence.shaped and evidence.seen >= FEW:
        return score * 0.4
    if evidence.seen < TOO_FEW:
        return score * 0.9
    return score * (0.5 + evidence.shaped * 0.8)


def _lifted(score: float, valid: float, lift: float = LIFT) -> float:
    return 1 - (1 - score) * (1 - lift * valid)


def _person_name(concept: Concept, score: float, reasons: tuple[str, ...], seen: Seen, around: Surroundings) -> Candidate:
    """Names are told by what they are made of; firms bear names too, and there a person's name is out of the question."""
    firms = seen.evidence("firm")
    evidence = best(concept, seen)
    if not around.person and seen.different <= WORDS and seen.filled >= ROWS and evidence.valid < MOSTLY:
        return Candidate(concept, min(score, CAPS[0][1]), (*reasons, evidence.told(), "values: a few words in many rows"))
    if firms.valid >= 0.4 and firms.valid > evidence.valid:
        return Candidate(concept, min(score, 0.24 if score < LIKELY else 0.4), (*reasons, firms.told()))
    if score <= BARE_CLIENT and seen.count >= FEW and seen.evidence("given-name").valid < MOSTLY / 2 and _signs_in(seen):
        return Candidate(CONCEPTS[Meaning.USERNAME], 0.6, (*reasons, seen.evidence("login").told()))
    if score <= BARE_CLIENT and evidence.valid < 0.15 and seen.count >= TOO_FEW:
        named = seen.evidence("name-shape")
        if named.valid >= NAMED and seen.count >= FEW and score >= BARE_PERSON:
            return Candidate(concept, 0.6, (*reasons, named.told()))
        return Candidate(concept, 0.0, (*reasons, evidence.told()))
    if concept is PERSON_NAME and score <= OF_SOMEBODY and not around.person and _names_things(seen):
        return Candidate(concept, min(score, CAPS[0][1]), (*reasons, evidence.told()))
    if evidence.valid == 0 and seen.count < FEW and score < CLEAR:
        return Candidate(concept, min(score, CAPS[0][1]), (*reasons, evidence.told()))
    lifted = _lifted(score, evidence.valid) if evidence.valid >= 0.25 else _weighed(score, evidence, concept)
    return Candidate(concept, lifted, (*reasons, evidence.told()))


def _signs_in(seen: Seen) -> bool:
    """Names to sign in with: all in small letters, or all in capitals as old machines have them."""
    return seen.evidence("login").valid >= NAMED and (seen.in_small_letters or all(value == value.upper() for value in seen.values))


def _names_things(seen: Seen) -> bool:
    """Hardly a value is, or is written as, the name of a person; family names by their ending are no proof, things end alike."""
    shares = [seen.evidence(check).valid for check in ("full-name", "given-name")]
    return (
        seen.count >= FEW
        and max(shares) < STRAY
        and seen.evidence("name-shape").valid < SOME_NAMED
        and seen.evidence("family-name").valid < MOSTLY
    )

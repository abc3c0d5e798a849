"""The checks on values: for each, the share of a column's values that pass it and the share that at least have its shape.

Cheap signs first: what has no `@` is no e-mail address, and no library is asked. Leaves to others: looking at values (`seen`), and what a
share is worth (`judging`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from governance.catalogue.inventory import ColumnKind, Sample
from governance.catalogue.recognition import numbers, people, pools, shapes, vocabulary
from governance.catalogue.recognition.seen import LOOKED_AT_SLOWLY, Evidence, Seen


def look(sample: Sample, kind: ColumnKind, as_of: date) -> Seen:
    """A column's values, ready to be checked."""
    return Seen(sample, kind, as_of, CHECKS)


def _national_id(seen: Seen) -> Evidence:
    found = seen.national_ids
    count = sum(found.values())
    valid = count - found[None]
    if not valid:
        what = "valid national ids"
    else:
        what = f"valid {' or '.join(sorted(str(name).upper() if name != 'isikukood' else name for name in found if name is not None))}"
    least = 8 if seen.numeric else 10
    digits = sum(many for length, many in seen.digits.items() if least <= length <= 12) / seen.count if seen.count else 0.0
    share = valid / count if count else 0.0
    return Evidence(
        share, seen.shaped(max(share, digits), lambda value: shapes.is_masked(value) or shapes.is_state_number(value)), count, what
    )


def _phone(seen: Seen) -> Evidence:
    if not seen.numeric and not any(seen.digits[length] for length in range(5, 16)) and not seen.some("+()-/. *"):
        return Evidence(0.0, 0.0, seen.count, "valid phone numbers")
    valid, count = seen.share(lambda value: seen.phone(numbers.whole(value)) is not None, LOOKED_AT_SLOWLY)
    shaped = seen.shaped(
        valid,
        lambda value: (5 <= sum(map(str.isdigit, value)) <= 31 and not any(map(str.isalpha, value))) or shapes.is_masked(value),
        LOOKED_AT_SLOWLY,
    )
    return Evidence(valid, shaped, count, "valid phone numbers")


def _international_phone(seen: Seen) -> Evidence:
    what = "phone numbers with a country's code"
    if not seen.some("+0"):
        return Evidence(0.0, 0.0, seen.count, what)
    valid, count = seen.share(lambda value: numbers.begins_internationally(value) and seen.phone(value) is not None, LOOKED_AT_SLOWLY)
    return Evidence(valid, valid, count, what)


def _mobile_phone(seen: Seen) -> Evidence:
    valid, count = seen.share(lambda value: numbers.is_mobile(numbers.whole(value), seen.phone), LOOKED_AT_SLOWLY)
    return Evidence(valid, valid, count, "mobile phone numbers of Bulgaria, Kazakhstan or Estonia")


def _phone_in_any_style(seen: Seen) -> Evidence:
    """Valid numbers of whatever style, where a fifth of them at least are written as only phone numbers are: with a code, a trunk prefix or
    in groups. Bare digits of seven and eight are valid in Estonia too often to mean anything by themselves."""
    what = "valid phone numbers in one style or another"
    if seen.numeric or not seen.some("+0 -/(") or seen.digits[_OF_DOCUMENTS] == seen.count:
        return Evidence(0.0, 0.0, seen.count, what)
    styled, count = seen.share(numbers.is_written_as_phone, LOOKED_AT_SLOWLY)
    if styled < 0.2:
        return Evidence(0.0, 0.0, count, what)
    valid, count = seen.share(lambda value: seen.phone(value) is not None, LOOKED_AT_SLOWLY)
    return Evidence(valid, valid, count, what)


def _iban(seen: Seen) -> Evidence:
    valid, count = seen.share(numbers.is_iban, LOOKED_AT_SLOWLY) if seen.with_letters else (0.0, seen.count)
    shaped = seen.shaped(
        valid, lambda value: (sum(map(str.isdigit, value)) >= 6 and " " not in value.strip(" ")[:4]) or shapes.is_masked(value)
    )
    return Evidence(valid, shaped, count, "valid IBANs")


def _card(seen: Seen) -> Evidence:
    """What is left of a card number, or its verification value, is as long in every row; short numbers of a table are not."""
    valid, count = seen.share(lambda value: numbers.is_card(numbers.whole(value)))
    kept = {length: many / seen.count for length, many in seen.digits.items() if length in (3, 4) and not seen.numeric}
    shaped = seen.shaped(valid, lambda value: 13 <= shapes.digits_in(value) <= 19 or shapes.is_masked(value))
    left = max(kept.values(), default=0.0)
    return Evidence(valid, max(shaped, left if left >= 0.9 else 0.0), count, "card numbers with a right check digit")


def _email(seen: Seen) -> Evidence:
    if not seen.some("@"):
        return Evidence(0.0, 0.0, seen.count, "e-mail addresses")
    valid, count = seen.share(numbers.is_email)
    return Evidence(valid, seen.shaped(valid, lambda value: "@" in value or shapes.is_masked_email(value)), count, "e-mail addresses")


def _birth_date(seen: Seen) -> Evidence:
    """Dates on which somebody was born who is then 14 to 110 years old; years alone have the shape."""
    years = [seen.as_of.year - found.year for found in map(shapes.date_of, seen.values) if found is not None]
    alone = [seen.as_of.year - int(value) for value in seen.values if len(value) == 4 and value.isascii() and value.isdigit()]
    plausible = sum(14 <= age <= 110 for age in years)
    shaped = len(years) + sum(14 <= age <= 110 for age in alone)
    return _evidence(plausible, shaped, seen.count, "dates of people alive")


def _adult_birth_date(seen: Seen) -> Evidence:
    """As birth dates of a lender's clients lie: all of adults, over a generation. Nothing else that a lender dates does."""
    ages = [seen.as_of.year - found.year for found in map(shapes.date_of, seen.values) if found is not None]
    spread = bool(ages) and min(ages) >= 16 and max(ages) <= 105 and max(ages) - min(ages) >= 25
    return _evidence(len(ages) if spread else 0, len(ages), seen.count, "dates of adults, a generation apart")


def _free_text(seen: Seen) -> Evidence:
    valid, count = seen.share(shapes.is_prose)
    return Evidence(valid, seen.shaped(valid, lambda value: " " in value), count, "sentences")


def _name_made(seen: Seen) -> Evidence:
    """Looks at the column as a whole, however few of its values are asked for."""
    what = "made as full names of persons are"
    if not seen.with_letters:
        return Evidence(0.0, 0.0, seen.count, what)
    valid, written = pools.share_of_persons(seen.values)
    if valid < (pools.OF_MANY if seen.count >= pools.MANY else pools.OF_FEW) and not seen.brief:
        valid = 0.0  # films and firms have as many
    return Evidence(valid, max(valid, written), seen.count, what)


def _evidence(valid: int, shaped: int, count: int, what: str) -> Evidence:
    return Evidence(valid / count, shaped / count, count, what) if count else Evidence(0.0, 0.0, 0, what)


def _letters(test: Callable[[str], bool], shape: Callable[[str], bool], what: str) -> Callable[[Seen], Evidence]:
    """A check on values that have letters."""

    def check(seen: Seen) -> Evidence:
        if not seen.with_letters:
            return Evidence(0.0, 0.0, seen.count, what)
        valid, count = seen.share(test)
        return Evidence(valid, seen.shaped(valid, shape), count, what)

    return check


def _signs(signs: str, test: Callable[[str], bool], what: str, shape: Callable[[str], bool] | None = None) -> Callable[[Seen], Evidence]:
    """A check on values that have certain signs; all have it where `signs` is empty."""

    def check(seen: Seen) -> Evidence:
        if signs and not seen.some(signs):
            return Evidence(0.0, seen.share(shape)[0] if shape is not None else 0.0, seen.count, what)
        valid, count = seen.share(test)
        return Evidence(valid, seen.shaped(valid, shape) if shape is not None else valid, count, what)

    return check


def _terms(name: str, what: str) -> Callable[[Seen], Evidence]:
    return _letters(lambda value: vocabulary.is_term(name, value), lambda value: len(value) <= 60, what)


_OF_DOCUMENTS = 9  # digits of identity cards and passports in Bulgaria and Kazakhstan

CHECKS: Mapping[str, Callable[[Seen], Evidence]] = {
    "national-id": _national_id,
    "phone": _phone,
    "international-phone": _international_phone,
    "mobile-phone": _mobile_phone,
    "phone-in-any-style": _phone_in_any_style,
    "iban": _iban,
    "card": _card,
    "email": _email,
    "masked-card": _signs("*xX•#", shapes.is_masked_card, "card numbers with a part blotted out"),
    "masked-iban": _signs("*xX•#", shapes.is_masked_iban, "IBANs with a part blotted out"),
    "masked-phone": _signs("*xX•#", shapes.is_masked_phone, "phone numbers with a part blotted out"),
    "masked-email": _signs("*", shapes.is_masked_email, "e-mail addresses with a part blotted out"),
    "personal-email": _signs("@", people.is_personal_email, "e-mail addresses with a given name"),
    "ip": _signs(".:", shapes.is_ip, "IP addresses", shapes.is_hex_digest),
    "mac": _signs(":-", shapes.is_mac, "hardware addresses"),
    "device": _signs("", shapes.is_device, "ids of devices", lambda value: len(value) >= 3),
    "user-agent": _signs("/", shapes.is_user_agent, "user agents", lambda value: len(value) >= 3),
    "coordinates": _signs(".", lambda value: shapes.is_point(value) or shapes.is_degrees(value), "coordinates", lambda value: "." in value),
    "point": _signs(".", shapes.is_point, "pairs of coordinates"),
    "password-digest": _signs("$:{", shapes.is_password_digest, "digests of passwords", lambda value: len(value) >= 4),
    "mrz": _signs("<", shapes.is_mrz, "machine-readable zones of passports and identity cards", shapes.is_mrz_like),
    "named-paper": _signs("0123456789", shapes.is_named_paper, "numbers of papers with their names"),
    "login": _signs("", shapes.is_login, "written as names to sign in with are"),
    "kz-passport": _signs("N", shapes.is_kz_passport, "shaped like passport numbers of Kazakhstan"),
    "document": _signs("", shapes.is_document, "shaped like numbers of documents", lambda value: sum(map(str.isdigit, value)) >= 2),
    "full-name": _letters(people.is_full_name, people.is_name_like, "full names of persons"),
    "given-name": _letters(people.is_given_name, people.is_name_like, "given names"),
    "family-name": _letters(people.is_family_name, people.is_name_like, "family names by their ending"),
    "name-shape": _letters(people.is_written_as_full_name, people.is_written_as_full_name, "written as full names are"),
    "name-made": _name_made,
    "plate": _signs("0123456789", shapes.is_plate, "registration numbers of vehicles", shapes.is_any_plate),
    "any-plate": _signs("0123456789", shapes.is_any_plate, "made as registration numbers of vehicles are"),
    "vehicle-paper": _signs("0123456789", shapes.is_vehicle_paper, "shaped like numbers of vehicles' papers"),
    "track": _signs("=D^", shapes.is_track, "tracks of payment cards"),
    "firm": _letters(shapes.is_firm, shapes.is_firm, "names of firms"),
    "address": _letters(shapes.is_address, shapes.is_address_like, "addresses"),
    "street": _letters(shapes.is_address, lambda value: any(map(str.isalpha, value)) and len(value) <= 80, "addresses"),
    "place": _letters(shapes.is_place, shapes.is_place, "written as names of places are"),
    "dates": _signs("", lambda value: shapes.date_of(value) is not None, "dates"),
    "birth-date": _birth_date,
    "adult-birth-date": _adult_birth_date,
    "free-text": _free_text,
    "religion": _terms("religion", "religions"),
    "ethnicity": _terms("ethnicity", "ethnic groups"),
    "politics": _terms("politics", "parties or political views"),
    "union": _terms("union", "trade unions"),
    "orientation": _terms("orientation", "sexual orientations"),
    "sex-life": _terms("sex-life", "about a sex life"),
    "attraction": _terms("attraction", "men, women or both"),
    "health": _letters(vocabulary.is_diagnosis, lambda value: len(value) >= 2, "diagnoses"),
    "illness": _terms("health", "states of health"),
    "marital": _terms("marital", "marital statuses"),
    "gender": _signs("", lambda value: vocabulary.is_term("gender", value), "genders", lambda value: len(value) <= 12),
}

"""Shapes of values: addresses, firms, devices, digests, dates and what else is told by how it is written.

Each function looks at one value. A shape is a hint, no proof; how many values of a column must have it is judged elsewhere. Names of
persons are in `people`, numbers with a check of their own in `numbers`.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import date

from governance.catalogue.recognition.numbers import compact, is_card
from governance.catalogue.recognition.words.terms import ADDRESS_WORDS, FIRM_FORMS, YES_NO

_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2}|:\d{1,5})?")
_IPV6 = re.compile(r"[0-9A-Fa-f:]{2,39}(?:/\d{1,3})?")
_MAC = re.compile(r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}")
_UUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_HEX = re.compile(r"[0-9A-Fa-f]{16,128}")
_AGENT = re.compile(
    r"(?:Mozilla|Opera|Dalvik|okhttp|curl|CFNetwork|Safari|Chrome|Firefox|Edge|PostmanRuntime|python-requests)/\d.*|.*\b(?:AppleWebKit|Gecko)/.*"
)
_DIGEST = re.compile(r"\$(?:2[aby]|argon2\w*|5|6|pbkdf2\S*|scrypt)\$.+|(?:pbkdf2|scrypt|bcrypt|argon2)\S*[:$].+|\{S?SHA\d*\}.+")
_HEX_DIGEST = re.compile(r"(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})")
_BLANK = re.compile(r"\s|\\[nr]")  # of lines too, as texts in JSON escape them
_DOCUMENT = re.compile(r"[A-ZА-Я]{1,3}\s?[№N]?\s?\d{5,9}|\d{8,9}|\d{2}\s?\d{2}\s?[№N]?\s?\d{6}")
#: Two lines of 44 or 36 characters, three of 30, or the first or second line of a passport by itself (ICAO 9303, parts 4 to 6).
_MRZ = re.compile(
    r"[PIACV][A-Z<][A-Z<]{3}[A-Z0-9<]{67}(?:[A-Z0-9<]{16}|[A-Z0-9<]{18})?|P[A-Z<][A-Z<]{3}[A-Z<]{39}|"
    r"[A-Z0-9<]{9}\d[A-Z<]{3}\d{7}[MFX<]\d{7}[A-Z0-9<]{14}[\d<]\d"
)
_MRZ_LIKE = re.compile(r"[A-Z0-9<]{20,100}")
_NAMED_PAPER = re.compile(
    r"(?:уд\w*\.? ?личн\w*|уд\.? ?л\.?|удостоверение|(?:загран)?паспорт|л\.? ?к\.?|лична карта|id[ -]?card|passport|isikutunnistus|"
    r"id-kaart|жеке куәлі\w+|төлқұжат|вид на жит\w*)[ :№Nn.#-]{1,4}[A-Z]{0,2} ?\d{6,10}\b",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"[A-Za-z][A-Za-z0-9._-]{1,30}")
_VEHICLE_PAPER = re.compile(r"[A-ZА-Я]{1,3} ?[№N]? ?\d{6,9}|\d{9}|\d{2} ?[A-ZА-Я]{2} ?[№N]? ?\d{6}")
_KZ_PASSPORT = re.compile(r"N ?(?!000)\d{8}")
_MASKED = re.compile(r"(?=.*\d{2})(?=.*(?:\*{2}|[xX]{3}|•{2}|#{3}))[\dA-Za-z*•#+() \-]{7,40}")
_BLOTTED = r"[*xX•#]"
#: A card number with six and four digits left at most (PCI DSS, requirement 3.4), an IBAN with its country, a phone number with its code.
_MASKED_CARD = re.compile(rf"(?=(?:[\dxX*•#][ -]?){{13,19}}\Z)(?:\d[ -]?){{0,8}}(?:{_BLOTTED}[ -]?){{4,15}}(?:\d[ -]?){{4}}")
_MASKED_IBAN = re.compile(r"(?=.{15,42}\Z)[A-Z]{2}\d{2}[ \dA-Z]{0,8}[*•# xX]{4,30}[\dA-Z ]{2,9}")
_MASKED_PHONE = re.compile(r"\+\d{1,3}[\d ()\-]{0,8}[*•#xX][*•#xX \-()]{1,12}[\d \-]{2,9}")
_MASKED_EMAIL = re.compile(r"[^@\s]*\*+[^@\s]*@[^@\s]+|[^@\s]+@[^@\s]*\*+[^@\s]*")
_POINT = re.compile(r"(?:POINT\s*\(|\()?\s*(-?\d{1,3}\.\d{2,})\s*[,; ]\s*(-?\d{1,3}\.\d{2,})\s*\)?", re.IGNORECASE)
_DEGREES = re.compile(r"-?\d{1,3}\.\d{3,}")
_TOKEN = re.compile(r"psn[0-9]+\.[a-z2-7]{32}")  # the published form of a pseudonym (pseudonym.tokens.TOKEN_PATTERN)
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[T ].*)?")
_LOCAL = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})(?:\s?г\.?)?(?:[T ]\d.*)?")
_PACKED = re.compile(r"(1[89]\d\d|20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])")
_PACKED_LOCAL = re.compile(r"([0-2]\d|3[01])(0[1-9]|1[0-2])(1[89]\d\d|20\d\d)")
_SHORT = re.compile(r"([0-2]\d|3[01])([./-])(0[1-9]|1[0-2])\2(\d\d)(?:\s?г\.?)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: As Oracle writes dates where nobody told it otherwise: 08-JAN-73.
_NAMED = re.compile(rf"(\d{{1,2}})[- ]({'|'.join(_MONTHS)})[a-z]{{0,6}}[-, ]{{1,2}}(\d{{4}}|\d\d)(?: .*)?", re.IGNORECASE)
_THIS_CENTURY = 30  # years of two digits below which they are of the twenty-first
#: Registration numbers of vehicles: Bulgaria and Russia use letters that both alphabets have, Kazakhstan the number of a region.
_TWIN = "ABEKMHOPCTYXАВЕКМНОРСТУХ"
_PLATE = re.compile(
    rf"[{_TWIN}]{{1,2}}[ -]?\d{{4}}[ -]?[{_TWIN}]{{2}}|[{_TWIN}][ -]?\d{{3}}[ -]?[{_TWIN}]{{2}}[ -]?\d{{2,3}}|"
    r"\d{3}[ -]?[A-Z]{2,3}[ -]?(?:0\d|1\d|20)|[A-Z][ -]?\d{3}[ -]?[A-Z]{2,3}"
)
_PLATE_EE = re.compile(
    r"\d{2,3}[ -]?[A-Z]{3}|[A-Z]{3}[ -]?\d{3}|[A-Z]{2}\d{2} ?[A-Z]{3}|[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?\d{1,4}|[A-Z]{2}-?\d{3,4}|"
    r"(?=.*[A-Z])(?=.*\d{3})[A-HJ-NPR-Z\d]{17}"  # the number of a chassis (ISO 3779)
)
#: The second track of a payment card, or the first (ISO/IEC 7813).
_TRACK = re.compile(r";?(\d{13,19})[=D]\d{7,}\??|%?B(\d{13,19})\^[^^]{2,26}\^\d{7,}.*")
#: Numbers that states give to persons, where no check is known: digits in groups or with a letter or two, as long as such numbers are.
_STATE_NUMBER = re.compile(r"(?=(?:[^\d]*\d){8,16}[^\d]*\Z)[A-Z]{0,2}\d[\d \-+/.]{6,18}[A-Z\d]{1,3}", re.IGNORECASE)
#: What stands between commas in an address: a house before or behind its street, and a place.
_HOUSE = re.compile(
    r"\d{1,4}[^\W\d_]? (?:[^\W\d_]{3}[\w.'’-]* ?){1,4}|"
    r"(?:[^\W\d_][\w.'’-]* ){1,4}№? ?\d{1,4}[^\W\d_]?(?:[-/]\d{1,4}[^\W\d_]?){0,2}"
)
_PLACE = re.compile(r"(?:[^\W\d_]{1,3}\. ?)?[A-ZА-ЯӘҒҚҢӨҰҮІÕÄÖÜŠŽ][^\W\d_.’'-]{2,}(?:[ -][^\W\d_][^\W\d_]*){0,3}\.?")
_YES_NO = frozenset(YES_NO.split())
_FORMS = frozenset(form.lower() for form in FIRM_FORMS.split())
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_ADDRESS = frozenset(ADDRESS_WORDS.split())
_STREETWARD = re.compile(r"(?:^|[,;]\s*|\d\s)[^\W\d_][^\d,;]{2,40}[ ,№]+\s*\d{1,4}\s*[^\W\d_]?(?:\s*[-/]\s*\d{1,4})?(?:\s*,|\s*$)")


def is_token(value: str) -> bool:
    """A pseudonym of ours: it stands for a value and says nothing about it."""
    return value.startswith("psn") and _TOKEN.fullmatch(value) is not None


def is_yes_or_no(value: str) -> bool:
    """A way of writing yes or no."""
    return value.lower() in _YES_NO


def is_ip(value: str) -> bool:
    """An address of IPv4 or IPv6, with or without a prefix length; of a list, as proxies add to it, the first."""
    if "," in value:
        value = value.partition(",")[0]
    if _IPV4.fullmatch(value) is None and (value.count(":") < 2 or _IPV6.fullmatch(value) is None):
        return False
    try:
        ipaddress.ip_address(value.split("/")[0] if ":" in value and "." not in value else re.split(r"[/:]", value)[0])
    except ValueError:
        return False
    return True


def is_user_agent(value: str) -> bool:
    """What a browser or an app says it is."""
    return _AGENT.fullmatch(value) is not None


def is_mac(value: str) -> bool:
    """The hardware address of a network card (EUI-48)."""
    return _MAC.fullmatch(value) is not None


def is_device(value: str) -> bool:
    """A hardware address, a UUID or a long hexadecimal number: what devices are told apart by."""
    return is_mac(value) or _UUID.fullmatch(value) is not None or _HEX.fullmatch(value) is not None


def is_password_digest(value: str) -> bool:
    """A digest in a form that is made for passwords: bcrypt, argon2, pbkdf2 ..."""
    return _DIGEST.fullmatch(value) is not None


def is_hex_digest(value: str) -> bool:
    """As many hexadecimal digits as a common digest has."""
    return _HEX_DIGEST.fullmatch(value) is not None


def is_document(value: str) -> bool:
    """The shape of a passport's or identity card's number: nine digits, or letters and digits. Many other numbers have it."""
    return _DOCUMENT.fullmatch(value.strip().upper()) is not None


def is_vehicle_paper(value: str) -> bool:
    """The shape of the number of a vehicle's certificate or passport: letters and six digits or more, or nine digits."""
    return _VEHICLE_PAPER.fullmatch(value.upper()) is not None


def is_state_number(value: str) -> bool:
    """As long as a number of a person and made like one, of whatever state: 123-45-6789, 12345678Z, 010180-123A. Many others are."""
    return _STATE_NUMBER.fullmatch(value) is not None


def is_mrz(value: str) -> bool:
    """The machine-readable zone of a passport or identity card, or a line of a passport's by itself. Check digits are not looked at."""
    return "<" in value and _MRZ.fullmatch(_BLANK.sub("", value)) is not None


def is_mrz_like(value: str) -> bool:
    """Written as machine-readable zones are, as far as a clerk or a scan left it: capitals, digits and fillers."""
    return "<<" in value and _MRZ_LIKE.fullmatch(_BLANK.sub("", value)) is not None


def is_named_paper(value: str) -> bool:
    """A paper by its name and number, as cash orders have it: `уд. личн. 012345678`, `лк 640012345`, `passport N 1234567`."""
    return _NAMED_PAPER.match(value.strip()) is not None


def is_login(value: str) -> bool:
    """Written as names to sign in with are: one word of Latin letters, with digits and points perhaps, letters for the most part."""
    return _LOGIN.fullmatch(value) is not None and 2 * sum(map(str.isalpha, value)) > len(value)


def is_kz_passport(value: str) -> bool:
    """The shape of a passport's number of Kazakhstan: N and eight digits. Other numbers may have it."""
    return _KZ_PASSPORT.fullmatch(value) is not None


def is_masked(value: str) -> bool:
    """A number of which a part is blotted out, as cards, accounts and phones are shown."""
    return _MASKED.fullmatch(value) is not None


def is_masked_card(value: str) -> bool:
    """As a card number is shown: as long as one, its last four digits left and at least four others blotted out."""
    return _MASKED_CARD.fullmatch(value) is not None


def is_masked_iban(value: str) -> bool:
    """An IBAN of which the middle is blotted out."""
    return _MASKED_IBAN.fullmatch(value) is not None


def is_masked_phone(value: str) -> bool:
    """A phone number with its country's code, of which a part is blotted out."""
    return _MASKED_PHONE.fullmatch(value) is not None


def is_masked_email(value: str) -> bool:
    """An e-mail address of which a part is blotted out."""
    return _MASKED_EMAIL.fullmatch(value) is not None


def is_plate(value: str) -> bool:
    """The registration number of a vehicle in Bulgaria, Kazakhstan or Russia: few other codes are made so."""
    return _PLATE.fullmatch(value.upper()) is not None


def is_any_plate(value: str) -> bool:
    """The registration number of a vehicle here or in Estonia and elsewhere, where many other codes are made alike."""
    return is_plate(value) or _PLATE_EE.fullmatch(value.upper()) is not None


def is_track(value: str) -> bool:
    """What the magnetic stripe of a payment card says, its number first."""
    found = _TRACK.fullmatch(value)
    return found is not None and is_card(found[1] or found[2])


def is_point(value: str) -> bool:
    """Latitude and longitude in one value."""
    found = _POINT.fullmatch(value)
    return found is not None and abs(float(found[1])) <= 180 and abs(float(found[2])) <= 180


def is_degrees(value: str) -> bool:
    """One coordinate, exact to a hundred metres at least."""
    return _DEGREES.fullmatch(value) is not None and abs(float(value)) <= 180


def date_of(value: str) -> date | None:
    """The date a value tells in one of the ways dates are written, None if none. Of two readings of day and month the local one wins."""
    if found := _ISO.fullmatch(value):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _LOCAL.fullmatch(value):
        return _date(int(found[3]), int(found[2]), int(found[1])) or _date(int(found[3]), int(found[1]), int(found[2]))
    if found := _PACKED.fullmatch(value):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _SHORT.fullmatch(value):
        return _date(_full(found[4]), int(found[3]), int(found[1]))
    if found := _NAMED.fullmatch(value):
        return _date(_full(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1]))
    if found := _PACKED_LOCAL.fullmatch(value):
        return _date(int(found[3]), int(found[2]), int(found[1]))
    return None


def _full(year: str) -> int:
    """A year of two digits with its century."""
    return int(year) if len(year) == 4 else int(year) + (2000 if int(year) < _THIS_CENTURY else 1900)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def is_firm(value: str) -> bool:
    """The name of a firm, by its legal form."""
    words = _WORD.findall(value)
    return bool(words) and (
        words[0].lower() in _FORMS or words[-1].lower() in _FORMS or any(word.isupper() and word.lower() in _FORMS for word in words)
    )


def is_address(value: str) -> bool:
    """Where somebody lives: a word that stands in addresses, and a number."""
    if not any(letter.isdigit() for letter in value) or len(value) > 140 or value.count(" ") > 16:
        return False
    return any(word.lower() in _ADDRESS for word in _WORD.findall(value)) or _is_in_parts(value)


def _is_in_parts(value: str) -> bool:
    """A house, its town and what lies beyond, parted by commas: `Nurme 12-4, Kehra, Harjumaa`."""
    parts = value.split(",")
    if not 2 <= len(parts) <= 6 or len(value) > 120:
        return False
    places = [part.strip() for part in parts]
    return any(map(_HOUSE.fullmatch, places)) and any(map(_PLACE.fullmatch, places))


def is_place(value: str) -> bool:
    """One to four words that begin with a capital, as names of towns and counties do, and those of many other things."""
    return _PLACE.fullmatch(value) is not None


def is_address_like(value: str) -> bool:
    """As an address, or at least words with a house number after them."""
    return is_address(value) or _STREETWARD.search(value) is not None or any(word.lower() in _ADDRESS for word in _WORD.findall(value))


def is_prose(value: str) -> bool:
    """A sentence or more: what may hold anything."""
    return len(value) >= 30 and value.count(" ") >= 4


def digits_in(value: str) -> int:
    """How many digits a value has once blanks are out; 0 if it has anything but digits."""
    plain = compact(value)
    return len(plain) if plain.isascii() and plain.isdigit() else 0

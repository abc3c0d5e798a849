"""What words in the names of columns and tables can mean, and what a column is that has such a name.

A meaning is a subject (an e-mail address, a religion), a participant (a person, a firm, a thing) or a modifier (a number, a kind, a point
in time). `CONCEPTS` says for each subject which category it belongs to, which types of columns can hold it, and which of the checks on
values (`values.CHECKS`) speak for it. Leaves to others: finding meanings in names (`lexicon`), deciding between them (`naming`, `judging`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from governance.catalogue.inventory import ColumnKind as Kind

#: Our keys where fideslang's taxonomy has none, with a title each.
OWN_CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "user.financial.amount": "Amounts of loans and payments",
        "user.financial.salary": "Salary and other income",
        "user.financial.property": "Property owned",
        "user.financial.liabilities": "Other liabilities",
        "user.financial.solvency": "Solvency and scores",
        "user.demographic.education": "Education",
        "user.demographic.citizenship": "Citizenship",
        "user.demographic.trade_union": "Membership of a trade union",
        "user.demographic.philosophical_belief": "Philosophical belief",
        "user.demographic.sex_life": "Sex life",
        "user.legal_capacity": "Legal capacity",
        "user.recording.voice": "Recorded voice",
        "user.recording.video": "Recorded pictures",
        "user.relative": "Family ties",
        "user.marketing": "Advertising",
    }
)


class Meaning(StrEnum):
    """What a word or phrase in a name says."""

    # subjects: what a column is about
    NATIONAL_ID = "a national id"
    TAX_ID = "a tax number"
    PIN = "a personal number or a secret code"
    PASSPORT = "a passport"
    ID_CARD = "an identity card"
    DOCUMENT = "a document"
    LICENCE = "a driving licence"
    VEHICLE = "a vehicle's registration"
    FIRST_NAME = "a given name"
    MIDDLE_NAME = "a patronymic"
    LAST_NAME = "a family name"
    FULL_NAME = "a full name"
    NAME = "a name"
    EMAIL = "an e-mail address"
    PHONE = "a phone number"
    FAX = "a fax number"
    CONTACT = "a contact"
    HOME_ADDRESS = "somebody's address"
    ADDRESS = "an address"
    STREET = "a street"
    HOUSE = "a house or flat"
    CITY = "a town"
    REGION = "a region"
    POSTAL_CODE = "a post code"
    COUNTRY = "a country"
    SOCIAL = "a social account"
    IBAN = "an IBAN"
    ACCOUNT = "an account"
    CARD = "a payment card"
    BANK_CODE = "a bank's code"
    EMPLOYER = "an employer"
    POSITION = "a position"
    SALARY = "a salary"
    INCOME = "an income"
    AMOUNT = "an amount"
    PROPERTY = "property"
    LIABILITY = "liabilities"
    SOLVENCY = "solvency"
    BIRTH_DATE = "a birth date"
    BIRTH_PLACE = "a place of birth"
    AGE = "an age"
    GENDER = "a gender"
    MARITAL = "a marital status"
    LANGUAGE = "a language"
    CITIZENSHIP = "a citizenship"
    EDUCATION = "an education"
    DEPENDANTS = "dependants"
    IP = "an IP address"
    COOKIE = "a cookie"
    USER_AGENT = "a user agent"
    DEVICE = "a device"
    COORDINATES = "coordinates"
    BROWSING = "pages visited"
    SIGN_IN = "biometrics to sign in with"
    VITALS = "bodily functions"
    BIOMETRIC = "biometric data"
    FINGERPRINT = "a fingerprint"
    RETINA = "an iris or retina"
    VOICEPRINT = "a voice print"
    HEALTH = "health"
    GENETIC = "genetic data"
    POLITICS = "political opinion"
    PARTY = "a party"
    RELIGION = "religion"
    PHILOSOPHY = "belief"
    ETHNICITY = "ethnic origin"
    UNION = "a trade union"
    SEX_LIFE = "sex life"
    ORIENTATION = "sexual orientation"
    CRIMINAL = "a criminal record"
    LEGAL_CAPACITY = "legal capacity"
    NOTE = "a note"
    BODY = "a text"
    PASSWORD = "a password"  # noqa: S105 - a word of the vocabulary
    SECRET = "a secret"  # noqa: S105 - a word of the vocabulary
    USERNAME = "a user name"
    AUTHOR = "who wrote a row"
    RELATION = "a family tie"
    VOICE = "a recorded voice"
    VIDEO = "recorded pictures"
    PHOTO = "a picture of a person"
    MARKETING = "advertising"
    CONSENT = "a consent"
    CLIENT_NUMBER = "a number that a client goes by"
    # participants: whose it is
    PERSON = "a person"
    PARTNER = "a business partner"
    ORGANISATION = "an organisation"
    PREMISES = "a branch or office"
    THING = "a thing"
    REFERENCE = "a list of reference"
    LEDGER = "bookkeeping"
    LOAN = "a contract or case"
    ORDER = "an order or payment"
    ORGANISATION_ID = "an organisation's number"
    WORK = "work"
    # modifiers: what of it
    NUMBER = "a number"
    SERIES = "a series"
    CODE = "a code"
    VALUE = "a value"
    PERSONAL = "personal"
    TITLE = "a title"
    KIND = "a kind"
    STATUS = "a state"
    FLAG = "yes or no"
    WHEN = "a point in time"
    COUNT = "a count"
    KEY = "a key"
    HASH = "a digest"
    EVENT = "something done"
    ISSUE = "issue or expiry"
    RATE = "a rate"


#: What makes of `phone` or `email` something about it: `phone_type`, `email_sent_at`, `has_phone`.
ABOUT = frozenset(
    {Meaning.KIND, Meaning.STATUS, Meaning.FLAG, Meaning.WHEN, Meaning.COUNT, Meaning.KEY, Meaning.EVENT, Meaning.ISSUE, Meaning.RATE}
)
BUSINESS = frozenset({Meaning.PARTNER, Meaning.ORGANISATION, Meaning.PREMISES, Meaning.THING, Meaning.REFERENCE, Meaning.ORGANISATION_ID})
#: Say nothing by themselves; what they stand under (a table, a path) says what they are of.
GENERIC = frozenset({Meaning.NUMBER, Meaning.SERIES, Meaning.CODE, Meaning.VALUE, Meaning.NAME, Meaning.PERSONAL})

_TEXT = frozenset({Kind.TEXT, Kind.ARRAY, Kind.OTHER, Kind.BINARY, Kind.JSON})
_NUMBERS = _TEXT | {Kind.INTEGER, Kind.NUMBER}
_MONEY = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.TEXT, Kind.OTHER})
_ANY = frozenset(Kind)
_DATES = frozenset({Kind.DATE, Kind.INSTANT, Kind.TEXT, Kind.INTEGER, Kind.NUMBER, Kind.OTHER, Kind.BINARY})
_STATED = _NUMBERS | {Kind.BOOLEAN}
_FILES = frozenset({Kind.BINARY, Kind.TEXT, Kind.OTHER})
_TRACES = _TEXT | {Kind.UUID, Kind.INTEGER, Kind.NETWORK}


@dataclass(frozen=True)
class Concept:
    """What a column can be recognised as. `base` is how far its name alone goes, `special` that no modifier makes it harmless
    (`religion_id` still tells a religion). `checks` are the names of the checks on values that speak for it."""

    recogniser: str
    category: str
    base: float
    kinds: frozenset[Kind]
    checks: tuple[str, ...] = ()
    direct: bool = False
    special: bool = False


SURE, GOOD, WEAK = 0.88, 0.68, 0.42

_NAMES = ("full-name", "given-name", "family-name", "name-made")
_ID = "user.government_id"
_NATIONAL = f"{_ID}.national_identification_number"
_AT = "user.contact.address"
_WHO = "user.demographic"

CLIENT_NUMBER = Concept("client-number", "user.unique_id", GOOD, _NUMBERS)

#: In the order in which they win when one name speaks of several: a password for an e-mail account is a password.
CONCEPTS: Mapping[Meaning, Concept] = MappingProxyType(
    {
        Meaning.GENETIC: Concept("genetic", "user.health_and_medical.genetic", SURE, _ANY, special=True),
        Meaning.FINGERPRINT: Concept("fingerprint", "user.biometric.fingerprint", SURE, _ANY, special=True),
        Meaning.RETINA: Concept("retina", "user.biometric.retinal", SURE, _ANY, special=True),
        Meaning.VOICEPRINT: Concept("voice-print", "user.biometric.voice", SURE, _ANY, special=True),
        Meaning.SIGN_IN: Concept("biometric-sign-in", "user.authorization.biometric", SURE, _ANY, special=True),
        Meaning.VITALS: Concept("vitals", "user.biometric.health", SURE, _ANY, special=True),
        Meaning.BIOMETRIC: Concept("biometric", "user.biometric", SURE, _ANY, special=True),
        Meaning.POLITICS: Concept("politics", f"{_WHO}.political_opinion", SURE, _ANY, ("politics",), special=True),
        Meaning.RELIGION: Concept("religion", f"{_WHO}.religious_belief", SURE, _ANY, ("religion",), special=True),
        Meaning.PHILOSOPHY: Concept("philosophy", f"{_WHO}.philosophical_belief", SURE, _ANY, special=True),
        Meaning.UNION: Concept("trade-union", f"{_WHO}.trade_union", SURE, _ANY, ("union",), special=True),
        Meaning.ORIENTATION: Concept("sexual-orientation", f"{_WHO}.sexual_orientation", SURE, _ANY, ("orientation",), special=True),
        Meaning.SEX_LIFE: Concept("sex-life", f"{_WHO}.sex_life", SURE, _ANY, special=True),
        Meaning.ETHNICITY: Concept("ethnicity", f"{_WHO}.race_ethnicity", SURE, _ANY, ("ethnicity",), special=True),
        Meaning.PARTY: Concept("politics", f"{_WHO}.political_opinion", WEAK, _TEXT, ("politics",)),
        Meaning.HEALTH: Concept("health", "user.health_and_medical", SURE, _ANY, ("health",), special=True),
        Meaning.CRIMINAL: Concept("criminal-record", "user.criminal_history", SURE, _ANY, special=True),
        Meaning.LEGAL_CAPACITY: Concept("legal-capacity", "user.legal_capacity", SURE, _ANY, special=True),
        Meaning.PASSWORD: Concept("password", "user.authorization.password", SURE, _NUMBERS, ("password-digest",)),
        Meaning.SECRET: Concept("secret", "user.authorization.credentials", SURE, _NUMBERS | {Kind.UUID}),
        Meaning.NOTE: Concept("note", "user.content", GOOD, _TEXT, ("free-text",)),
        Meaning.NATIONAL_ID: Concept("national-id", _NATIONAL, SURE, _NUMBERS, ("national-id",), direct=True),
        Meaning.TAX_ID: Concept("tax-id", _NATIONAL, GOOD, _NUMBERS, ("national-id",), direct=True),
        Meaning.PASSPORT: Concept("passport", f"{_ID}.passport_number", SURE, _NUMBERS, ("document", "mrz"), direct=True),
        Meaning.LICENCE: Concept("driving-licence", f"{_ID}.drivers_license_number", SURE, _NUMBERS, ("document",), direct=True),
        Meaning.ID_CARD: Concept("identity-card", _ID, SURE, _NUMBERS, ("document",), direct=True),
        Meaning.VEHICLE: Concept("vehicle", f"{_ID}.vehicle_registration", GOOD, _NUMBERS, ("any-plate", "vehicle-paper"), direct=True),
        Meaning.IBAN: Concept("iban", "user.financial.bank_account", SURE, _NUMBERS, ("iban",), direct=True),
        Meaning.CARD: Concept("card", "user.financial.credit_card", SURE, _NUMBERS, ("card",), direct=True),
        Meaning.EMAIL: Concept("email", "user.contact.email", SURE, _TEXT, ("email",), direct=True),
        Meaning.USER_AGENT: Concept("user-agent", "user.device", SURE, _TEXT, ("user-agent",)),
        Meaning.IP: Concept("ip-address", "user.device.ip_address", SURE, _TRACES, ("ip",)),
        Meaning.COOKIE: Concept("cookie", "user.device.cookie_id", SURE, _TRACES),
        Meaning.DEVICE: Concept("device", "user.device.device_id", SURE, _TRACES, ("device",)),
        Meaning.PHONE: Concept("phone", "user.contact.phone_number", SURE, _NUMBERS, ("phone",), direct=True),
        Meaning.FAX: Concept("fax", "user.contact.fax_number", GOOD, _NUMBERS, ("phone",), direct=True),
        Meaning.SOCIAL: Concept("social", "user.social", SURE, _NUMBERS | {Kind.UUID}),
        Meaning.ACCOUNT: Concept("account", "user.financial.bank_account", GOOD, _NUMBERS, ("iban",), direct=True),
        Meaning.BIRTH_PLACE: Concept("birth-place", _WHO, SURE, _TEXT),
        Meaning.BIRTH_DATE: Concept("birth-date", f"{_WHO}.date_of_birth", SURE, _DATES, ("birth-date",)),
        Meaning.POSTAL_CODE: Concept("post-code", f"{_AT}.postal_code", GOOD, _NUMBERS),
        Meaning.STREET: Concept("street", f"{_AT}.street", SURE, _TEXT, ("street",), direct=True),
        Meaning.HOUSE: Concept("house", _AT, GOOD, _NUMBERS),
        Meaning.CITY: Concept("town", f"{_AT}.city", GOOD, _NUMBERS),
        Meaning.REGION: Concept("region", f"{_AT}.state", GOOD, _NUMBERS),
        Meaning.COUNTRY: Concept("country", f"{_AT}.country", WEAK, _NUMBERS),
        Meaning.HOME_ADDRESS: Concept("address", _AT, SURE, _TEXT, ("address",), direct=True),
        Meaning.ADDRESS: Concept("address", _AT, SURE, _TEXT, ("address",), direct=True),
        Meaning.COORDINATES: Concept("coordinates", "user.location.precise", SURE, _NUMBERS, ("coordinates",)),
        Meaning.BROWSING: Concept("browsing", "user.behavior.browsing_history", GOOD, _TEXT),
        Meaning.FIRST_NAME: Concept("person-name", "user.name.first", SURE, _TEXT, _NAMES, direct=True),
        Meaning.MIDDLE_NAME: Concept("person-name", "user.name", SURE, _TEXT, _NAMES, direct=True),
        Meaning.LAST_NAME: Concept("person-name", "user.name.last", SURE, _TEXT, _NAMES, direct=True),
        Meaning.FULL_NAME: Concept("person-name", "user.name", SURE, _TEXT, _NAMES, direct=True),
        Meaning.SALARY: Concept("salary", "user.financial.salary", SURE, _MONEY),
        Meaning.INCOME: Concept("income", "user.financial.salary", SURE, _MONEY),
        Meaning.EMPLOYER: Concept("employer", "user.workplace", SURE, _TEXT),
        Meaning.POSITION: Concept("position", "user.job_title", GOOD, _TEXT),
        Meaning.AGE: Concept("age", f"{_WHO}.age_range", GOOD, _NUMBERS),
        Meaning.GENDER: Concept("gender", f"{_WHO}.gender", SURE, _STATED, ("gender",)),
        Meaning.MARITAL: Concept("marital-status", f"{_WHO}.marital_status", SURE, _STATED, ("marital",)),
        Meaning.LANGUAGE: Concept("language", f"{_WHO}.language", GOOD, _TEXT),
        Meaning.CITIZENSHIP: Concept("citizenship", f"{_WHO}.citizenship", SURE, _NUMBERS),
        Meaning.EDUCATION: Concept("education", f"{_WHO}.education", GOOD, _NUMBERS),
        Meaning.DEPENDANTS: Concept("dependants", "user.relative", GOOD, _STATED),
        Meaning.RELATION: Concept("family-tie", "user.relative", GOOD, _TEXT),
        Meaning.USERNAME: Concept("user-name", "user.account.username", SURE, _TEXT),
        Meaning.AUTHOR: Concept("user-name", "user.account.username", 0.55, _TEXT),  # names of persons among the values outweigh it
        Meaning.PHOTO: Concept("photo", "user.content.self_image", GOOD, _FILES),
        Meaning.VOICE: Concept("voice", "user.recording.voice", GOOD, _FILES),
        Meaning.VIDEO: Concept("video", "user.recording.video", GOOD, _FILES),
        Meaning.SOLVENCY: Concept("solvency", "user.financial.solvency", GOOD, _NUMBERS),
        Meaning.LIABILITY: Concept("liabilities", "user.financial.liabilities", GOOD, _NUMBERS),
        Meaning.PROPERTY: Concept("property", "user.financial.property", GOOD, _STATED),
        Meaning.CONSENT: Concept("consent", "user.privacy_preferences", GOOD, _ANY),
        Meaning.MARKETING: Concept("marketing", "user.marketing", GOOD, _TEXT),
        Meaning.CONTACT: Concept("contact", "user.contact", GOOD, _TEXT, ("email", "phone", "address")),
        Meaning.BODY: Concept("text", "user.content", WEAK, _TEXT, ("free-text",)),
        Meaning.CLIENT_NUMBER: CLIENT_NUMBER,
        Meaning.AMOUNT: Concept("amount", "user.financial.amount", WEAK, _MONEY),
        Meaning.BANK_CODE: Concept("bank-code", "user.financial.bank_account", 0.3, _TEXT),
    }
)

#: What a composition of meanings makes, beyond single words.
PERSON_NAME = Concept("person-name", "user.name", SURE, _TEXT, _NAMES, direct=True)
DOCUMENT_NUMBER = Concept("identity-document", _ID, GOOD, _NUMBERS, ("document",), direct=True)

"""How far a word goes where it stands: a phone number among clients, among branches, in a name that also speaks of an employer.

Leaves to others: which word decides (`naming`), and what the values say (`judging`).
"""

from __future__ import annotations

from governance.catalogue.recognition.hints import Name
from governance.catalogue.recognition.meanings import BUSINESS, GOOD, WEAK, Concept, Meaning

#: What is nobody's by its name stays a suspicion even when its values are what the name says: a branch has a phone number too.
UNSURE = 0.41
#: How far a word for who did something goes among business partners; below it the name itself speaks of a thing, as a host that exported.
DID_IT = 0.4
_OWN_CONTACTS = frozenset(
    {Meaning.PHONE, Meaning.FAX, Meaning.EMAIL, Meaning.ADDRESS, Meaning.STREET, Meaning.HOUSE, Meaning.CONTACT, Meaning.SOCIAL}
)
_PARTS_OF_NAMES = (Meaning.FIRST_NAME, Meaning.MIDDLE_NAME, Meaning.LAST_NAME)
_OF_GOODS = ("famil", "фамил")  # families of goods have names too, a surname has nobody but a person
_PLACES = frozenset({Meaning.CITY, Meaning.REGION, Meaning.POSTAL_CODE, Meaning.COUNTRY})


def weighed(name: Name, meaning: Meaning, concept: Concept) -> tuple[float, str]:
    """How far a subject's name goes where it stands, and why not as far as elsewhere."""
    around, base = name.around, concept.base
    person = name.has(Meaning.PERSON, Meaning.CONTACT)
    of_business = name.has(*BUSINESS) and not (person or around.person or meaning is Meaning.NOTE)
    among = "stands among business partners or things"
    if meaning in _OWN_CONTACTS:
        if of_business or (around.premises and not person):
            return UNSURE, "name: of a business or thing" if of_business else f"table: {among}"
        return (0.6, "name: of the employer") if name.has(Meaning.EMPLOYER) else (base, "")
    if meaning in _PLACES:
        if of_business or around.business:
            return (0.3, f"table: {among}") if around.business else (0.0, "name: of a business or thing")
        if person or name.has(Meaning.ADDRESS, Meaning.HOME_ADDRESS, Meaning.PERSONAL) or around.person:
            return max(base, 0.62), ""
        return (0.55, "") if meaning is not Meaning.COUNTRY else (base, "")
    if meaning is Meaning.ACCOUNT:
        return _account(name)
    if meaning is Meaning.CARD:
        if name.has(Meaning.THING) and not name.has(Meaning.NUMBER):
            return 0.0, "name: of a card, not its number"
        alone = name.words(meaning).lower() in ("card", "карта", "karta", "pan", "kaart")
        return (0.55, "") if alone and not name.has(Meaning.NUMBER) else (base, "")
    if meaning in (Meaning.TAX_ID, Meaning.NATIONAL_ID):
        if name.has(*BUSINESS - {Meaning.ORGANISATION_ID}, Meaning.EMPLOYER) and not person:
            return 0.0, "name: of an organisation"
        if name.has(Meaning.ORGANISATION_ID) and not person:
            return (0.0, "name: of an organisation") if meaning is Meaning.TAX_ID else (0.7, "name: of persons and organisations")
        vague = meaning is Meaning.TAX_ID or name.words(meaning).lower().startswith(("id ", "ident", "идент"))
        if vague and not person:
            return (0.0, f"table: {among}") if around.business else (0.75 if around.person else 0.55, "")
        return base, ""
    if meaning in _PARTS_OF_NAMES:
        if name.has(Meaning.THING, Meaning.REFERENCE, Meaning.LEDGER, Meaning.SERIES) and not person:
            return 0.0, "name: of a thing"
        of_goods = around.business and not person and name.words(meaning).lower().startswith(_OF_GOODS)
        return (WEAK, f"table: {among}") if of_goods else (base, "")
    if meaning is Meaning.FULL_NAME:
        return (0.3, "name: of a business or thing") if of_business or (around.business and not person) else (base, "")
    if meaning is Meaning.EMPLOYER:
        return (0.6, "") if name.has(Meaning.CODE, Meaning.NUMBER) else (base, "")
    if meaning is Meaning.AMOUNT:
        return (0.55, "") if person or around.person or around.loan or name.has(Meaning.LOAN) else (base, "")
    if meaning is Meaning.AUTHOR and name.has(*BUSINESS) and not person:
        return 0.3, "name: of a business or thing"
    if meaning is Meaning.AUTHOR and around.business:
        return DID_IT, f"table: {among}"
    if not concept.direct and base <= GOOD and (of_business or around.business):
        return min(base, 0.4), "name: of a business or thing" if of_business else f"table: {among}"
    return base, ""


def _account(name: Name) -> tuple[float, str]:
    """An account number of a person, not an account of the books and not one on a site."""
    around = name.around
    if around.ledger or name.has(Meaning.LEDGER):
        return 0.0, "name: an account of the books"
    if name.has(Meaning.NAME, Meaning.TITLE, Meaning.POSITION) or (
        name.has(Meaning.THING, Meaning.AMOUNT) and not name.has(Meaning.NUMBER)
    ):
        return 0.0, "name: of an account, not its number"
    if name.has(Meaning.CODE) and not name.has(Meaning.ORGANISATION):
        return 0.3, "name: of an account, not its number"
    if around.premises and not name.has(Meaning.PERSON):
        return UNSURE, "table: stands among business partners or things"
    spelt_out = name.has(Meaning.PERSON, Meaning.NUMBER, Meaning.ORGANISATION) or len(name.words(Meaning.ACCOUNT).split()) > 1
    words = name.words(Meaning.ACCOUNT).lower()
    return (0.85, "") if spelt_out or len(words) > 8 else (0.5, "name: by itself, the word has other senses")

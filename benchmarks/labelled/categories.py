"""The categories a column may be labelled with, and which of them the goals speak of.

Which category is direct or forbidden is said here anew, not taken from the recognisers: a measure must not move with what it measures.
"""

from __future__ import annotations

from fideslang.default_taxonomy import DEFAULT_TAXONOMY

#: Of our own, where fideslang 3.1 has no word.
OWN = frozenset(
    {
        "user.demographic.citizenship",
        "user.demographic.education",
        "user.demographic.philosophical_belief",
        "user.demographic.sex_life",
        "user.demographic.trade_union",
        "user.financial.amount",
        "user.financial.liabilities",
        "user.financial.property",
        "user.financial.salary",
        "user.financial.solvency",
        "user.legal_capacity",
        "user.marketing",
        "user.recording.video",
        "user.recording.voice",
        "user.relative",
    }
)
KNOWN = frozenset(str(category.fides_key) for category in DEFAULT_TAXONOMY.data_category) | OWN

#: Identify a person by themselves. Town, region and postcode alone do not.
_DIRECT_FAMILIES = ("user.name", "user.government_id")
_DIRECT = frozenset(
    {
        "user.contact.address",
        "user.contact.address.street",
        "user.contact.email",
        "user.contact.fax_number",
        "user.contact.phone_number",
        "user.financial.bank_account",
        "user.financial.credit_card",
    }
)
#: GDPR 9(1), health apart, which a lender may hold for a proof of hardship.
_FORBIDDEN_FAMILIES = (
    "user.biometric",
    "user.authorization.biometric",
    "user.demographic.philosophical_belief",
    "user.demographic.political_opinion",
    "user.demographic.race_ethnicity",
    "user.demographic.religious_belief",
    "user.demographic.sex_life",
    "user.demographic.sexual_orientation",
    "user.demographic.trade_union",
    "user.health_and_medical.genetic",
)


def below(category: str, ancestor: str) -> bool:
    """The same, or further down the tree."""
    return category == ancestor or category.startswith(f"{ancestor}.")


def is_direct(category: str) -> bool:
    return category in _DIRECT or any(below(category, family) for family in _DIRECT_FAMILIES)


def is_forbidden(category: str) -> bool:
    return any(below(category, family) for family in _FORBIDDEN_FAMILIES)

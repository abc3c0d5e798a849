"""May the archive lie where it lies: by the packs that ship, by declaration, by what its server says, and by exception."""

from __future__ import annotations

import re

import pytest

from governance.config import read_document, shipped
from governance.errors import ResidencyRefused
from governance.policy.loading import load_pack
from governance.policy.pack import Residency
from governance.policy.residency import REGIONS, Residence, country_of, require_allowed

PACKS = {name: load_pack(*read_document("pack", name, None)) for name in shipped("pack")}  # type: ignore[arg-type]
RULES = {name: pack.residency for name, pack in PACKS.items() if pack.residency is not None}


def one(*names: str) -> dict[str, Residency]:
    return {name: RULES[name] for name in names}


@pytest.mark.parametrize(("pack", "country"), [("expert-plus", "KZ"), ("kredit-seven", "KZ"), ("koduliising", "EE"), ("credit-plus", "BG")])
def test_each_pack_at_home(pack: str, country: str) -> None:
    assert require_allowed(Residence(country, one(pack)), None) == country


def test_a_pack_that_says_nothing_asks_nothing() -> None:
    assert "credithelp" not in RULES
    assert require_allowed(Residence(None, {}), None) is None


@pytest.mark.parametrize(
    ("country", "region", "packs", "words"),
    [
        ("BG", None, ("expert-plus",), "archive: it lies in BG; evidence of expert-plus allows KZ (3.4; law 94-V)"),
        ("KZ", None, ("credit-plus",), "archive: it lies in KZ; evidence of credit-plus allows AT, BE"),
        (None, None, ("expert-plus",), "nobody says in which country it lies (archive.country in lethe.yaml); evidence of expert-plus"),
        (None, "nowhere-9", ("expert-plus",), "nobody says in which country it lies"),
        (None, "eu-west-2", ("credit-plus",), "archive: it lies in GB; evidence of credit-plus allows"),
        ("EE", None, ("koduliising", "expert-plus", "kredit-seven"), "of expert-plus allows KZ (3.4; law 94-V); of kredit-seven allows KZ"),
        ("BG", "eu-central-1", ("credit-plus",), "lethe.yaml says it lies in BG, its server names region eu-central-1, in DE"),
    ],
)
def test_refused_with_the_clause(country: str | None, region: str | None, packs: tuple[str, ...], words: str) -> None:
    with pytest.raises(ResidencyRefused, match=re.escape(words)):
        require_allowed(Residence(country, one(*packs)), region)


def test_no_country_is_allowed_to_all_five() -> None:
    """Why the demo, whose people are made up, excepts them by name."""
    for country in {country for rule in RULES.values() for country in rule.archive}:
        with pytest.raises(ResidencyRefused):
            require_allowed(Residence(country, RULES), None)
    assert require_allowed(Residence(None, RULES, tuple(RULES)), None) is None


def test_the_server_may_answer_for_us_where_its_region_is_known() -> None:
    assert require_allowed(Residence(None, one("credit-plus")), "eu-central-1") == "DE"
    assert country_of(Residence("BG", {}), "my-own-region") == "BG"
    assert country_of(Residence("DE", {}), "eu-central-1") == "DE"
    assert all(re.fullmatch("[A-Z]{2}", country) for country in REGIONS.values())


def test_an_exception_excepts_one_dataset_alone() -> None:
    assert require_allowed(Residence("BG", one("expert-plus", "credit-plus"), ("expert-plus",)), None) == "BG"
    with pytest.raises(ResidencyRefused, match=r"evidence of kredit-seven allows KZ"):
        require_allowed(Residence("BG", one("expert-plus", "kredit-seven"), ("expert-plus",)), None)

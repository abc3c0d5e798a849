"""May evidence lie where the archive lies? Pure: countries in, a refusal or the country out.

One log holds the events of all controllers of a deployment, so every pack that says where its evidence may lie must allow the archive's
country. Evidence names nobody, but its keyed references are pseudonymous data (GDPR 4(5), recital 26), which stay personal data for whoever
has the keyring: an archive abroad is a transfer. What nobody says is not guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from governance.errors import ResidencyRefused
from governance.policy.pack import Residency

#: The countries of Amazon's regions (AWS General Reference, "Regions and zones"). One that is missing here is not believed, nor guessed.
REGIONS: Mapping[str, str] = {
    "af-south-1": "ZA",
    "ap-east-1": "HK",
    "ap-east-2": "TW",
    "ap-northeast-1": "JP",
    "ap-northeast-2": "KR",
    "ap-northeast-3": "JP",
    "ap-south-1": "IN",
    "ap-south-2": "IN",
    "ap-southeast-1": "SG",
    "ap-southeast-2": "AU",
    "ap-southeast-3": "ID",
    "ap-southeast-4": "AU",
    "ap-southeast-5": "MY",
    "ap-southeast-6": "NZ",
    "ap-southeast-7": "TH",
    "ca-central-1": "CA",
    "ca-west-1": "CA",
    "cn-north-1": "CN",
    "cn-northwest-1": "CN",
    "eu-central-1": "DE",
    "eu-central-2": "CH",
    "eu-north-1": "SE",
    "eu-south-1": "IT",
    "eu-south-2": "ES",
    "eu-west-1": "IE",
    "eu-west-2": "GB",
    "eu-west-3": "FR",
    "eusc-de-east-1": "DE",
    "il-central-1": "IL",
    "me-central-1": "AE",
    "me-south-1": "BH",
    "mx-central-1": "MX",
    "sa-east-1": "BR",
    "us-east-1": "US",
    "us-east-2": "US",
    "us-gov-east-1": "US",
    "us-gov-west-1": "US",
    "us-west-1": "US",
    "us-west-2": "US",
}


@dataclass(frozen=True)
class Residence:
    """What lethe.yaml and the packs say of the archive's country. `declared`: the country in lethe.yaml. `rules`: by dataset, what its pack
    allows; a pack that says nothing has none. `exceptions`: datasets that a person has excepted."""

    declared: str | None
    rules: Mapping[str, Residency]
    exceptions: Collection[str] = ()


def country_of(residence: Residence, region: str | None) -> str | None:
    """The archive's country by declaration and by the region that its server tells; None where neither says.

    Raises ResidencyRefused where they contradict each other.
    """
    told = REGIONS.get(region) if region is not None else None
    if residence.declared is not None and told is not None and told != residence.declared:
        raise ResidencyRefused(f"archive: lethe.yaml says it lies in {residence.declared}, its server names region {region}, in {told}")
    return residence.declared or told


def require_allowed(residence: Residence, region: str | None) -> str | None:
    """The archive's country, if every pack allows it. Raises ResidencyRefused naming each pack that does not, with its clause."""
    country = country_of(residence, region)
    against = [
        f"{dataset} allows {', '.join(rule.archive)} ({rule.clause})"
        for dataset, rule in sorted(residence.rules.items())
        if dataset not in residence.exceptions and country not in rule.archive
    ]
    if against:
        where = f"it lies in {country}" if country is not None else "nobody says in which country it lies (archive.country in lethe.yaml)"
        raise ResidencyRefused(f"archive: {where}; evidence of {'; of '.join(against)}")
    return country

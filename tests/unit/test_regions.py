"""From an address to its region: what an address says, in any spelling, and nothing that it only might say."""

from __future__ import annotations

import pytest

from governance.catalogue.actions import FieldAction, generalised
from governance.catalogue.regions import REGION_NAMES, bulgaria, estonia, kazakhstan, region_of
from governance.samples import estonian_words, kazakhstan_words, words

SAID = {
    "Пловдив": "област Пловдив",
    "4000 Пловдив, ул. Шипка 6": "област Пловдив",
    "гр. София 1000, ул. Варна 5": "област София-град",
    "София, ул. „Русе“ 3, България": "област София-град",
    "ж.к. Варна 5, Русе": "област Русе",
    "обл. София, гр. Самоков": "Софийска област",
    "обл. Варна, гр. Бяла": "област Варна",
    "обл. Русе, с. Иваново": "област Русе",
    "ВЕЛИКО ТЪРНОВО ОБЛ.": "област Велико Търново",
    "ul. Rakovski 5, Bourgas": "област Бургас",
    "гр. Пловдив 12": "област Пловдив",
    "Tartu mnt 5, 10115 Tallinn": "Harju maakond",
    "Narva-Jõesuu": "Ida-Viru maakond",
    "Johvi": "Ida-Viru maakond",
    "Saue vald, 76505": "Harju maakond",
    "Lääne-Virumaa, Nurkse küla": "Lääne-Viru maakond",
    "г. Нарва, ул. Пушкина 4": "Ida-Viru maakond",
    "г. Алматы, Ауэзова ул. 5": "Алматы",
    "010000, Astana": "Астана",
    "Алматы облысы, Қонаев": "Алматинская область",
    "Алматинская область": "Алматинская область",
    "Алматинская область, г. Талдыкорган": "область Жетісу",  # of which it is part since 2022
    "ВКО, г. Семей": "область Абай",
    "Восточно-Казахстанская обл., с. Иваново": "Восточно-Казахстанская область",
    "ЮКО, г. Шымкент": "Шымкент",
    "Абайская область": "область Абай",
}
#: What could be guessed, and why it is not.
UNSAID = {
    "": "nothing",
    "ул. Варна 5": "a street that bears the name of a town",
    "бул. Цар Борис Русе": "no end of the street's name",
    "Tartu mnt 5": "a street again, the word behind it",
    "Narva 12": "a street without the word for it",
    "обл. София": "the city's or the one around it",
    "гр. Бяла": "one of two towns",
    "с. Пловдив": "a village of that name would be another place",
    "Tartu küla": "a village again",
    "Plovdiv, Russia": "abroad",
    "Tallinn, Narva": "two towns of two regions",
    "обл. Варна, гр. Русе": "a contradiction",
    "Virumaa": "one of two",
    "ЮКО": "parted since",
    "Софийска": "no word for a region",
    "Пловдивчани": "part of a word",
    "Елена Петрова": "a person, where a town has the same name",
    "psn1.abcdefghijklmnopqrstuvwxyz234567": "a token",
}


@pytest.mark.parametrize(("address", "region"), SAID.items())
def test_what_an_address_says(address: str, region: str) -> None:
    assert region_of(address) == region


@pytest.mark.parametrize("address", UNSAID, ids=UNSAID.values())
def test_what_an_address_does_not_say_is_not_guessed(address: str) -> None:
    assert region_of(address) is None


def test_a_region_is_itself_and_there_are_as_many_as_there_are() -> None:
    assert [len(table.REGIONS) for table in (bulgaria, estonia, kazakhstan)] == [28, 15, 20]
    assert len(set(REGION_NAMES)) == 63
    for name in REGION_NAMES:
        assert region_of(name) == name
        assert region_of(f" {name.upper()} ") == name


def test_every_spelling_of_the_tables_leads_to_its_region() -> None:
    """Also a test that no spelling means two places, but for the town that there is twice, and the one that is a word."""
    for region in (*bulgaria.REGIONS, *estonia.REGIONS, *kazakhstan.REGIONS):
        for phrase in region.named:
            assert region_of(phrase) == region.name, phrase
        for town in region.towns:
            assert region_of(f"{town}, 12345") == (None if town in ("Бяла", "byala", "kula") else region.name), town


def test_every_town_of_the_samples_is_found() -> None:
    for region, town, code in words.TOWNS:
        found = region_of(f"{code} {town}, ул. „Шипка“ 5")
        assert found is not None, town
        assert region in found or region.startswith("София"), (region, found)
    for region, town, code in estonian_words.TOWNS:
        assert region_of(f"Tartu mnt 5, {code} {town}") == region, town
    for region, town, code in kazakhstan_words.TOWNS:
        assert region_of(f"{code}, {town}, Абай даңғылы 5") == region_of(region) is not None, town


def test_it_is_a_way_to_generalise() -> None:
    action = FieldAction.parse("generalise:region")
    assert str(action) == "generalise:region"
    assert action.may_empty
    assert generalised(action, "гр. Русе") == "област Русе"
    assert generalised(action, "somewhere") is None
    with pytest.raises(TypeError):
        generalised(action, 5)

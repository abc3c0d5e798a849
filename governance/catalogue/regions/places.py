"""Which region an address names.

An address is cut at its commas and read word by word, in any case, Cyrillic or Latin, with or without diacritics. Three things are
evidence: a region with the word for it (`обл. Пловдив`, `Harju maakond`, `Алматы облысы`), a town, and a country. What follows the word for
a street, or stands before one (`ул. Варна`, `Tartu mnt`), is no town, nor is a name with a house number (`Narva 12`), unless the address
calls it one (`гр. София 12`). The region is what all the evidence agrees on; where it agrees on nothing or on more than one there is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from governance.catalogue.regions import bulgaria, estonia, kazakhstan
from governance.catalogue.regions.table import Region, parts

_COUNTRIES = {
    "България, Bulgaria, Болгария": bulgaria.REGIONS,
    "Eesti, Estonia, Эстония": estonia.REGIONS,
    "Казахстан, Қазақстан, Kazakhstan, Qazaqstan": kazakhstan.REGIONS,
}
_ABROAD = (
    "Россия, Russia, РФ, Украина, Украйна, Ukraine, Беларусь, Belarus, Узбекистан, Uzbekistan, Кыргызстан, Киргизия, Kyrgyzstan, "
    "Китай, China, Турция, Turkey, Türkiye, Гърция, Greece, Румъния, Romania, Сърбия, Serbia, Македония, Macedonia, Германия, Germany, "
    "Deutschland, Soome, Suomi, Finland, Läti, Latvia, Latvija, Leedu, Lithuania, Rootsi, Sweden, Venemaa, Saksamaa, Италия, Italy, "
    "Испания, Spain, Великобритания, England, UK, USA, САЩ, США"
)
_STREETS_BEFORE = (
    "ул, улица, бул, булевард, бульвар, пл, площад, площадь, жк, кв, квартал, пр, просп, проспект, пер, переулок, мкр, микрорайон, шосе, "
    "ul, ulitsa, bul, blvd, boulevard, bulevard, pl, ploshtad, zhk, kv, prospekt, mkr"
)
_STREETS_AFTER = (
    "mnt, maantee, tn, tänav, pst, puiestee, tee, põik, väljak, plats, allee, күре, көшесі, көш, даңғылы, даң, koshesi, dangyly, street, "
    "str, st, avenue, ave, road, rd, шағынауданы, ықшамауданы"
)
_TOWNS_BEFORE = "гр, град, г, город, gr, grad, gorod, община"
_TOWNS_AFTER = "linn, vald, қаласы, қ, qalasy, kalasy, city, town"
_VILLAGES_BEFORE = "с, село, selo, аул, пос, поселок, village"
_VILLAGES_AFTER = "küla, alevik, ауылы, ауыл, кенті, auyly"
_MOST_WORDS = 4

_SEGMENT = re.compile(r"[,;|()\r\n\t]+")
_WORD = re.compile(r"\w+")
_ESTATE = re.compile(r"\bж\.?\s?к\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+\w?")
_HOUSE = re.compile(r"\d{1,3}[^\W\d]?")

Words = tuple[str, ...]


def words_of(text: str) -> Words:
    """Words as they are compared: case and diacritics aside."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    return tuple(_WORD.findall(plain))


def _words(names: str) -> frozenset[str]:
    return frozenset(word for name in parts(names) for word in words_of(name))


_BEFORE, _AFTER = _words(_STREETS_BEFORE), _words(_STREETS_AFTER)
_TOWN_BEFORE, _TOWN_AFTER = _words(_TOWNS_BEFORE), _words(_TOWNS_AFTER)
_VILLAGE_BEFORE, _VILLAGE_AFTER = _words(_VILLAGES_BEFORE), _words(_VILLAGES_AFTER)

_ALL: tuple[Region, ...] = (*bulgaria.REGIONS, *estonia.REGIONS, *kazakhstan.REGIONS)
#: The regions as they are written here; each stands for itself.
REGION_NAMES: tuple[str, ...] = tuple(region.name for region in _ALL)
_OWN = frozenset(REGION_NAMES)


def _listed(regions: Sequence[Region], *, towns: bool) -> dict[Words, frozenset[str]]:
    found: dict[Words, set[str]] = {}
    for region in regions:
        for phrase in region.towns if towns else (region.name, *region.named):
            found.setdefault(words_of(phrase), set()).add(region.name)
    return {phrase: frozenset(names) for phrase, names in found.items()}


_TOWNS: Mapping[Words, frozenset[str]] = _listed(_ALL, towns=True)
_REGIONS: Mapping[Words, frozenset[str]] = {
    **{phrase: names for phrase, names in _listed(_ALL, towns=False).items() if phrase not in _TOWNS},
    **{words_of(phrase): frozenset(names) for table in (bulgaria, estonia, kazakhstan) for phrase, names in table.OPEN.items()},
}
_LANDS: Mapping[Words, frozenset[str]] = {
    **{words_of(name): frozenset(region.name for region in of) for names, of in _COUNTRIES.items() for name in parts(names)},
    **{words_of(name): frozenset[str]() for name in parts(_ABROAD)},
}


def region_of(text: str) -> str | None:
    """The one region that an address or the name of a place says, as `REGION_NAMES` write it; None where it says none for certain."""
    if text in _OWN:
        return text
    said: list[frozenset[str]] = []
    towns: list[frozenset[str]] = []
    lands: list[frozenset[str]] = []
    for segment in _SEGMENT.split(_ESTATE.sub("жк", text)):
        for table, names in _evidence(words_of(segment)):
            (said if table is _REGIONS else towns if table is _TOWNS else lands).append(names)
    if towns:  # what was parted from a region since may still stand under its name
        said = [names | {kazakhstan.SPLIT[name] for name in names if name in kazakhstan.SPLIT} for names in said]
    if not said and not towns:
        return None
    agreed = frozenset.intersection(*said, *towns, *lands)
    return next(iter(agreed)) if len(agreed) == 1 else None


def _evidence(words: Words) -> Iterator[tuple[Mapping[Words, frozenset[str]], frozenset[str]]]:
    """Regions, towns and countries that the words of a segment name, from the left, the longest name first."""
    streets, at = _streets(words), 0
    while at < len(words):
        length, table = next(
            (
                (length, table)
                for length in range(min(_MOST_WORDS, len(words) - at), 0, -1)
                for table in (_REGIONS, _TOWNS, _LANDS)
                if words[at : at + length] in table and not streets & set(range(at, at + length))
            ),
            (1, None),
        )
        if table is not None and (table is not _TOWNS or _is_town(words, at, at + length)):
            yield table, table[words[at : at + length]]
        at += length


def _is_town(words: Words, begin: int, end: int) -> bool:
    before, after = words[begin - 1] if begin else "", words[end] if end < len(words) else ""
    if before in _VILLAGE_BEFORE or after in _VILLAGE_AFTER or (words[begin] in _VILLAGE_AFTER and before not in _TOWN_BEFORE):
        return False  # the last: the Bulgarian town of Kula is the Estonian word for a village
    return before in _TOWN_BEFORE or after in _TOWN_AFTER or not _HOUSE.fullmatch(after)


def _streets(words: Words) -> frozenset[int]:
    """Places of words that belong to the name of a street."""
    found: set[int] = set()
    for at, word in enumerate(words):
        following = _run(words, range(at + 1, len(words)))
        if word in _BEFORE and following:
            found |= following
        elif word in _BEFORE or word in _AFTER:
            found |= _run(words, range(at - 1, -1, -1)) | (following if word in _BEFORE else set())
    return frozenset(found)


def _run(words: Words, places: range) -> set[int]:
    """Places up to a number or the word for a town."""
    found: set[int] = set()
    for at in places:
        if _NUMBER.fullmatch(words[at]) or words[at] in _TOWN_BEFORE:
            break
        found.add(at)
    return found

"""The 15 counties (maakond) of Estonia: stem of the name, towns, boroughs and parishes within, and what Russian writes."""

from __future__ import annotations

from governance.catalogue.regions.table import Region, parts

#: stem: towns and parishes
_TOWNS = {
    "Harju": "Tallinn, Keila, Maardu, Paldiski, Saue, Loksa, Kehra, Viimsi, Harku, Saku, Kiili, Jõelähtme, Kuusalu, Raasiku, Rae vald, "
    "Kose vald, Anija vald, Таллин, Таллинн, Маарду, Кейла, Палдиски",
    "Hiiu": "Kärdla, Кярдла",
    "Ida-Viru": "Narva, Kohtla-Järve, Jõhvi, Sillamäe, Kiviõli, Püssi, Narva-Jõesuu, Alutaguse vald, Toila, Нарва, Кохтла-Ярве, Йыхви, "
    "Силламяэ, Кивиыли, Нарва-Йыэсуу",
    "Jõgeva": "Jõgeva, Põltsamaa, Mustvee, Йыгева, Пыльтсамаа",
    "Järva": "Paide, Türi, Järva vald, Пайде, Тюри",
    "Lääne": "Haapsalu, Lääne-Nigula, Vormsi, Хаапсалу",
    "Lääne-Viru": "Rakvere, Tapa, Kunda, Tamsalu, Kadrina, Väike-Maarja, Haljala, Vinni, Раквере, Тапа, Кунда",
    "Põlva": "Põlva, Räpina, Kanepi, Пылва, Ряпина",
    "Pärnu": "Pärnu, Sindi, Kilingi-Nõmme, Häädemeeste, Saarde, Пярну, Синди",
    "Rapla": "Rapla, Kohila, Märjamaa, Kehtna, Рапла",
    "Saare": "Kuressaare, Muhu vald, Ruhnu vald, Курессааре",
    "Tartu": "Tartu, Elva, Kallaste, Nõo, Kambja, Luunja, Тарту, Эльва",
    "Valga": "Valga, Tõrva, Otepää, Валга, Тырва, Отепя",
    "Viljandi": "Viljandi, Võhma, Suure-Jaani, Mõisaküla, Karksi-Nuia, Abja-Paluoja, Mulgi vald, Вильянди",
    "Võru": "Võru, Antsla, Rõuge, Setomaa vald, Выру",
}
_RUSSIAN = {
    "Harju": "Харьюский",
    "Hiiu": "Хийуский",
    "Ida-Viru": "Ида-Вируский",
    "Jõgeva": "Йыгеваский",
    "Järva": "Ярваский",
    "Lääne": "Ляэнеский",
    "Lääne-Viru": "Ляэне-Вируский",
    "Põlva": "Пылваский",
    "Pärnu": "Пярнуский",
    "Rapla": "Раплаский",
    "Saare": "Сааремааский",
    "Tartu": "Тартуский",
    "Valga": "Валгаский",
    "Viljandi": "Вильяндиский",
    "Võru": "Выруский",
}


def _named(stem: str) -> tuple[str, ...]:
    own = (f"{stem} maakond", f"{stem} mk", f"{stem}maa", f"{stem} county", f"{stem} maakonna")
    return (*own, f"{_RUSSIAN[stem]} уезд")


REGIONS = tuple(Region(f"{stem} maakond", _named(stem), parts(towns)) for stem, towns in _TOWNS.items())
#: Phrases that say one of several regions, and not which.
OPEN: dict[str, tuple[str, ...]] = {"Virumaa": ("Ida-Viru maakond", "Lääne-Viru maakond")}

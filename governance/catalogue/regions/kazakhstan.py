"""The regions (oblys) of Kazakhstan and its three cities of republican rank, as they stand since 8 June 2022: Russian, Kazakh, Latin.

`SPLIT`: an old address may name the region of its time and a town that lies in another since; the town then decides.
"""

from __future__ import annotations

from governance.catalogue.regions.table import Region, parts

#: name as it is written here: (Russian adjectives, Kazakh and Latin stems, towns)
_REGIONS = {
    "область Абай": (
        "Абайская",
        "Абай, Abai, Abay",
        "Семей, Семипалатинск, Semey, Semei, Курчатов, Аягоз, Аягөз, Ayagoz",
    ),
    "Акмолинская область": (
        "Акмолинская",
        "Ақмола, Akmola, Aqmola",
        "Кокшетау, Көкшетау, Kokshetau, Степногорск, Щучинск, Атбасар, Макинск, Есиль, Ерейментау, Акколь, Державинск, Косшы, Қосшы",
    ),
    "Актюбинская область": (
        "Актюбинская",
        "Ақтөбе, Aktobe, Aqtobe",
        "Актобе, Ақтөбе, Актюбинск, Aktobe, Aqtobe, Хромтау, Кандыагаш, Қандыағаш, Шалкар, Алга, Эмба",
    ),
    "Алматинская область": (
        "Алматинская",
        "Алматы, Almaty",
        "Конаев, Қонаев, Qonaev, Konaev, Капчагай, Қапшағай, Талгар, Талғар, Каскелен, Қаскелең, Есик, Иссык",
    ),
    "Атырауская область": ("Атырауская", "Атырау, Atyrau", "Атырау, Atyrau, Кульсары, Құлсары"),
    "Восточно-Казахстанская область": (
        "Восточно-Казахстанская",
        "Шығыс Қазақстан, East Kazakhstan, Shygys Qazaqstan",
        "Усть-Каменогорск, Өскемен, Oskemen, Ust-Kamenogorsk, Риддер, Зайсан, Шемонаиха, Зыряновск, Серебрянск, Глубокое",
    ),
    "Жамбылская область": ("Жамбылская", "Жамбыл, Zhambyl, Jambyl", "Тараз, Taraz, Шу, Каратау, Қаратау, Жанатас, Жаңатас"),
    "область Жетісу": (
        "Жетысуская, Жетісуская",
        "Жетісу, Жетысу, Zhetysu, Zhetisu, Jetisu",
        "Талдыкорган, Талдықорған, Taldykorgan, Текели, Жаркент, Ушарал, Сарканд, Уштобе",
    ),
    "Западно-Казахстанская область": (
        "Западно-Казахстанская",
        "Батыс Қазақстан, West Kazakhstan, Batys Qazaqstan",
        "Уральск, Орал, Oral, Uralsk, Аксай, Ақсай",
    ),
    "Карагандинская область": (
        "Карагандинская",
        "Қарағанды, Karaganda, Karagandy, Qaragandy",
        "Караганда, Қарағанды, Karaganda, Karagandy, Qaragandy, Темиртау, Теміртау, Temirtau, Балхаш, Балқаш, Шахтинск, Сарань",
    ),
    "Костанайская область": (
        "Костанайская, Кустанайская",
        "Қостанай, Kostanay, Kostanai, Qostanay",
        "Костанай, Қостанай, Кустанай, Kostanay, Kostanai, Рудный, Rudny, Житикара, Жітіқара, Лисаковск, Аркалык, Арқалық",
    ),
    "Кызылординская область": (
        "Кызылординская",
        "Қызылорда, Kyzylorda, Qyzylorda",
        "Кызылорда, Қызылорда, Kyzylorda, Qyzylorda, Аральск, Казалинск, Қазалы",
    ),
    "Мангистауская область": (
        "Мангистауская, Мангыстауская",
        "Маңғыстау, Mangystau, Mangistau",
        "Актау, Ақтау, Aktau, Aqtau, Жанаозен, Жаңаөзен, Zhanaozen, Форт-Шевченко",
    ),
    "Павлодарская область": ("Павлодарская", "Павлодар, Pavlodar", "Павлодар, Pavlodar, Экибастуз, Екібастұз, Ekibastuz"),
    "Северо-Казахстанская область": (
        "Северо-Казахстанская",
        "Солтүстік Қазақстан, North Kazakhstan, Soltustik Qazaqstan",
        "Петропавловск, Петропавл, Petropavl, Petropavlovsk, Булаево, Мамлютка, Тайынша",
    ),
    "Туркестанская область": (
        "Туркестанская",
        "Түркістан, Turkestan, Turkistan",
        "Туркестан, Түркістан, Turkestan, Turkistan, Кентау, Сарыагаш, Сарыағаш, Арыс, Жетысай, Жетісай, Ленгер, Шардара",
    ),
    "область Ұлытау": (
        "Улытауская, Ұлытауская",
        "Ұлытау, Улытау, Ulytau",
        "Жезказган, Жезқазған, Zhezkazgan, Джезказган, Сатпаев, Сәтбаев, Satpayev, Каражал, Қаражал",
    ),
}
_SHORT = {
    "Восточно-Казахстанская область": "ВКО, ШҚО",
    "Западно-Казахстанская область": "ЗКО, БҚО",
    "Северо-Казахстанская область": "СКО, СҚО",
}


def _named(name: str, adjectives: str, stems: str) -> tuple[str, ...]:
    russian = [f"{one} {word}" for one in parts(adjectives) for word in ("область", "обл", "oblast")]
    before = [f"{word} {stem}" for stem in parts(stems) for word in ("область", "обл")]
    after = [f"{stem} {word}" for stem in parts(stems) for word in ("облысы", "обл", "область", "oblysy", "oblast", "region", "province")]
    return (*russian, *before, *after, *parts(_SHORT.get(name, "")))


REGIONS = (
    *(Region(name, _named(name, adjectives, stems), parts(towns)) for name, (adjectives, stems, towns) in _REGIONS.items()),
    Region("Астана", (), parts("Астана, Astana, Нур-Султан, Нұр-Сұлтан, Nur-Sultan, Целиноград")),
    Region("Алматы", (), parts("Алматы, Almaty, Алма-Ата, Alma-Ata")),
    Region("Шымкент", (), parts("Шымкент, Shymkent, Чимкент")),
)
#: Phrases that say one of several regions, and not which.
OPEN = dict.fromkeys(
    parts("Южно-Казахстанская область, Южно-Казахстанская обл, ЮКО, ОҚО, Оңтүстік Қазақстан облысы, South Kazakhstan region"),
    ("Туркестанская область", "Шымкент"),
)
#: What was parted: from the region that kept the name, these.
SPLIT = {
    "Восточно-Казахстанская область": "область Абай",
    "Алматинская область": "область Жетісу",
    "Карагандинская область": "область Ұлытау",
    "Туркестанская область": "Шымкент",
}

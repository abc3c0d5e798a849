"""The 28 oblasts of Bulgaria: name, and towns of which there is one. The Latin spelling follows the Transliteration Act of 2009.

Towns whose name another place bears stand under each region (`Бяла`), or not at all where the name is also a person's (`Елена`).
"""

from __future__ import annotations

from governance.catalogue.regions.table import Region, parts

_LETTERS = "абвгдежзийклмнопрстуфхцчшщъьюя"
_LATIN = parts("a,b,v,g,d,e,zh,z,i,y,k,l,m,n,o,p,r,s,t,u,f,h,ts,ch,sh,sht,a,y,yu,ya")
_TRANSLITERATION = {ord(letter): latin for letter, latin in zip(_LETTERS, _LATIN, strict=True)}

#: region: its towns, the first of which it is named after.
_TOWNS = {
    "Благоевград": "Благоевград, Банско, Белица, Гоце Делчев, Кресна, Мелник, Петрич, Разлог, Сандански, Симитли, Якоруда",
    "Бургас": "Бургас, Айтос, Камено, Карнобат, Малко Търново, Несебър, Поморие, Приморско, Созопол, Сунгурларе, Царево",
    "Варна": "Варна, Бяла, Аксаково, Белослав, Вълчи дол, Девня, Долни чифлик, Провадия, Суворово",
    "Велико Търново": "Велико Търново, Горна Оряховица, Дебелец, Лясковец, Павликени, Полски Тръмбеш, Свищов, Стражица, Сухиндол",
    "Видин": "Видин, Белоградчик, Брегово, Грамада, Димово, Кула",
    "Враца": "Враца, Бяла Слатина, Козлодуй, Криводол, Мездра, Мизия, Оряхово",
    "Габрово": "Габрово, Дряново, Севлиево, Трявна",
    "Добрич": "Добрич, Балчик, Генерал Тошево, Каварна, Тервел, Шабла",
    "Кърджали": "Кърджали, Ардино, Крумовград, Момчилград, Джебел",
    "Кюстендил": "Кюстендил, Бобов дол, Бобошево, Дупница, Кочериново, Сапарева баня",
    "Ловеч": "Ловеч, Априлци, Летница, Луковит, Тетевен, Троян, Угърчин, Ябланица",
    "Монтана": "Монтана, Берковица, Бойчиновци, Брусарци, Вършец, Лом, Чипровци, Вълчедръм",
    "Пазарджик": "Пазарджик, Батак, Белово, Брацигово, Велинград, Панагюрище, Пещера, Ракитово, Септември, Стрелча",
    "Перник": "Перник, Брезник, Радомир, Земен, Трън",
    "Плевен": "Плевен, Белене, Гулянци, Долна Митрополия, Долни Дъбник, Кнежа, Никопол, Червен бряг",
    "Пловдив": "Пловдив, Асеновград, Брезово, Карлово, Калофер, Кричим, Куклен, Лъки, Перущица, Садово, Сопот, Стамболийски, Хисаря",
    "Разград": "Разград, Исперих, Кубрат, Завет, Лозница, Цар Калоян",
    "Русе": "Русе, Бяла, Борово, Ветово, Две могили, Сливо поле",
    "Силистра": "Силистра, Дулово, Тутракан, Главиница",
    "Сливен": "Сливен, Котел, Нова Загора, Твърдица, Шивачево",
    "Смолян": "Смолян, Девин, Доспат, Златоград, Рудозем, Чепеларе, Неделино",
    "Стара Загора": "Стара Загора, Гълъбово, Гурково, Казанлък, Мъглиж, Николаево, Павел баня, Раднево, Чирпан",
    "Търговище": "Търговище, Антоново, Омуртаг, Опака, Попово",
    "Хасково": "Хасково, Димитровград, Ивайловград, Любимец, Маджарово, Меричлери, Свиленград, Симеоновград, Тополовград, Харманли",
    "Шумен": "Шумен, Велики Преслав, Върбица, Каспичан, Нови пазар, Плиска, Смядово",
    "Ямбол": "Ямбол, Болярово, Елхово, Стралджа",
}
_CAPITAL = "София, Банкя, Нови Искър, Бухово"
_AROUND = (
    "Божурище, Ботевград, Годеч, Долна баня, Драгоман, Елин Пелин, Етрополе, Златица, Ихтиман, Копривщица, Костенец, Костинброд, "
    "Пирдоп, Правец, Самоков, Своге, Сливница"
)
#: Latin spellings that other systems have.
_ELSEWHERE = {
    "Бургас": "Bourgas",
    "Велико Търново": "Veliko Turnovo, В. Търново",
    "Враца": "Vratza",
    "Кърджали": "Kardjali, Kurdzhali, Kurdjali",
    "Пазарджик": "Pazardjik",
    "Русе": "Rousse",
    "Стара Загора": "Ст. Загора, St. Zagora",
    "Търговище": "Turgovishte",
    "Ямбол": "Jambol",
}


def latin(name: str) -> str:
    """The official Latin spelling; a last -ия is -ia (art. 4 and 5 of the Act)."""
    words = (f"{word[:-2]}иа" if word.endswith("ия") else word for word in name.lower().split(" "))
    return " ".join(words).translate(_TRANSLITERATION)


def _both(names: str) -> tuple[str, ...]:
    return tuple(spelt for name in parts(names) for spelt in (name, latin(name)))


def _named(name: str) -> tuple[str, ...]:
    """The phrases that say the region: with the word for it, before or after."""
    spelt = [name, latin(name), *parts(_ELSEWHERE.get(name, ""))]
    return tuple(f"{word} {one}" for one in spelt for word in ("област", "обл", "oblast", "obl")) + tuple(
        f"{one} {word}" for one in spelt for word in ("област", "oblast", "province", "region")
    )


def _region(name: str, towns: str) -> Region:
    return Region(f"област {name}", _named(name), (*_both(towns), *parts(_ELSEWHERE.get(name, ""))))


_CITY, _PROVINCE = "област София-град", "Софийска област"

REGIONS = (
    *(_region(name, towns) for name, towns in _TOWNS.items()),
    Region(
        _CITY,
        parts("област София град, обл София град, област София столица, обл София столица, София столица, Столична община, Sofia stolitsa,")
        + parts("Sofia city province, oblast Sofia grad, obl Sofia grad, Sofia capital, Sofia grad"),
        (*_both(_CAPITAL), "Sofiya"),
    ),
    Region(
        _PROVINCE,
        parts("Софийска област, обл Софийска, област Софийска, Sofiyska oblast, oblast Sofiyska, Sofia province"),
        _both(_AROUND),
    ),
)
#: Phrases that say one of several regions, and not which.
OPEN = dict.fromkeys(parts("област София, обл София, oblast Sofia, obl Sofia, Sofia oblast, Sofia region"), (_CITY, _PROVINCE))

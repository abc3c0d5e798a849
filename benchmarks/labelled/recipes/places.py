"""Addresses in one line and in parts, telephones, employers and other names of places and organisations."""

from __future__ import annotations

from benchmarks.labelled.recipes.people import latin
from benchmarks.labelled.recipes.registry import Random, chosen, digits, recipe, words

#: Country code, what is dialled before a number at home, prefixes, digits that follow them.
_MOBILE = {
    "bg": ("359", "0", ("87", "88", "89", "98"), 7),
    "ee": ("372", "", ("50", "51", "52", "53", "55", "56"), 6),
    "kz": ("7", "8", ("701", "702", "705", "707", "747", "771", "777"), 7),
}
_FIXED = {
    "bg": ("359", "0", ("2", "326", "526", "629", "826"), 5),
    "ee": ("372", "", ("62", "65", "67", "73", "77"), 5),
    "kz": ("7", "8", ("7172", "7272", "7212"), 6),
}


def _place(rng: Random, languages: str, key: str) -> str:
    choice = chosen(rng, languages)
    language = choice.removesuffix("-lat")
    found = str(rng.choice(words("places")[language][key]))
    spelt = {name: str(rng.choice(words("places")[language][name])) for name in ("street", "city", "region")}
    code = "".join(digits(rng, 1) if sign == "#" else sign for sign in words("places")[language]["postcode"])
    text = found.format(**spelt, code=code, n=rng.randint(1, 140), flat=rng.randint(1, 90))
    return latin(text, language) if choice.endswith("-lat") else text


@recipe
def address(rng: Random, languages: str) -> str:
    return _place(rng, languages, "lines")


@recipe
def street(rng: Random, languages: str) -> str:
    """Street with house and perhaps flat."""
    return _place(rng, languages, "street_line")


@recipe
def street_name(rng: Random, languages: str) -> str:
    return _place(rng, languages, "street")


@recipe
def city(rng: Random, languages: str) -> str:
    return _place(rng, languages, "city")


@recipe
def region(rng: Random, languages: str) -> str:
    return _place(rng, languages, "region")


@recipe
def postcode(rng: Random, language: str) -> str:
    return "".join(rng.choice("123456789") if n == 0 else digits(rng, 1) for n, _ in enumerate(words("places")[language]["postcode"]))


@recipe
def house(rng: Random) -> str:
    return f"{rng.randint(1, 180)}{rng.choice(('', '', '', 'А', 'Б', '/2'))}"


@recipe
def phone(rng: Random, country: str, style: str = "mixed") -> str:
    """`intl` +359 88..., `bare` without signs, `nat` as dialled at home, `spaced`, `dashed`, `fixed` for a land line, `mixed` any."""
    country = chosen(rng, country)
    style = rng.choice(("intl", "nat", "spaced", "dashed", "bare")) if style == "mixed" else style
    code, trunk, prefixes, length = (_FIXED if style == "fixed" else _MOBILE)[country]
    prefix, rest = rng.choice(prefixes), digits(rng, length)
    if country == "ee" and prefix in ("50", "52") and rng.random() < 0.7:
        rest = rest[:5]  # the older mobile numbers have seven digits
    return {
        "intl": f"+{code}{prefix}{rest}",
        "bare": f"{code}{prefix}{rest}",
        "nat": f"{trunk}{prefix}{rest}",
        "fixed": f"{trunk}{prefix} {rest}",
        "spaced": f"+{code} {prefix} {rest[:3]} {rest[3:5]} {rest[5:]}",
        "dashed": f"{trunk}({prefix}) {rest[:3]}-{rest[3:5]}-{rest[5:]}" if trunk else f"{prefix}-{rest[:3]}-{rest[3:]}",
    }[style].strip("- ")


@recipe
def organisation(rng: Random, languages: str) -> str:
    """An invented company with its legal form."""
    of = words("organisations")[chosen(rng, languages)]
    return str(rng.choice(of["forms"])).format(name=f"{rng.choice(of['heads'])}{rng.choice(of['tails'])}")


@recipe
def bank(rng: Random, languages: str) -> str:
    return str(rng.choice(words("organisations")[chosen(rng, languages)]["banks"]))


@recipe
def branch(rng: Random, languages: str) -> str:
    """An office of a lender, named after its town."""
    language = chosen(rng, languages)
    return str(rng.choice(words("organisations")[language]["branches"])).format(city=rng.choice(words("places")[language]["city"]))


@recipe
def position(rng: Random, languages: str) -> str:
    return str(rng.choice(words("organisations")[chosen(rng, languages)]["positions"]))


@recipe
def product(rng: Random, languages: str) -> str:
    return str(rng.choice(words("organisations")[chosen(rng, languages)]["products"]))

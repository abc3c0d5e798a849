"""Numbers and codes that belong to nobody: of documents, goods, organisations, machines."""

from __future__ import annotations

from stdnum import ean as stdnum_ean

from benchmarks.labelled.recipes.registry import Random, digits, recipe
from governance.catalogue.kazakhstan import check_digit


@recipe
def number(rng: Random, length: str) -> str:
    """That many digits by chance, the first not a zero."""
    return rng.choice("123456789") + digits(rng, int(length) - 1)


@recipe
def serial(rng: Random, first: str = "1", last: str = "90000") -> str:
    return str(rng.randint(int(first), int(last)))


@recipe
def pattern(rng: Random, shape: str) -> str:
    """`#` is a digit, `@` a capital, `%` a hexadecimal digit, any other sign itself."""
    kinds = {"#": "0123456789", "@": "ABCDEFGHJKLMNPRSTUVWXYZ", "%": "0123456789abcdef"}
    return "".join(rng.choice(kinds[sign]) if sign in kinds else sign for sign in shape)


@recipe
def ean(rng: Random) -> str:
    head = "3800" + digits(rng, 8)
    return head + str(stdnum_ean.calc_check_digit(head))


@recipe
def epoch(rng: Random, unit: str = "s") -> str:
    """An instant as Unix counts, in seconds or milliseconds."""
    moment = rng.randint(1_420_000_000, 1_780_000_000)
    return str(moment) if unit == "s" else f"{moment}{digits(rng, 3)}"


@recipe
def stamp(rng: Random) -> str:
    """A moment as digits, 20250314093012."""
    day, clock = (
        (rng.randint(2012, 2026), rng.randint(1, 12), rng.randint(1, 28)),
        (rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59)),
    )
    return "".join(f"{part:02}" for part in (*day, *clock))


@recipe
def bin_kz(rng: Random) -> str:
    """The business number of an organisation in Kazakhstan: year and month, 4 for a resident legal person, kind, serial, check digit."""
    while True:
        head = f"{rng.randint(0, 25):02}{rng.randint(1, 12):02}{rng.choice('45')}{rng.choice('01')}{digits(rng, 5)}"
        check = check_digit(head)
        if check is not None:
            return f"{head}{check}"


@recipe
def eik(rng: Random) -> str:
    """The number of an organisation in Bulgaria, nine digits."""
    head = rng.choice("12") + digits(rng, 7)
    for add in (1, 3):
        rest = sum((n + add) * int(digit) for n, digit in enumerate(head)) % 11
        if rest < 10:
            return f"{head}{rest}"
    return f"{head}0"


@recipe
def register_ee(rng: Random) -> str:
    """The number of an organisation in the Estonian register, eight digits."""
    return rng.choice("1789") + digits(rng, 7)


@recipe
def lei(rng: Random) -> str:
    """The worldwide number of an organisation, twenty signs with check digits (ISO 17442)."""
    body = "5299" + "00" + "".join(rng.choice("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(12))
    return body + f"{98 - int(''.join(str(int(sign, 36)) for sign in body + '00')) % 97:02}"


@recipe
def filename(rng: Random) -> str:
    stem, ending = (
        rng.choice(("scan", "contract", "report", "export", "dogovor", "leping", "IMG")),
        rng.choice(("pdf", "jpg", "xml", "docx")),
    )
    return f"{stem}_{digits(rng, 5)}.{ending}"


@recipe
def host(rng: Random) -> str:
    return f"{rng.choice(('app', 'db', 'mq', 'gw', 'batch'))}{rng.randint(1, 40):02}.{rng.choice(('prod', 'stage', 'dc2'))}.lender.example"


@recipe
def version(rng: Random) -> str:
    return f"{rng.randint(1, 14)}.{rng.randint(0, 30)}.{rng.randint(0, 99)}"

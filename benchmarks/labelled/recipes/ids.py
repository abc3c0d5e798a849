"""Numbers that states, banks and card schemes give to persons, with the check digits their rules ask for."""

from __future__ import annotations

from datetime import date, timedelta

from stdnum import luhn
from stdnum.bg import egn as stdnum_egn
from stdnum.bg import pnf as stdnum_pnf
from stdnum.ee import ik as stdnum_ik

from benchmarks.labelled.recipes.registry import Random, chosen, digits, recipe
from governance.catalogue.kazakhstan import check_digit

_FIRST, _LAST = date(1942, 1, 1), date(2007, 12, 31)
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def birth(rng: Random, since: date = _FIRST) -> date:
    """The birth date of a grown-up client."""
    return since + timedelta(days=rng.randrange((_LAST - since).days))


@recipe
def egn(rng: Random) -> str:
    born = birth(rng)
    head = f"{born:%y}{born.month + (40 if born.year >= 2000 else 0):02}{born:%d}{digits(rng, 3)}"
    return head + str(stdnum_egn.calc_check_digit(head))


@recipe
def lnch(rng: Random) -> str:
    head = "1" + digits(rng, 8)
    return head + str(stdnum_pnf.calc_check_digit(head))


@recipe
def isikukood(rng: Random) -> str:
    born = birth(rng)
    head = f"{rng.choice('56' if born.year >= 2000 else '34')}{born:%y%m%d}{digits(rng, 3)}"
    return head + str(stdnum_ik.calc_check_digit(f"{head}0"))  # wants the place of the digit filled


@recipe
def iin(rng: Random, born: str = "any") -> str:
    """With 3 and 4 for those born in the 20th century, 5 and 6 in the 21st; `late` for these only."""
    while True:
        day = birth(rng, date(2000, 1, 1) if born == "late" else _FIRST)
        head = f"{day:%y%m%d}{rng.choice('56' if day.year >= 2000 else '34')}{digits(rng, 4)}"
        check = check_digit(head)
        if check is not None:
            return f"{head}{check}"


@recipe
def passport(rng: Random, country: str) -> str:
    return {
        "bg": "3" + digits(rng, 8),
        "kz": f"N{digits(rng, 8)}",
        "ee": f"K{rng.choice('EF')}{digits(rng, 7)}",
        "ru": f"{rng.randint(10, 99)} {rng.randint(0, 24):02} {digits(rng, 6)}",
    }[chosen(rng, country)]


@recipe
def idcard(rng: Random, country: str) -> str:
    """Bulgarian cards have nine digits, those since 2024 two letters and seven; Kazakhstan's nine digits that begin with 0."""
    return {
        "bg": "64" + digits(rng, 7) if rng.random() < 0.8 else f"A{rng.choice('AB')}{digits(rng, 7)}",
        "kz": "0" + rng.choice("2345") + digits(rng, 7),
        "ee": f"A{rng.choice(_CAPITALS)}{digits(rng, 7)}",
    }[chosen(rng, country)]


@recipe
def licence(rng: Random, country: str) -> str:
    return {
        "bg": "28" + digits(rng, 7),
        "ee": f"ET{digits(rng, 6)}",
        "kz": f"{rng.choice(_CAPITALS)}{rng.choice(_CAPITALS)} {digits(rng, 6)}",
    }[country]


@recipe
def plate(rng: Random, country: str) -> str:
    letters = "".join(rng.choice("ABEKMHOPCTX") for _ in range(3))
    return {
        "bg": f"CB{digits(rng, 4)}{letters[:2]}",
        "ee": f"{digits(rng, 3)} {letters}",
        "kz": f"{digits(rng, 3)} {letters} {rng.randint(1, 17):02}",
    }[country]


def _alnum(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789" if rng.random() < 0.6 else _CAPITALS) for _ in range(count))


def _checked(code: str, body: str) -> str:
    """With the check digits of ISO 13616 between country and body."""
    number = int("".join(str(int(sign, 36)) for sign in f"{body}{code}00"))
    return f"{code}{98 - number % 97:02}{body}"


@recipe
def iban(rng: Random, country: str, style: str = "plain") -> str:
    """ISO 13616 for BG, EE, KZ; `grouped` by four, `lower` in small letters."""
    code = chosen(rng, country).upper()
    bank = "".join(rng.choice(_CAPITALS) for _ in range(4))
    body = {"BG": f"{bank}{digits(rng, 6)}{_alnum(rng, 8)}", "EE": digits(rng, 16), "KZ": digits(rng, 3) + _alnum(rng, 13)}[code]
    whole = _checked(code, body)
    if style == "grouped":
        return " ".join(whole[n : n + 4] for n in range(0, len(whole), 4))
    return whole.lower() if style == "lower" else whole


@recipe
def iban_abroad(rng: Random, country: str) -> str:
    """ISO 13616 for the neighbours whose accounts open banking brings in: LT, LV."""
    code = chosen(rng, country).upper()
    bank = "".join(rng.choice(_CAPITALS) for _ in range(4))
    return _checked(code, {"LT": digits(rng, 16), "LV": bank + _alnum(rng, 13)}[code])


@recipe
def account(rng: Random, length: str = "10") -> str:
    """A number of an account as a bank itself counts."""
    return rng.choice("12456789") + digits(rng, int(length) - 1)


@recipe
def card(rng: Random, style: str = "plain") -> str:
    """A payment card by Luhn; `grouped` by four, `masked` but for the first six and last four digits, `tail` the last four."""
    head = rng.choice(("4", "51", "52", "53", "54", "55", "2200", "676"))
    body = head + digits(rng, 15 - len(head))
    whole = body + str(luhn.calc_check_digit(body))
    return {
        "plain": whole,
        "grouped": " ".join(whole[n : n + 4] for n in range(0, 16, 4)),
        "masked": f"{whole[:6]}******{whole[-4:]}",
        "starred": f"**** **** **** {whole[-4:]}",
        "tail": whole[-4:],
    }[style]


@recipe
def track2(rng: Random) -> str:
    """What a magnetic stripe holds: card, `=`, expiry as YYMM, service code, discretionary data (ISO/IEC 7813)."""
    return f"{card(rng)}={rng.randint(26, 32)}{rng.randint(1, 12):02}201{digits(rng, 10)}"


@recipe
def national(rng: Random, country: str) -> str:
    """A national number of any of the countries, as a table of clients of several branches holds."""
    return {"bg": egn, "ee": isikukood, "kz": iin}[chosen(rng, country)](rng)

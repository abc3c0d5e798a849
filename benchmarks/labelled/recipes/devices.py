"""What devices and browsers leave behind, and what opens an account."""

from __future__ import annotations

import base64
import uuid as uuids

from stdnum import luhn

from benchmarks.labelled.recipes.registry import Random, digits, recipe

_SYSTEMS = (
    "Windows NT 10.0; Win64; x64",
    "X11; Linux x86_64",
    "Macintosh; Intel Mac OS X 10_15_7",
    "Linux; Android 14; SM-A546B",
    "iPhone; CPU iPhone OS 17_4 like Mac OS X",
)
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@recipe
def hexadecimal(rng: Random, length: str) -> str:
    return "".join(rng.choice("0123456789abcdef") for _ in range(int(length)))


@recipe
def ipv4(rng: Random) -> str:
    return f"{rng.choice((5, 37, 46, 78, 85, 91, 95, 109, 178, 212))}.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"


@recipe
def ipv6(rng: Random) -> str:
    return "2001:db8:" + ":".join(f"{rng.randrange(65536):x}" for _ in range(6))


@recipe
def ip(rng: Random) -> str:
    return ipv6(rng) if rng.random() < 0.15 else ipv4(rng)


@recipe
def agent(rng: Random) -> str:
    version = f"{rng.randint(90, 131)}.0.{rng.randint(0, 6000)}.{rng.randint(0, 200)}"
    tail = rng.choice(
        (
            f"Chrome/{version} Safari/537.36",
            f"Firefox/{rng.randint(90, 130)}.0",
            f"Version/17.4 Mobile/15E148 Safari/{rng.randint(600, 610)}.1",
        )
    )
    return f"Mozilla/5.0 ({rng.choice(_SYSTEMS)}) AppleWebKit/537.36 (KHTML, like Gecko) {tail}"


@recipe
def uuid(rng: Random) -> str:
    return str(uuids.UUID(int=rng.getrandbits(128), version=4))


@recipe
def cookie(rng: Random) -> str:
    """As an analytics script sets it."""
    return f"GA1.2.{rng.randint(10**8, 10**9)}.{rng.randint(1_600_000_000, 1_780_000_000)}"


@recipe
def imei(rng: Random) -> str:
    body = "35" + digits(rng, 12)
    return body + str(luhn.calc_check_digit(body))


@recipe
def imsi(rng: Random) -> str:
    """Of a subscriber: country, network, ten digits (ITU-T E.212)."""
    return rng.choice(("28401", "28405", "24801", "24802", "40101", "40177")) + digits(rng, 10)


@recipe
def iccid(rng: Random) -> str:
    """Of a SIM card, with its check digit (ITU-T E.118)."""
    body = rng.choice(("89359", "89372", "89701")) + digits(rng, 13)
    return body + str(luhn.calc_check_digit(body))


@recipe
def mac(rng: Random) -> str:
    return ":".join(f"{rng.randrange(256):02x}" for _ in range(6))


@recipe
def coordinate(rng: Random, low: str, high: str) -> str:
    return f"{rng.uniform(float(low), float(high)):.6f}"


@recipe
def token(rng: Random, length: str = "32") -> str:
    return base64.urlsafe_b64encode(rng.randbytes(int(length))).decode().rstrip("=")


@recipe
def bcrypt(rng: Random) -> str:
    return f"$2b$12${base64.b64encode(rng.randbytes(40)).decode()[:53].replace('+', '.').replace('=', '/')}"


@recipe
def argon(rng: Random) -> str:
    return f"$argon2id$v=19$m=65536,t=3,p=4${token(rng, '16')}${token(rng, '32')}"


@recipe
def jwt(rng: Random) -> str:
    return f"eyJhbGciOiJIUzI1NiJ9.eyJ{token(rng, '40')}.{token(rng, '32')}"


@recipe
def base32(rng: Random, length: str = "32") -> str:
    return "".join(rng.choice(_BASE32) for _ in range(int(length)))


@recipe
def password(rng: Random) -> str:
    """In the clear, as nobody should keep it."""
    word = rng.choice(("lisica", "Zvezda", "Kevad", "qwerty", "parola", "sunny", "drakon"))
    return f"{word}{digits(rng, rng.randint(1, 4))}{rng.choice(('', '!', '#', '*'))}"

"""What looks alike told apart: whose a contact is when nobody knows the role, names of things, words about an identifier, machines' prints,
settings and exposed persons, who wrote a row, accounts and cards under short names, machine-readable zones; all of our own making."""

from __future__ import annotations

import string

import pytest
from stdnum import iban
from test_recognition_weighed import ADDRESS, ETHNICITY, NAME, PHONE, POLITICS, dice, digits, judged, paths, told

from governance.catalogue.inventory import ColumnKind
from governance.catalogue.verdict import Certainty
from governance.samples import bulgarian

EMAIL, ACCOUNT, CARD, USERNAME = (
    "user.contact.email",
    "user.financial.bank_account",
    "user.financial.credit_card",
    "user.account.username",
)
PASSPORT, FINGERPRINT, CRIMINAL = "user.government_id.passport_number", "user.biometric.fingerprint", "user.criminal_history"
THINGS = ["Night run", "Core", "Overdue", "Late shift", "B 12", "Main", "Harbour", "Fast lane", "Retry"]


def lines(seed: int) -> str:
    """The two lines of an invented passport."""
    roll = dice(seed)
    letters = "".join(roll.choice(string.ascii_uppercase) for _ in range(6))
    first = f"P<KAZ{letters}<<{letters[::-1]}".ljust(44, "<")
    return f"{first}\n" + f"N{digits(8, roll)}{digits(1, roll)}KAZ{digits(7, roll)}M{digits(7, roll)}{digits(12, roll)}<<<{digits(1, roll)}"


def card_lines(seed: int) -> str:
    """The three lines of an invented identity card."""
    roll = dice(seed)
    rows = (f"IDBGR{digits(9, roll)}1", f"{digits(7, roll)}F{digits(7, roll)}BGR", "OAKHOLLOW<<FENELLA")
    return "\n".join(row.ljust(30, "<") for row in rows)


def ibans(country: str, bank: str, many: int) -> list[str]:
    """Valid IBANs of accounts that nobody has."""
    roll = dice(5)
    bodies = [bank + digits(many, roll) for _ in range(40)]
    return [country + iban.calc_check_digits(f"{country}00{body}") + body for body in bodies]


@pytest.mark.parametrize("role", ["inviter", "zorbler", "рекомендатель", "поканил", "kutsuja", "шақырушы", "addressee", "referrer"])
def test_a_contact_of_whom_nobody_knows_is_somebodys(role: str) -> None:
    for table in ("events", "credit_bureau_reports", "partner_referrals", "ответы_бюро", "банк_запитвания", "panga_päringud"):
        assert told(judged(f"{table}.{role}_telefon", ())) == PHONE
        assert told(judged(f"{table}.adresa_{role}", ())) == ADDRESS
        assert told(paths([{role: {"email": "x"}}] * 8, table=table)[f"{role}.email"]) == EMAIL
        assert told(judged(f"{table}.{role}_surname", ())) == "user.name.last"
    for table in ("partners", "bank_branches", "филиалы", "магазини"):
        assert told(judged(f"{table}.{role}_telefon", ())) in (None, PHONE if role == "addressee" else None)


@pytest.mark.parametrize(
    ("document", "path", "category"),
    [
        ({"telephones": [{"formatted": "x"}]}, "telephones.*.formatted", PHONE),
        ({"subject": {"telefony": ["x"]}}, "subject.telefony.*", PHONE),
        ({"telefonai": [{"number": "x"}]}, "telefonai.*.number", PHONE),
        ({"addresses": [{"full": "x"}]}, "addresses.*.full", ADDRESS),
        ({"adresa": {"polnyj": "x"}}, "adresa.polnyj", ADDRESS),
        ({"мекенжайлар": [{"толық": "x"}]}, "мекенжайлар.*.толық", ADDRESS),
        ({"aadressid": [{"free_form": "x"}]}, "aadressid.*.free_form", ADDRESS),
        ({"branch": {"telephones": ["x"]}}, "branch.telephones.*", None),
        ({"telephones": [{"type": "x"}]}, "telephones.*.type", None),
    ],
)
def test_contacts_in_a_report_are_its_subjects(document: object, path: str, category: str | None) -> None:
    assert told(paths([document] * 8, table="credit_bureau_reports")[path]) == category


@pytest.mark.parametrize(
    "name",
    [
        "queue_name",
        "name_of_vessel",
        "cost_centre_name",
        "fee_name",
        "page_name",
        "ИмяОчереди",
        "имя_судна",
        "imya_ankety",
        "име_на_смяна",
        "ime_na_korab",
        "laeva_nimi",
        "vahetuse_nimi",
        "кеме_аты",
        "сауалнама_аты",
        "zorb_name",
        "zorb_аты",
        "sender_name",
    ],
)
def test_the_name_of_a_thing_is_no_persons(name: str) -> None:
    people = [" ".join(bulgarian.full_name(dice(number).random, number % 2 == 0)) for number in range(40)]
    assert told(judged(f"x.{name}", THINGS)) is None
    if name not in ("fee_name", "page_name"):
        assert told(judged(f"x.{name}", people)) == NAME


def test_a_sender_among_persons_keeps_a_name() -> None:
    assert told(judged("clients.sender_name", THINGS)) == NAME
    assert told(judged("x.client_name", THINGS)) == NAME
    assert told(judged("x.payer_name", ["Berwyn", "Caspia", "Eldric", "Fenella", "Zorin", "Quill", "Rast", "Vex"])) == NAME
    assert told(judged("x.sender_name", ())) == NAME


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("passport", ["seen", "missing"]),
        ("паспорт", ["Есть копия", "Утерян"]),
        ("lichna_karta", ["видяна", "липсва"]),
        ("surname", ["upper", "title"]),
        ("perekonnanimi", ["olemas", "puudub"]),
        ("iin", ["match", "mismatch", "not_found"]),
        ("мекенжай", ["расталды", "қате"]),
        ("iban", ["GREEN", "YELLOW"]),
    ],
)
def test_a_few_words_about_an_identifier_are_none(name: str, states: list[str]) -> None:
    for table in ("x", "clients"):
        verdict = judged(f"{table}.{name}", states)
        assert (told(verdict), verdict.certainty) == (None, Certainty.SUSPECTED)


def test_a_few_names_and_addresses_are_what_they_are_called() -> None:
    assert told(judged("clients.surname", ["Berwyn", "Caspia", "Eldric"])) == "user.name.last"
    assert told(judged("clients.first_name", ["иван", "мария"])) == "user.name.first"
    assert told(judged("clients.address", ["Липова", "Кестен"])) == ADDRESS


@pytest.mark.parametrize(
    "name",
    [
        "pep",
        "is_pep",
        "politically_exposed_person",
        "видна_политическа_личност",
        "политически_значимое_лицо",
        "публичное_должностное_лицо",
        "poliitiliselt_eksponeeritud_isik",
        "саяси_маңызды_тұлға",
        "fingerprint_login_enabled",
        "face_id_enabled",
        "biometric_setting",
        "биометрия_настройка",
        "включена_биометрия",
        "biomeetria_seaded",
        "биометрия_баптаулары",
    ],
)
def test_flags_and_settings_are_no_special_category(name: str) -> None:
    for kind in (ColumnKind.TEXT, ColumnKind.BOOLEAN):
        assert told(judged(f"clients.{name}", (), kind)) is None


def test_political_opinion_and_bodies_are_still_told() -> None:
    assert told(judged("clients.political_party", ())) == POLITICS
    assert told(judged("clients.политически_възгледи", ())) == POLITICS
    assert told(judged("clients.fingerprint_flag", (), ColumnKind.BOOLEAN)) == FINGERPRINT


@pytest.mark.parametrize("table", ["error_log", "builds", "certificates", "api_keys", "ошибки", "сертификати", "vead"])
def test_a_print_among_machines_is_no_fingers(table: str) -> None:
    assert told(judged(f"{table}.fingerprint", ())) is None
    assert told(judged(f"{table}.отпечаток", ())) is None
    assert told(judged(f"{table}.otpechatok_paltsa", ())) == FINGERPRINT


def test_neighbours_tell_machines_unless_somebody_is_among_them() -> None:
    technical = ("exception_class", "error_message")
    assert told(judged("t_1.fingerprint", (), beside=technical)) is None
    assert told(judged("t_1.fingerprint", (), beside=(*technical, "client_ref"))) == FINGERPRINT
    assert told(judged("themes.race", ())) is None
    assert told(judged("clients.race", ())) == ETHNICITY


@pytest.mark.parametrize(
    "name", ["convictions", "has_convictions", "съдимости", "sudimost", "судимости", "kuritööd", "осуждался", "соттылығы"]
)
def test_convictions_are_of_courts(name: str) -> None:
    assert told(judged(f"x.{name}", ())) == CRIMINAL
    assert told(judged("x.moral_convictions", ())) == "user.demographic.philosophical_belief"


@pytest.mark.parametrize(
    "name",
    [
        "maker",
        "checker",
        "created_by",
        "LastChangedBy",
        "ERNAM",
        "MUUTJA",
        "looja",
        "автор_изменения",
        "кем_создан",
        "изменил",
        "автор_на_промяната",
        "създал",
        "енгізген",
        "phone_verified_by",
        "created_by_name",
    ],
)
def test_who_wrote_a_row_is_a_user(name: str) -> None:
    people = [" ".join(bulgarian.full_name(dice(number).random, number % 2 == 0)) for number in range(40)]
    for values in ((), ["opr07", "vkol", "batch2", "s.tamm"]):
        verdict = judged(f"loans.{name}", values)
        assert (told(verdict), verdict.certainty) == (USERNAME, Certainty.LIKELY)
    assert told(judged(f"loans.{name}", people)) == NAME


@pytest.mark.parametrize("name", ["created", "changed_at", "muudetud", "создано", "updated_at"])
def test_when_a_row_was_written_is_nobody(name: str) -> None:
    assert told(judged(f"loans.{name}", ())) is None


@pytest.mark.parametrize("name", ["есепшот", "расчётный_счёт", "р/с", "rs_nomer", "BANKN", "konto", "nomer_rs", "zorb"])
def test_valid_ibans_are_accounts_under_any_name(name: str) -> None:
    for values in (ibans("KZ", "125", 13), ibans("LT", "", 16)):
        verdict = judged(f"x.{name}", values)
        assert (told(verdict), verdict.certainty) == (ACCOUNT, Certainty.CLEAR)


@pytest.mark.parametrize("name", ["bankn", "rs_nomer", "nomer_rs", "р_с_номер", "smetka_nr", "schet_no"])
def test_short_names_of_accounts_are_known(name: str) -> None:
    assert told(judged(f"x.{name}", ())) == ACCOUNT


@pytest.mark.parametrize("name", ["ccard", "CCARDNUM", "crd_nr", "crdno", "karta_nr", "карта_нр", "pan", "номкарты", "карт_нөмірі"])
def test_short_names_of_cards_are_known(name: str) -> None:
    assert told(judged(f"x.{name}", ())) == CARD


@pytest.mark.parametrize("name", ["attr_4", "scan_text", "mrz", "машиночитаемая_зона"])
def test_machine_readable_zones_are_passports(name: str) -> None:
    whole = [lines(seed) for seed in range(30)]
    firsts = [value.split("\n")[0] for value in whole]
    seconds = [value.split("\n")[1] for value in whole]
    for values in (whole, [value.replace("\n", "") for value in whole], firsts, seconds, [card_lines(seed) for seed in range(30)]):
        verdict = judged(f"x.{name}", values)
        assert (told(verdict), verdict.certainty) == (PASSPORT, Certainty.CLEAR)


def test_passport_numbers_of_kazakhstan_have_a_shape_of_their_own() -> None:
    roll = dice()
    numbers = [f"N{1 + place % 9}{digits(7, roll)}" for place in range(60)]
    assert told(judged("x.attr_4", numbers)) == PASSPORT
    assert told(judged("x.attr_4", [f"N{place:08}" for place in range(60)])) is None
    assert told(judged("x.contract_no", numbers)) == "user.unique_id"

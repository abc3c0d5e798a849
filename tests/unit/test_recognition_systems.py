"""Columns as packaged systems, bureaus and old files have them: by the prefix of their table, by halves of names, cut short, in Latin
letters of Bulgarian, Russian, Kazakh and Estonian; and what looks like them and is something else. All without values."""

from __future__ import annotations

from datetime import date

import pytest

from governance.catalogue.inventory import ColumnFacts, ColumnKind, TableFacts
from governance.catalogue.recognition import recognise_table
from governance.catalogue.recognition.abbreviations import written_out
from governance.catalogue.recognition.lexicon import meanings, read, spelt_out
from governance.catalogue.recognition.meanings import Meaning
from governance.catalogue.recognition.prefixes import shared_prefix
from governance.catalogue.verdict import Certainty, Verdict

TODAY = date(2026, 11, 27)
#: What stands behind a name below, by the family of the category that must be found; `-`: no direct identifier and not forbidden.
FAMILIES = {
    "name": "user.name",
    "id": "user.government_id",
    "mail": "user.contact.email",
    "phone": "user.contact.phone_number",
    "fax": "user.contact.fax_number",
    "at": "user.contact.address",
    "account": "user.financial.bank_account",
    "card": "user.financial.credit_card",
    "faith": "user.demographic.religious_belief",
    "people": "user.demographic.race_ethnicity",
    "party": "user.demographic.political_opinion",
    "union": "user.demographic.trade_union",
    "belief": "user.demographic.philosophical_belief",
    "sex": "user.demographic.sex",
    "body": "user.biometric",
    "gene": "user.health_and_medical.genetic",
}


def judged(table: str, *names: str) -> dict[str, Verdict]:
    columns = tuple(ColumnFacts(name, ColumnKind.TEXT, "text", True) for name in names)
    return {verdict.label: verdict for verdict in recognise_table(TableFacts(None, table, False, columns), {}, TODAY)}


def family(verdict: Verdict) -> str:
    """Of the families above the one that a verdict tells surely enough to decide something; `-` for none of them."""
    if verdict.certainty is Certainty.SUSPECTED or verdict.category is None:
        return "-"
    if verdict.category.startswith("user.contact.address") and not verdict.direct:
        return "-"  # a town or post code
    return next((name for name, begin in FAMILIES.items() if verdict.category.startswith(begin)), "-")


TABLES = {
    "m_client": "display_name:name firstname:name lastname:name mobile_no:phone date_of_birth:- gender_cv_id:- image_id:-",
    "m_guarantor": "firstname:name address_line_1:at house_phone_number:phone mobile_number:phone city:- is_active:-",
    "mambu.client": "firstName:name homePhone:phone emailAddress:mail birthDate:- preferredLanguage:- assignedBranchKey:-",
    "FBNK_CUSTOMER": "SHORT_NAME:name NAME_1:name STREET:at LEGAL_ID:id LEGAL_HOLDER_NAME:name GIVEN_NAMES:name PHONE_1:phone SECTOR:-",
    "STTM_CUST_PERSONAL": "P_NATIONAL_ID:id D_ADDRESS1:at TELEPHONE:phone FAX:fax E_MAIL:mail MOTHER_MAIDEN_NAME:name PPT_ISS_DATE:-",
    "BUT000": "PARTNER:- NAME_FIRST:name NAME_LAST:name NAMEMIDDLE:name BIRTHDT:- XSEXM:- NATIO:- MARST:- NICKNAME:name",
    "PA0002": "VORNA:name NACHN:name GBDAT:- GBORT:- KONFE:faith FAMST:- GESCH:- PERID:id NATIO:-",
    "PA0009": "BANKN:account BANKL:- EMFTX:name ZWECK:- IBAN:account",
    "Z#CL_PRIV": "C_FAMILY_CL:name C_NAME_CL:name C_SNAME_CL:name C_DATE_PERS:- C_PASPORT:id C_INN:id C_SEX:- C_FIO:name C_ADDR_REG:at",
    "hr_employee": "name:name identification_id:id passport_id:id ssnid:id private_email:mail permit_no:id license_plate:id birthday:-",
    "CIFPF": "CUSNM1:name CUSAD1:at CUSPHN:phone CUSDOB:- CUSSSN:id CUSTYP:- CUSEML:mail CUSMOB:phone CUSBRN:- CUSOPD:-",
    "BORMST": "BRLNAM:name BRFNAM:name BRADR1:at BRCITY:- BRZIP:- BRTEL:phone BRSSNO:id BRDOB:- BRSTAT:- BREMAL:mail",
    "GUARPF": "GUNAME:name GUADDR:at GUTELN:phone GUIDNO:id GURELN:- GUCRDT:-",
    "card_ops": "emboss_line1:name pan_last4:card masked_pan_no:card card_bin:- card_status_cd:- card_art_id:- tokenised_pan:card",
    "kyc_profile": "pep_flag:- ubo_full_nm:name liveness_score:body face_tmpl_b64:body fp_left_thumb:body iris_cd:body faith_cd:faith "
    "ethnic_grp_cd:people race_color:people caste:people polit_affil:party party_mbr_ind:party tu_mbr_flg:union sex_orient_cd:sex "
    "gen_risk_score:gene dna_kit_no:gene belief_sys:belief race_cd:people union_type:union",
    "vehicles": "plate_no:id vrm:id license_plt:id owner_nm:name keeper_name:name insurer_nm:- make:- model:- engine_no:-",
    "kreditoiskateli": "imena_po_lk:name egn_lnch:id nomer_lk:id mobilen:phone postoyanen_adres:at ime_saprug:name etn_prinadl:people "
    "veroizpovedanie:faith pol_ubezhdenia:party partien_chlen:party genetichni_danni:gene sexualna_orientacia:sex rodstvena_vrazka:-",
    "dosie_lice": "ime_lat:name familia_lat:name rodeno_ime:name lnch:id razr_prebivavane:id karta_prebivavane:id faks:fax ulica:at",
    "zalog_avto": "gos_nomer:id grz:id vin:id marka:- model:- god_vypuska:-",
    "ЗАЕМЩИКИ": "ФИО_ЛАТ:name УДЛ_НОМЕР:id РНН:id АДР_ФАКТ:at МОБ_ТЕЛ:phone НАЦИОНАЛЬНОСТЬ:people НАЦ_ТЬ:people ГРАЖДАНСТВО:- "
    "КОНФЕССИЯ:faith ПАРТИЙНОСТЬ:party ЧЛЕН_ПРОФС:union ВОЕН_БИЛ_№:id СВ_ВО_О_РОЖД:id РВП:id КЕМ_ВЫДАН:-",
    "қарызгерлер": "Тегі:name Толық_аты:name Жеке_куәлік_№:id Тіркелген_мекенжайы:at Тұратын_жері:at Ұлты:people Азаматтығы:- "
    "Діні_сенімі:faith Партиялығы:party Кәсіподақ_мүшесі:union Саусақ_ізі:body ЖСК:account Көлік_нөмірі:id Жүргізуші_куәлігі:id",
    "kliendid": "perenimi:name ik:id passi_nr:id elukoht:at mob_tel:phone kaardi_nr:card rahvus:people usk:faith erakonna_liige:party "
    "a_ühingu_liige:union näokujutis:body geeniandmed:gene veendumused:belief autonumber:id kodakondsus:- palk:-",
    "goods": "product_family:- family_code:- brand_name:- model_name:- barcode:- color_family:- vendor_part_no:-",
    "tariff_rules": "surname_rules:- фамилия_серии:- имя_отчёта:- max_age:- sex_neutral_pricing:- gender_neutral_template:-",
    "chart_of_accounts": "account_code:- account_name:- parent_account:- bal_smetka:- балансовый_счет:- synt_smetka:-",
    "ml_features": "belief_score:- prior_belief:- belief_mass:- gene_pool:- gene_algo:- genetic_algorithm_run:- union_find_id:- "
    "race_to_zero_days:- ensemble_votes:- iris_dataset:- fingerprint_sha:- confidence:- email_domain_age:- address_family:-",
    "ref_holiday_calendar": "religious:- name:- holiday_date:-",
    "currency": "national_currency:- nac_valuta:- национальная_валюта:- nacionalnaya_valyuta:- name:- iso_code:-",
}


@pytest.mark.parametrize(
    ("table", "column", "wanted"),
    [(table, *column.rpartition(":")[::2]) for table, columns in TABLES.items() for column in columns.split()],
)
def test_columns_of_systems(table: str, column: str, wanted: str) -> None:
    names = [one.rpartition(":")[0] for one in TABLES[table].split()]
    verdict = judged(table, *names)[column]
    assert family(verdict) == wanted, verdict


@pytest.mark.parametrize(
    ("names", "prefix"),
    [
        ("CMNAM1 CMADR1 CMPHON CMBTDT CMSEX", "CM"),
        ("KLNT_KOD KLNT_IME KLNT_EGN KLNT_TEL", "KLNT_"),
        ("C_NAME C_INN C_SEX C_FIO C_DATE", "C_"),
        ("prnumb prfami primya prdept", "pr"),
        ("id name nature nation", ""),  # two letters of three columns, and one without
        ("custName custAddr custPhone custMail", ""),  # its words are told apart by themselves
        ("CMNAM1 CMADR1 CMPHON", ""),  # too few
    ],
)
def test_the_prefix_of_a_table(names: str, prefix: str) -> None:
    assert shared_prefix(names.split()) == prefix


def test_a_prefix_is_told_among_the_reasons() -> None:
    verdict = judged("LNLIB.CUSMSP", "CMNAM1", "CMADR1", "CMPHON", "CMSEX", "CMBTDT")["CMPHON"]
    assert verdict.category == "user.contact.phone_number"
    assert any("without 'CM'" in reason for reason in verdict.reasons)


@pytest.mark.parametrize(("rest", "words"), [("NAM1", "name"), ("TXID", "tax id"), ("OWNM", "holder name"), ("PHON", "phone")])
def test_one_piece_is_enough_behind_a_prefix(rest: str, words: str) -> None:
    assert meanings(spelt_out(rest)) == meanings(words)


@pytest.mark.parametrize(("first", "last"), [("first", "last"), ("given", "family"), ("im", "fam"), ("ees", "pere"), ("ime", "familia")])
def test_halves_of_a_name_hold_each_other_up(first: str, last: str) -> None:
    both = judged("import_14", first, last, "x7")
    assert (both[first].category, both[last].category) == ("user.name.first", "user.name.last")
    assert family(both["x7"]) == "-"


def test_a_half_by_itself_says_nothing() -> None:
    assert family(judged("import_14", "first", "x7")["first"]) == "-"
    assert family(judged("import_14", "last", "first_seen")["last"]) == "-"


@pytest.mark.parametrize(("word", "meaning"), [("guaranto", Meaning.PERSON), ("surnam", Meaning.LAST_NAME), ("signator", Meaning.PERSON)])
def test_a_word_cut_short_is_the_one_it_begins(word: str, meaning: Meaning) -> None:
    assert meanings(word) == {meaning}


@pytest.mark.parametrize("word", ["inter", "build", "perso", "visit", "incident", "priklyuchi", "interview", "xy"])
def test_a_beginning_of_several_words_is_none_of_them(word: str) -> None:
    assert written_out(word) == (word,)


@pytest.mark.parametrize("word", ["pankrotihaldur", "лизингополучател", "vekselepoluchatel", "credit_underwriter"])
def test_a_compound_ends_in_who_it_is(word: str) -> None:
    assert Meaning.PERSON in {found.meaning for found in read(word)}


@pytest.mark.parametrize(
    ("columns", "person"),
    [
        ("name gender", False),  # a tariff may ask for a gender
        ("name gender marital_status", True),
        ("name birth_date", True),
        ("name family_name_rules", False),
    ],
)
def test_what_makes_a_table_one_of_persons(columns: str, person: bool) -> None:
    verdict = judged("t_14", *columns.split())["name"]
    assert (family(verdict) == "name") == person


@pytest.mark.parametrize("column", ["кредитополучател_тел", "buyer_phone"])
def test_an_organisations_number_beside_a_person_makes_no_table_of_firms(column: str) -> None:
    assert family(judged("orders_14", column, "mobile_2", "vat_no")["mobile_2"]) == "phone"
    assert family(judged("orders_14", "mobile_2", "vat_no")["mobile_2"]) == "-"

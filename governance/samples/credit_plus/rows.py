"""The rows of the sample database `credit-plus`, one type a table, fields in the order of schema.sql.

`Local` is a wall-clock time as text (see `governance.samples.dates.moment`), `Money` an amount as text with two decimals, `Json` a JSON
document as text; these are what COPY takes, made once. Holds no rules.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

Local = str
Money = str
Json = str


def money(cents: int) -> Money:
    """An amount in leva, from stotinki."""
    return f"{cents // 100}.{cents % 100:02}"


class Client(NamedTuple):
    litse_klyuch: int
    egn_nomer: str
    sobstveno_ime: str
    bashtino_ime: str | None
    familno_ime: str
    roden_na: date | None
    lichna_karta: str | None
    mobilen_nomer: str | None
    elektronna_poshta: str | None
    oblast_na_adresa: str | None
    naseleno_myasto: str | None
    ulitsa_i_nomer: str | None
    poshtenski_kod: str | None
    grazhdanstvo: str | None
    semeyno_polozhenie: str | None
    danachno_rezidentstvo: str | None
    ime_na_rabotodatel: str | None
    mesechen_dohod: Money | None
    interesi_za_reklama: str | None
    registrirano_v: Local
    vrazkata_priklyuchi_na: date | None


class Application(NamedTuple):
    zayavlenie_klyuch: int
    litse_klyuch: int
    podadeno_v: Local
    reshenie_po_zayavlenie: str
    potvardeno_s_kod_v: Local | None
    poiskana_granitsa: Money
    deklariran_dohod: Money | None
    deklarirani_zadalzhenia: Money | None
    obrazovanie_na_litseto: str | None
    ip_na_zayavitelya: str | None


class Code(NamedTuple):
    kod_klyuch: int
    zayavlenie_klyuch: int
    stoynost_na_koda: str
    poluchatel_na_koda: str
    izpraten_kod_v: Local
    vaveden_kod_v: Local | None


class Contract(NamedTuple):
    dogovor_klyuch: int
    nomer_na_dogovor: str
    litse_klyuch: int
    zayavlenie_klyuch: int
    podnovyava_klyuch: int | None
    sklyuchen_na: date
    godinata_izticha_na: date
    polozhenie_na_dogovor: str
    prekraten_na: date | None
    kreditna_granitsa: Money
    nepogasena_suma: Money
    dni_v_prosrochie: int
    bankova_smetka: str | None


class Tranche(NamedTuple):
    dogovor_klyuch: int
    transh_nomer: int
    usvoen_v: Local
    glavnitsa_na_transh: Money
    ostatak_po_transh: Money
    pogasen_na: date | None
    smetka_na_prevoda: str | None
    benefitsient_klyuch: int | None


class Payment(NamedTuple):
    plashtane_klyuch: int
    dogovor_klyuch: int
    transh_nomer: int | None
    plateno_v: Local
    suma_na_plashtane: Money
    ime_na_platetsa: str | None
    smetka_na_platetsa: str | None


class Enforcement(NamedTuple):
    delo_klyuch: int
    dogovor_klyuch: int
    nomer_na_delo: str
    obrazuvano_na: date
    priklyucheno_delo_na: date | None
    vzemane_po_delo: Money


class Guarantor(NamedTuple):
    poracitel_klyuch: int
    dogovor_klyuch: int
    kachestvo_na_litseto: str
    imena_na_poracitelya: str
    egn_na_poracitelya: str | None
    adres_na_poracitelya: str | None
    telefon_na_poracitelya: str | None
    uvedomen_poracitel_na: date | None


class Beneficiary(NamedTuple):
    benefitsient_klyuch: int
    dogovor_klyuch: int
    imena_na_benefitsienta: str
    egn_na_benefitsienta: str | None
    adres_na_benefitsienta: str | None
    smetka_na_benefitsienta: str | None
    uvedomen_benefitsient_na: date | None


class Insurance(NamedTuple):
    zastrahovka_klyuch: int
    dogovor_klyuch: int
    nomer_na_politsata: str
    zastrahovatelno_druzhestvo: str
    zastrahovano_litse: str | None
    premia_v_leva: Money
    pokritie_do: date


class PromissoryNote(NamedTuple):
    zapis_klyuch: int
    dogovor_klyuch: int
    izdaden_zapis_na: date
    suma_na_zapisa: Money
    izdatel_na_zapisa: str | None
    egn_na_izdatelya: str | None


class RefusalNotice(NamedTuple):
    uvedomlenie_klyuch: int
    zayavlenie_klyuch: int
    sredstvo_na_uvedomlenie: str
    izprateno_do: str | None
    izprateno_uvedomlenie_v: Local
    prichina_za_otkaz: str | None


class Counterparty(NamedTuple):
    kontragent_klyuch: int
    naimenovanie_na_firma: str
    eik_na_firma: str
    litse_za_kontakt: str | None
    telefon_za_kontakt: str | None
    poshta_za_kontakt: str | None
    otnosheniata_do: date | None


class Posting(NamedTuple):
    osch_klyuch: int
    dogovor_klyuch: int | None
    kontragent_klyuch: int | None
    oschetovodeno_na: date
    schetovodna_smetka: str
    schetovoden_dokument: str
    suma_v_leva: Money
    ime_v_dokumenta: str | None


class Employee(NamedTuple):
    sluzhitel_klyuch: int
    imena_na_sluzhitelya: str
    egn_na_sluzhitelya: str
    adres_na_sluzhitelya: str | None
    telefon_na_sluzhitelya: str | None
    smetka_na_sluzhitelya: str | None
    dlazhnost_na_sluzhitelya: str | None
    zdravni_belezhki: str | None
    naznachen_na: date
    napusnal_na: date | None


class PayrollLine(NamedTuple):
    vedomost_klyuch: int
    sluzhitel_klyuch: int
    otchetna_godina: int
    brutno_vaznagrazhdenie: Money
    osiguritelen_dohod: Money


class Candidate(NamedTuple):
    kandidat_klyuch: int
    imena_na_kandidata: str
    poshta_na_kandidata: str | None
    telefon_na_kandidata: str | None
    tarsena_dlazhnost: str
    avtobiografia: str | None
    kandidatstval_na: date
    izhod_ot_podbora: str
    podborat_priklyuchi_na: date | None


class Footage(NamedTuple):
    videozapis_klyuch: int
    myasto_na_kamerata: str
    zasneto_v: Local
    kadri_ot_zapisa: bytes


class MarketingContact(NamedTuple):
    kontakt_klyuch: int
    litse_klyuch: int
    kanal_za_reklama: str
    adres_za_reklama: str | None
    saglasie_za_reklama_v: Local
    nachin_na_spirane: str | None
    spryano_v: Local | None
    kak_e_izrazena_volyata: str | None


class Score(NamedTuple):
    skoring_klyuch: int
    zayavlenie_klyuch: int
    izchislen_v: Local
    model_na_skoringa: str
    bal_na_skoringa: int
    egn_v_skoringa: str | None
    roden_v_skoringa: date | None
    dohod_v_skoringa: Money | None
    ip_v_skoringa: str | None
    prediktori: Json | None


class LongerTermConsent(NamedTuple):
    saglasie_klyuch: int
    litse_klyuch: int
    zayavlenie_klyuch: int
    saglasil_se_v: Local
    po_dalag_srok_do: date
    otteglil_se_v: Local | None
    obhvat_na_saglasieto: str | None
    ip_pri_saglasieto: str | None


class Restriction(NamedTuple):
    iskane_klyuch: int
    litse_klyuch: int
    osnovanie_za_iskane: str
    poiskano_na: date
    vdignato_na: date | None
    obyasnenie_na_litseto: str | None


class Dispute(NamedTuple):
    spor_klyuch: int
    litse_klyuch: int
    dogovor_klyuch: int | None
    zaveden_spor_na: date
    priklyuchen_spor_na: date | None
    nomer_na_spora: str | None
    sadarzhanie_na_spora: str | None


class AuthorityRequest(NamedTuple):
    zapitvane_klyuch: int
    litse_klyuch: int
    pitasht_organ: str
    postapilo_na: date
    priklyucheno_zapitvane_na: date | None
    otgovor_do_organa: str | None


Row = (
    Client | Application | Code | Contract | Tranche | Payment | Enforcement | Guarantor | Beneficiary | Insurance
    | PromissoryNote | RefusalNotice | Counterparty | Posting | Employee | PayrollLine | Candidate | Footage
    | MarketingContact | Score | LongerTermConsent | Restriction | Dispute | AuthorityRequest
)  # fmt: skip

TABLES: dict[type[Row], str] = {
    Client: "litsa",
    Application: "zayavlenia",
    Code: "ednokratni_kodove",
    Contract: "dogovori",
    Tranche: "transhove",
    Payment: "plashtania",
    Enforcement: "izpalnitelni_dela",
    Guarantor: "poraciteli",
    Beneficiary: "benefitsienti",
    Insurance: "zastrahovki",
    PromissoryNote: "zapisi_na_zapoved",
    RefusalNotice: "uvedomlenia_za_otkaz",
    Counterparty: "kontragenti",
    Posting: "oschetovodyavania",
    Employee: "sluzhiteli",
    PayrollLine: "vedomosti",
    Candidate: "kandidati",
    Footage: "videozapisi",
    MarketingContact: "reklamni_kontakti",
    Score: "skoring",
    LongerTermConsent: "saglasia_za_srok",
    Restriction: "iskania_za_ogranichavane",
    Dispute: "sporove",
    AuthorityRequest: "zapitvania_na_organi",
}

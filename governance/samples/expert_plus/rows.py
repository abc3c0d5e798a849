"""The rows of the sample database `expert-plus`, one NamedTuple a table, fields in the order of schema.sql.

`Local` is a wall-clock time as text (see `governance.samples.dates.moment`), `Money` an amount as text with two decimals, `Json` a
document as text: all are what COPY takes, made once. Holds no rules.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

Local = str
Money = str
Json = str


def money(tenge: int) -> Money:
    """An amount in whole tenge."""
    return f"{tenge}.00"


class Creditor(NamedTuple):
    kreditor_id: int
    naimenovanie_kreditora: str
    bin_kreditora: str
    vid_deyatelnosti: str


class Cession(NamedTuple):
    cessiya_id: int
    kreditor_id: int
    nomer_soglasheniya: str
    soglashenie_ot: date
    osnovanie_prav: str


class Debtor(NamedTuple):
    dolzhnik_id: int
    iin_dolzhnika: str
    familiya: str
    imya: str
    otchestvo: str | None
    data_rozhdeniya: date | None
    udostoverenie_lichnosti: str | None
    mobilnyy_telefon: str | None
    domashniy_telefon: str | None
    rabochiy_telefon: str | None
    elektronnaya_pochta: str | None
    adres_propiski: str | None
    adres_prozhivaniya: str | None
    pochtovyy_kod: str | None
    schet_v_banke: str | None
    semeynoe_polozhenie: str | None
    vid_imushchestva: str | None
    yazyk_obshcheniya: str
    istochnik_svedeniy: str
    sostoyanie_otnosheniy: str
    otnosheniya_prekrashcheny: date | None
    zaveden_kogda: Local


class Claim(NamedTuple):
    pravo_id: int
    dolzhnik_id: int
    cessiya_id: int
    nomer_zayma: str
    zaem_ot: date
    pereshlo_na: date
    razmer_zayma: Money | None
    ostatok_dolga: Money
    sostoyanie_prava: str
    prekrashcheno_na: date | None


class Payment(NamedTuple):
    pravo_id: int
    uchetnyy_nomer: int
    proveden_kogda: Local
    razmer_platezha: Money
    platelshchik: str | None
    schet_platelshchika: str | None
    sposob_oplaty: str


class Contact(NamedTuple):
    kontakt_id: int
    dolzhnik_nomer: int | None
    sotrudnik_kod: str
    kanal_obshcheniya: str
    sostoyalsya_kogda: Local
    nabrannyy_nomer: str | None
    zametka: str | None


class CourtCase(NamedTuple):
    delo_id: int
    dolzhnik_id: int
    pravo_id: int
    nomer_dela: str | None
    naimenovanie_suda: str
    podano_na: date
    reshenie_vstupilo_na: date | None
    sushchestvo_spora: str | None


class EnforcementCase(NamedTuple):
    ispolnenie_id: int
    delo_id: int
    dolzhnik_id: int
    nomer_proizvodstva: str | None
    sudebnyy_ispolnitel: str | None
    vozbuzhdeno_na: date
    okoncheno_na: date | None


class SiteVisit(NamedTuple):
    vyezd_id: int
    dolzhnik_id: int
    pravo_id: int
    sotrudnik_kod: str
    vyezd_kogda: Local
    adres_vyezda: str | None
    koordinaty_vyezda: str | None
    kto_vstretil: str | None
    otchet_o_vyezde: str | None


class ContactPerson(NamedTuple):
    lico_id: int
    dolzhnik_id: int
    fio_lica: str
    kem_prihoditsya: str
    telefon_lica: str | None
    vneseno_na: date
    vozrazhenie_ot: date | None


class WebVisit(NamedTuple):
    poseshchenie_id: int
    dolzhnik_id: int | None
    otkryto_kogda: Local
    ip_posetitelya: str | None
    metka_cookie: str | None
    brauzer_posetitelya: str | None
    domen_provaydera: str | None
    stranica_sayta: str | None
    svoystva_ustroystva: Json | None


class CallRecording(NamedTuple):
    razgovor_id: int
    dolzhnik_id: int
    nachat_kogda: Local
    dlitelnost_s: int
    zapis_zvuka: bytes
    otsenka_kachestva: int | None


class Job(NamedTuple):
    mesto_id: int
    dolzhnik_id: int
    rabotodatel: str
    dolzhnost_lica: str | None
    razmer_zarplaty: Money | None
    den_zarplaty: int | None
    svedeniya_ot: str
    polucheno_na: date


class Consent(NamedTuple):
    soglasie_id: int
    dolzhnik_id: int
    cel_soglasiya: str
    kontakt_soglasiya: str | None
    dano_kogda: Local
    otozvano_kogda: Local | None


class Disclosure(NamedTuple):
    raskrytie_id: int
    dolzhnik_id: int
    soglasie_id: int | None
    poluchatel: str
    osnovanie_peredachi: str
    peredano_kogda: Local
    sostav_svedeniy: str


class BureauReport(NamedTuple):
    otchet_byuro_id: int
    dolzhnik_id: int
    zaproshen_kogda: Local
    soderzhanie_otcheta: Json
    ball_byuro: int | None


class Inquiry(NamedTuple):
    obrashchenie_id: int
    dolzhnik_id: int
    pravo_id: int | None
    vid_obrashcheniya: str
    postupilo_na: date
    otvecheno_na: date | None
    priznano_nezakonnym_na: date | None
    blokirovanie_snyato_na: date | None
    tekst_obrashcheniya: str | None
    spornye_svedeniya: str | None


class AuthorityRequest(NamedTuple):
    zapros_id: int
    dolzhnik_id: int
    naimenovanie_organa: str
    postupil_na: date
    ispolnen_na: date | None
    sut_otveta: str | None


Row = (
    Creditor | Cession | Debtor | Claim | Payment | Contact | CourtCase | EnforcementCase | SiteVisit
    | ContactPerson | WebVisit | CallRecording | Job | Consent | Disclosure | BureauReport | Inquiry | AuthorityRequest
)  # fmt: skip

TABLES: dict[type[Row], str] = {
    Creditor: "kreditory",
    Cession: "dogovory_cessii",
    Debtor: "dolzhniki",
    Claim: "prava_trebovaniya",
    Payment: "platezhi",
    Contact: "zhurnal_kontaktov",
    CourtCase: "sudebnye_dela",
    EnforcementCase: "ispolnitelnye_dela",
    SiteVisit: "vyezdy",
    ContactPerson: "kontaktnye_lica",
    WebVisit: "poseshcheniya_sayta",
    CallRecording: "zapisi_razgovorov",
    Job: "mesta_raboty",
    Consent: "soglasiya",
    Disclosure: "raskrytiya",
    BureauReport: "otchety_byuro",
    Inquiry: "obrashcheniya",
    AuthorityRequest: "zaprosy_organov",
}

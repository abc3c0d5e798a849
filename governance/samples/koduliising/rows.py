"""The rows of the sample database `koduliising`, one NamedTuple a table, fields in the order of schema.sql.

Names are those of the tables, in the singular. `Local` is a wall-clock time as text (see `governance.samples.dates.moment`), `Money` an
amount as text with two decimals, `Flag` a truth value and `Json` a document: what COPY takes, made once. Holds no rules.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

Local = str
Money = str
Flag = str
Json = str

YES, NO = "t", "f"


def money(cents: int) -> Money:
    """An amount in euros, from cents."""
    return f"{cents // 100}.{cents % 100:02}"


class Klient(NamedTuple):
    kliendi_id: int
    isikukood: str
    eesnimi: str
    perenimi: str
    sünnikuupäev: date | None
    isikut_tõendav_dokument: str | None
    kodakondsus: str | None
    suhtluskeel: str | None
    telefoninumber: str | None
    epost: str | None
    maakond: str | None
    linn: str | None
    tänav: str | None
    sihtnumber: str | None
    haridus: str | None
    ametikoht: str | None
    tööandja: str | None
    netosissetulek: Money | None
    sotsiaalkonto: str | None
    harjumused: str | None
    kliendi_seisund: str
    taotlus_lõppes: date | None
    suhe_lõppes: date | None
    viimane_tegevus: date
    loodud_kell: Local


class Pakkumine(NamedTuple):
    pakkumise_id: int
    kliendi_id: int
    tehtud_kp: date
    kehtib_kuni: date
    pakkumise_seisund: str
    vastatud_kp: date | None
    pakutud_summa: Money
    kuumakse: Money


class Taotlus(NamedTuple):
    taotluse_id: int
    kliendi_id: int
    pakkumise_id: int | None
    esitatud_kell: Local
    taotluse_seisund: str
    keeldumise_kp: date | None
    soovitud_summa: Money
    deklareeritud_sissetulek: Money | None
    ip_aadress: str | None
    põhjus: str | None
    automaatotsus: Flag


class Leping(NamedTuple):
    lepingu_nr: str
    kliendi_id: int
    taotluse_id: int
    sõlmitud_kp: date
    lepingu_seisund: str
    lõpetatud_kp: date | None
    põhisumma: Money
    intressimäär: str
    võlajääk: Money
    kontonumber: str | None


class Kaup(NamedTuple):
    kauba_id: int
    lepingu_nr: str
    kauba_nimetus: str | None
    seerianumber: str | None
    hind: Money
    tarneaadress: str | None
    üle_antud_kp: date


class Makse(NamedTuple):
    makse_id: int
    lepingu_nr: str
    tasutud_kell: Local
    makse_liik: str
    makse_summa: Money
    maksja_nimi: str | None
    maksja_konto: str | None


class Algdokument(NamedTuple):
    algdokumendi_id: int
    lepingu_viide: str | None
    arve_nr: str
    majandusaasta: int
    arve_summa: Money
    ostja_nimi: str | None
    ostja_isikukood: str | None


class Registriteade(NamedTuple):
    teate_id: int
    lepingu_nr: str
    edastatud_kp: date
    päevi_hilinenud: int | None
    võlasumma: Money
    võlgniku_isikukood: str


class TeovõimeKontroll(NamedTuple):
    kontrolli_id: int
    taotluse_id: int
    kontrollitud_kp: date
    otsus_tehtud_kp: date | None
    teovõime_piiratud: Flag


class Krediidiparing(NamedTuple):
    päringu_id: int
    taotluse_id: int
    andmekogu: str
    päringu_kell: Local
    teavitatud_kell: Local | None
    maksehäireid: int | None
    kohustuste_summa: Money | None


class AsutuseParing(NamedTuple):
    asutuse_päringu_id: int
    kliendi_id: int
    asutus: str
    saadud_kp: date
    suletud_kp: date | None
    vastuse_sisu: str | None


class Rikkumine(NamedTuple):
    rikkumise_id: int
    lepingu_nr: str
    sissenõutav_kp: date | None
    tahtlik: Flag
    rikkumise_kirjeldus: str | None
    kahju_summa: Money


class Kohtuasi(NamedTuple):
    kohtuasja_id: int
    kliendi_id: int
    lepingu_nr: str | None
    algatatud_kp: date
    jõustunud_kp: date | None
    asja_number: str | None
    hagi_sisu: str | None


class Isikutuvastus(NamedTuple):
    tuvastuse_id: int
    kliendi_id: int
    tuvastatud_kp: date
    suhte_seisund: str
    suhte_lõpp: date | None
    dokumendi_number: str | None
    vahendite_päritolu: str | None
    riskitase: str


class KolmasIsik(NamedTuple):
    isiku_id: int
    kliendi_id: int
    isiku_roll: str
    isiku_nimi: str
    isiku_kood: str | None
    isiku_telefon: str | None
    seos: str | None
    peatamisnõude_kp: date | None


class Turundusvalik(NamedTuple):
    valiku_id: int
    kliendi_id: int
    eesmärk: str
    sidekanal: str
    kontaktandmed: str | None
    viimati_aktiivne: date
    keelatud_kell: Local | None


class Kampaaniaosalus(NamedTuple):
    osaluse_id: int
    valiku_id: int
    kampaania_nimetus: str
    osales_kell: Local
    mängutulemus: str | None
    auhinna_aadress: str | None


class Uuringuvastus(NamedTuple):
    vastuse_id: int
    valiku_id: int
    vastatud_kell: Local
    vastaja_epost: str | None
    rahulolu: int
    vaba_vastus: str | None


class Lehevaatamine(NamedTuple):
    vaatamise_id: int
    valiku_id: int
    vaadatud_kell: Local
    lehe_aadress: str
    seadme_ip: str | None


class KliendiEelistus(NamedTuple):
    eelistuse_id: int
    valiku_id: int
    kogutud_kp: date
    eelistused: Json


class Sihtgrupp(NamedTuple):
    sihtgrupi_id: int
    kliendi_id: int
    määratud_kp: date
    sünniaeg: date | None
    sugu: str | None
    avalik_amet: Flag
    vanuserühm: str


class Kaebus(NamedTuple):
    kaebuse_id: int
    kliendi_id: int
    kaevatud_kp: date
    lahendatud_kp: date | None
    kaebuse_sisu: str | None


class Teavitus(NamedTuple):
    teavituse_id: int
    kliendi_id: int
    lepingu_nr: str | None
    saadetud_kell: Local
    teavituse_liik: str
    saaja_aadress: str
    teavituse_sisu: str


class UudiskirjaTellija(NamedTuple):
    tellija_id: int
    tellija_nimi: str | None
    tellija_epost: str
    nõustus_kell: Local
    viimati_avas: date
    tagasi_võetud_kell: Local | None


class VolitatudTöötleja(NamedTuple):
    töötleja_id: int
    töötleja_nimi: str
    asukohariik: str
    lepinguline_alates: date
    muudetud_kp: date
    avaldatud_kp: date
    avaldamise_viivitus: int


Row = (
    Klient
    | Pakkumine
    | Taotlus
    | Leping
    | Kaup
    | Makse
    | Algdokument
    | Registriteade
    | TeovõimeKontroll
    | Krediidiparing
    | AsutuseParing
    | Rikkumine
    | Kohtuasi
    | Isikutuvastus
    | KolmasIsik
    | Turundusvalik
    | Kampaaniaosalus
    | Uuringuvastus
    | Lehevaatamine
    | KliendiEelistus
    | Sihtgrupp
    | Kaebus
    | Teavitus
    | UudiskirjaTellija
    | VolitatudTöötleja
)

TABLES: dict[type[Row], str] = {
    Klient: "klient",
    Pakkumine: "pakkumised",
    Taotlus: "taotlused",
    Leping: "jarelmaksulepingud",
    Kaup: "kaubad",
    Makse: "maksed",
    Algdokument: "algdokumendid",
    Registriteade: "registriteated",
    TeovõimeKontroll: "teovõime_kontrollid",
    Krediidiparing: "krediidiparingud",
    AsutuseParing: "asutuste_paringud",
    Rikkumine: "rikkumised",
    Kohtuasi: "kohtuasjad",
    Isikutuvastus: "isikutuvastused",
    KolmasIsik: "kolmandad_isikud",
    Turundusvalik: "turundusvalikud",
    Kampaaniaosalus: "kampaaniaosalused",
    Uuringuvastus: "uuringuvastused",
    Lehevaatamine: "lehevaatamised",
    KliendiEelistus: "kliendi_eelistused",
    Sihtgrupp: "sihtgrupid",
    Kaebus: "kaebused",
    Teavitus: "teavitused",
    UudiskirjaTellija: "uudiskirja_tellijad",
    VolitatudTöötleja: "volitatud_töötlejad",
}

"""What columns are recognised as by their names alone, in five languages and the ways they are typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.catalogue.inventory import ColumnFacts, ColumnKind, ColumnProfile, Sample, TableFacts
from governance.catalogue.recognition import OWN_CATEGORIES, recognise, recognise_table
from governance.catalogue.recognition.dictionary import LANGUAGES, phrases
from governance.catalogue.recognition.lexicon import meanings
from governance.catalogue.recognition.meanings import CONCEPTS, Meaning
from governance.catalogue.recognition.spelling import key, keys_of, words_of
from governance.catalogue.verdict import Certainty, Verdict
from governance.policy.document import TAXONOMY

TODAY = date(2026, 11, 25)
UNSEEN = Sample(0, 0, ())


def by_name(path: str, kind: ColumnKind = ColumnKind.TEXT, *, comment: str | None = None, length: int | None = None) -> Verdict:
    """`table.column` judged without values."""
    table, _, column = path.rpartition(".")
    return recognise(ColumnProfile(table, ColumnFacts(column, kind, kind.value, True, comment, length), UNSEEN), TODAY)


def sure(verdict: Verdict) -> str | None:
    return verdict.category if verdict.certainty is not Certainty.SUSPECTED else None


NATIONAL, ID, PASSPORT = "user.government_id.national_identification_number", "user.government_id", "user.government_id.passport_number"
FIRST, LAST, NAME = "user.name.first", "user.name.last", "user.name"
EMAIL, PHONE, ADDRESS, STREET = "user.contact.email", "user.contact.phone_number", "user.contact.address", "user.contact.address.street"
ACCOUNT, CARD, SALARY = "user.financial.bank_account", "user.financial.credit_card", "user.financial.salary"
BIRTH, WORK, WHO = "user.demographic.date_of_birth", "user.workplace", "user.demographic"
HEALTH, BIOMETRIC = "user.health_and_medical", "user.biometric"

DIRECT = {
    NATIONAL: "egn EGN_klient egn_na_poracitelya klient_egn clientEGN CL_EGN_TXT egn2 lnch lichen_nomer ЕГН ЕГН_на_клиента iin "
    "IIN_BIN_KL iin_dolzhnika "
    "иин_заемщика BarredIin zhsn жсн isikukood isiku_kood isikukoodi kliendi_isikukood võlgnikuIsikukood ostjaisikukood "
    "national_id nationalId ssn "
    "personal_code person_code ik",
    ID: "lichna_karta lk_no nomer_lk id_card id_card_number idCardNo identity_document_number udv_lichnosti udl "
    "nomer_udostovereniya udostoverenie_lichnosti "
    "zheke_kualik жеке_куәлік isikut_tõendav_dokument id_kaardi_number лична_карта_номер client_doc_no номер_удостоверения_личности",
    PASSPORT: "passport passport_no passportNumber pasport_seria nomer_pasporta pasp_no tolkuzhat төлқұжат_нөмірі passi_number",
    FIRST: "first_name firstName fname FNAME frst_nm CUST_FIRST_NM given_name sobstveno_ime parvo_ime първо_име eesnimi "
    "kliendi_eesnimi esimi",
    LAST: "last_name lastName LASTNAME lname LST_NM surname familia familiya familija фамилия familno_ime FAMILNO tegi тегі "
    "perekonnanimi perenimi maiden_name",
    NAME: "full_name fullname fio FIO_KLIENTA фио otchestvo otchestwo отчество prezime bashtino bashtino_ime middle_name mname "
    "client_name customerName "
    "cust_nm borrower_nm imena tri_imena imena_na_poracitelya ime_na_klienta aty_zhoni аты_жөні akesinin_aty әкесінің_аты "
    "kliendi_nimi kliendinimi "
    "maksja_nimi isiku_nimi payer_name guarantor_full_name spouse_name mothers_name contact_person_name cardholder_name "
    "imya_zaemshchika isanimi "
    "beneficiary_name employee_name ime_na_platetsa",
    EMAIL: "email e_mail eMail EMAIL_ADDR email1 cust_email mail imeyl имейл elektronna_poshta el_poshta elektronnaya_pochta "
    "эл_почта epost e_post "
    "e-post электрондық_пошта elektrondyk_poshta clientEmailAddress eml",
    PHONE: "phone phone_number phoneNumber tel tel_no tel_mob mob_no mobile mobilen mobilen_telefon MOB_TEL msisdn gsm telefon "
    "telefon_nomer dom_telefon "
    "sotovyy_telefon mobilnyy_telefon uyaly_telefon ұялы_телефон telefoninumber mobiil kontakttelefon ph_no CUST_PH_NO "
    "cell_phone homePhone telefonen_nomer "
    "тел_мобилен работен_телефон nomer_telefona telefony",
    ADDRESS: "address address_line1 addr addr1 ADDR_TXT adres adres_reg address_reg postoyanen_adres nastoyasht_adres адрес_прописки "
    "adres_prozhivaniya "
    "mestozhitelstvo mekenzhay мекенжайы aadress elukoht elukoha_aadress koduaadress home_address residential_address CustAddress",
    STREET: "street street_name ulitsa ulica улица kosheti_ul tänav tanav",
    ACCOUNT: "iban IBAN_KLIENT client_iban bank_account bank_account_no acc_no acct_no account_number accountNo bankova_smetka "
    "smetka_na_klienta nomer_smetka "
    "raschetnyy_schet bankovskiy_schet schet_klienta nomer_scheta shot_nomiri arvelduskonto kontonumber pangakonto "
    "maksja_konto bankAccount iik",
    CARD: "card_number cardNo CARD_NUM pan credit_card nomer_karta nomer_karty номер_карты bankova_karta kaardinumber "
    "karta_nomiri cc_number masked_pan",
}


@pytest.mark.parametrize(("category", "name"), [(category, name) for category, names in DIRECT.items() for name in names.split()])
def test_direct_identifiers_are_known_by_name(category: str, name: str) -> None:
    verdict = by_name(f"records.{name}")
    if name in {"kosheti_ul"}:
        category = STREET
    assert sure(verdict) == category, verdict
    assert verdict.direct
    assert verdict.reasons


OTHERS = {
    "user.demographic.date_of_birth": "dob DOB birth_date birthDate bdate birthdt BRTH_DT date_of_birth rozhdena_data "
    "data_na_razhdane дата_на_раждане "
    "roden_na "
    "data_rozhdeniya дата_рождения data_rozhd tugan_kuni туған_күні sünniaeg synniaeg sunniaeg sünnikuupäev birthday birth_year",
    "user.workplace": "employer employer_name rabotodatel ime_na_rabotodatel mestorabota mesto_raboty rabotodatel_nazvanie работодатель "
    "zhumys_orny жұмыс_беруші "
    "tööandja tooandja tookoht töökoht work_place",
    "user.financial.salary": "salary salary_amt monthly_income net_salary zaplata mesechen_dohod oklad zarplata "
    "zarplaty zhalaky жалақы tabys palk "
    "töötasu tootasu "
    "netopalk sissetulek declared_income dohod",
    "user.demographic.marital_status": "marital_status marital maritalStatus mar_stat semeyno_polozhenie semeynoe_polozhenie "
    "семейное_положение "
    "otbasy_zhagdayy "
    "perekonnaseis",
    "user.demographic.gender": "gender sex pol пол zhynysy sugu GNDR",
    "user.demographic.citizenship": "citizenship nationality grazhdanstvo гражданство azamattygy kodakondsus",
    "user.device.ip_address": "ip ip_address ipAddress IPAddress client_ip last_login_ip ip_adres ip_aadress ip_na_zayavitelya remote_addr",
    "user.device.cookie_id": "cookie cookie_id cookieValue metka_cookie küpsis biskvitka",
    "user.device": "user_agent userAgent browser",
    "user.device.device_id": "device_id deviceId imei mac_address device_fingerprint idfa",
    "user.authorization.password": "password pwd passwd password_hash pwd_hash parola parola_hash пароль parool salasõna "
    "құпиясөз passwordDigest "
    "user_password",
    "user.authorization.credentials": "otp otp_code sms_code api_key access_token kodovoe_slovo secret_answer pin_code tayna_duma",
    "user.account.username": "username user_name login login_name usr potrebitelsko_ime логин kasutajanimi",
    "user.health_and_medical": "health_status diagnosis diagnoza диагноз disability disability_group invalidnost "
    "zdravni_belezhki здраве tervis "
    "terviseandmed puue "
    "densaulyk мүгедектік bolnichen sick_leave medical_note telk TELK_percent ТЕЛК",
    "user.criminal_history": "criminal_record sadimost съдимост sudimost судимость karistusregister karistused сотталғандығы convicted",
    "user.content": "note notes comment comments zabelezhka belezhka бележка primechanie примечание kommentariy märkus markused ескерту "
    "tusinikteme remark",
    "user.relative": "kem_prihoditsya kinship relationship_to_client rodstvo родство",
    "user.location.precise": "latitude longitude lat lon gps_coordinates koordinaty koordinaadid",
    "user.recording.voice": "voice_recording call_recording zapis_na_razgovor zapis_razgovora kõnesalvestus",
    "user.demographic.education": "education education_level obrazovanie образование haridus bilimi",
}


@pytest.mark.parametrize(("category", "name"), [(category, name) for category, names in OTHERS.items() for name in names.split()])
def test_other_personal_data_are_known_by_name(category: str, name: str) -> None:
    verdict = by_name(f"records.{name}")
    assert sure(verdict) == category, verdict
    assert not verdict.direct


FORBIDDEN = {
    "user.demographic.religious_belief": "religion relig religious_belief faith denomination veroizpovedanie вероизповедание "
    "religiya veroispovedanie "
    "вероисповедание "
    "religioznost дін діні dini usk usutunnistus usuline_kuuluvus religion_id RELIGION_CD church confession isReligious vyara religiq",
    "user.demographic.political_opinion": "political_party political_opinion politicalViews party_membership partiya partia "
    "партия politicheski_vazgledi "
    "chlenstvo_v_partii "
    "politicheskie_vzglyady politvzglyady partiynost erakond erakonna_liige poliitilised_vaated sayasi_kozkaras "
    "саяси_көзқарас voted_for polit_party",
    "user.demographic.race_ethnicity": "race ethnicity ethnic_origin ethnic_group etnos етнос etnicheski_proizhod "
    "etnicheska_grupa natsionalnost nacionalnost "
    "национальность "
    "ulty ұлты rahvus rahvuse_kood rass rasa раса RACE_CD ethn_cd narodnost nats",
    "user.demographic.trade_union": "trade_union union_member trade_union_membership unionDues sindikat chlen_na_sindikat "
    "синдикално_членство profsoyuz "
    "profsayuz член_профсоюза "
    "ametiühing ametiuhing ametiyhing ametiühingu_liige kasipodak кәсіподақ profsouz",
    "user.demographic.sexual_orientation": "sexual_orientation sexualOrientation seksualna_orientatsia сексуальная_ориентация "
    "seksuaalne_sattumus "
    "seksuaalne_orientatsioon",
    "user.demographic.sex_life": "sex_life sexual_life seksualen_zhivot интимная_жизнь seksuaalelu",
    "user.demographic.philosophical_belief": "philosophical_belief worldview mirogled мировоззрение maailmavaade dunietanym "
    "ubezhdeniya filosofski_ubezhdenia "
    "beliefs",
    "user.health_and_medical.genetic": "genetic_data dna dna_profile genome genetichni_danni днк генетические_данные "
    "geneetilised_andmed geenitest генетикалық "
    "genetic_test_result",
    "user.biometric": "biometric_template biometrics face_template face_embedding faceVector biometrichni_danni биометрия biomeetria "
    "näokujutis face_id biometric_hash "
    "litsev_shablon biometriyalyk_derekter",
    "user.biometric.fingerprint": "fingerprint fingerprint_template finger_print prastov_otpechatak otpechatok_paltsa "
    "отпечаток_пальца sõrmejälg "
    "sormejalg саусақ_ізі",
    "user.biometric.voice": "voice_print voiceprint voice_biometric glasov_otpechatak golosovoy_otpechatok häälejälg",
    "user.biometric.retinal": "iris_scan iris retina_scan silmaiiris",
}


@pytest.mark.parametrize(("category", "name"), [(category, name) for category, names in FORBIDDEN.items() for name in names.split()])
def test_no_forbidden_category_is_missed(category: str, name: str) -> None:
    for kind in (ColumnKind.TEXT, ColumnKind.INTEGER, ColumnKind.BOOLEAN, ColumnKind.BINARY):
        for table in ("clients", "xyz", "products"):
            verdict = by_name(f"{table}.{name}", kind)
            assert sure(verdict) == category, (table, kind, verdict)


NOT_DIRECT = (
    "products.name products.product_name branches.name branches.branch_name campaigns.name_of_campaign files.file_name "
    "hosts.host_name meta.table_name "
    "roles.role_name x.company_name x.bank_name x.naimenovanie x.nimetus partners.eik x.bin x.registrikood x.email_template "
    "x.phone_type x.address_type "
    "x.email_sent_at x.has_phone x.phone_verified x.iban_check x.card_type x.status x.currency x.loan_amount x.created_at "
    "x.updated_by loans.id loans.loan_id "
    "loans.client_id clients.client_id x.document_type x.account_type x.account_status gl_accounts.account accounting_entries.account "
    "schetovodni.schetovodna_smetka x.smetkoplan cities.name countries.name currencies.name regions.name templates.name "
    "job_runs.job_name "
    "x.display_order x.phone_count x.email_count x.email_verified_at x.address_id x.phone_id x.is_email_confirmed x.rate "
    "x.interest_rate x.term_months x.policy "
    "x.trace x.brace x.hotel x.platform x.interface_type x.carrier x.template x.union_all x.discard "
    "x.naimenovanie_na_produkta x.toote_nimetus "
    "x.event_name x.ip_count x.tip_telefona x.vid_adres x.tel_verified_flg x.ACTIVE_IND x.passport_issued_at x.dogovor_id "
    "x.kod x.nomer x.summa x.intress x.lepingu_id "
    "produkti.ime tooted.nimi ofisi.ime filialy.nazvanie spravochnik.naimenovanie branches.phone offices.address banks.bic "
    "offices.telefon banks.swift "
    "x.score_model_name x.error_message x.sort_order x.hash x.checksum x.version x.amount_in_words x.penalty x.principal"
)


@pytest.mark.parametrize("path", NOT_DIRECT.split())
@pytest.mark.parametrize("kind", [ColumnKind.TEXT, ColumnKind.INTEGER])
def test_what_is_nobodys_is_no_direct_identifier(path: str, kind: ColumnKind) -> None:
    verdict = by_name(path, kind)
    assert sure(verdict) is None or not verdict.direct, verdict


NOBODYS = (
    "x.status x.currency x.created_at x.trace x.policy x.hotel x.has_phone x.email_sent_at x.phone_type x.id x.loan_id "
    "x.union_all x.template x.interest_rate x.version"
)


@pytest.mark.parametrize("path", NOBODYS.split())
def test_technical_columns_are_nothing(path: str) -> None:
    assert by_name(path).category is None
    assert by_name(path).recogniser == "none"


@pytest.mark.parametrize("kind", [ColumnKind.BOOLEAN, ColumnKind.DATE, ColumnKind.INSTANT])
@pytest.mark.parametrize(
    "name", ["email", "phone", "egn", "address", "first_name", "iban", "card_number", "passport_no", "password", "note"]
)
def test_the_type_rules_out_what_it_cannot_hold(name: str, kind: ColumnKind) -> None:
    assert by_name(f"clients.{name}", kind).category is None


def test_a_name_is_a_persons_among_persons() -> None:
    assert sure(by_name("clients.name")) == NAME
    assert sure(by_name("poruchiteli.imena")) == NAME
    assert sure(by_name("klient.nimi")) == NAME
    assert sure(by_name("products.name")) is None
    assert sure(by_name("records.name")) is None


def table(name: str, *columns: str, kinds: dict[str, ColumnKind] | None = None, comment: str | None = None) -> TableFacts:
    facts = tuple(ColumnFacts(column, (kinds or {}).get(column, ColumnKind.TEXT), "", True) for column in columns)
    return TableFacts(None, name, False, facts, comment=comment)


def verdicts(facts: TableFacts) -> dict[str, Verdict]:
    return {verdict.label: verdict for verdict in recognise_table(facts, {}, TODAY)}


def test_neighbours_say_whose_a_name_is() -> None:
    assert sure(verdicts(table("t_0815", "id", "name", "birth_date", "city"))["name"]) == NAME
    assert sure(verdicts(table("t_0815", "id", "name", "eik", "city"))["name"]) is None
    assert sure(verdicts(table("t_0815", "id", "name", "egn"))["name"]) == NAME


def test_a_generic_name_means_what_its_table_is_about() -> None:
    assert sure(verdicts(table("client_phones", "client_id", "number"))["number"]) == PHONE
    assert sure(verdicts(table("customer_emails", "value"))["value"]) == EMAIL
    assert sure(verdicts(table("passports", "series", "number"))["number"]) == PASSPORT


def test_keys_number_rows_and_persons_are_not_numbered_by_them() -> None:
    facts = TableFacts(None, "clients", False, (ColumnFacts("person_no", ColumnKind.INTEGER, "bigint", False),), primary_key=("person_no",))
    assert verdicts(facts)["person_no"].category is None
    egn = TableFacts(None, "clients", False, (ColumnFacts("egn", ColumnKind.INTEGER, "bigint", False),), primary_key=("egn",))
    assert sure(verdicts(egn)["egn"]) == NATIONAL


def test_comments_speak_where_names_do_not() -> None:
    assert sure(by_name("x.f17", comment="ЕГН на клиента")) == NATIONAL
    assert sure(by_name("x.f17", comment="Client's mobile phone")) == PHONE
    assert sure(by_name("x.phone_type", comment="phone: home or work")) is None
    assert by_name("x.f17", comment="ЕГН на клиента").reasons[0].startswith("comment:")


def test_a_pin_is_a_personal_number_among_persons_and_a_secret_beside_cards() -> None:
    assert sure(by_name("clients.pin", length=10)) == NATIONAL
    assert sure(by_name("cards.card_pin")) == "user.authorization.credentials"
    assert sure(by_name("x.pin", length=4)) == "user.authorization.credentials"


def test_citizenship_and_ethnic_origin_are_told_apart() -> None:
    assert sure(by_name("x.гражданство")) == "user.demographic.citizenship"
    assert sure(by_name("x.национальность")) == "user.demographic.race_ethnicity"
    assert sure(by_name("x.kodakondsus")) == "user.demographic.citizenship"
    assert sure(by_name("x.rahvus")) == "user.demographic.race_ethnicity"


def test_a_digest_of_an_identifier_is_still_told() -> None:
    verdict = by_name("clients.egn_hash")
    assert sure(verdict) == NATIONAL
    assert verdict.certainty is Certainty.LIKELY


def test_every_category_is_known() -> None:
    assert {concept.category for concept in CONCEPTS.values()} <= TAXONOMY | set(OWN_CATEGORIES)
    assert not set(OWN_CATEGORIES) & TAXONOMY


def test_every_subject_has_words_and_every_meaning_too() -> None:
    spoken = {meaning for words in LANGUAGES for meaning in words}
    assert spoken == set(Meaning)


WORDS = [
    (meaning, " ".join(phrase)) for meaning, phrase in phrases() if meaning in CONCEPTS and CONCEPTS[meaning].direct and len(phrase) == 1
]


@given(st.sampled_from(WORDS), st.data())
def test_every_spelling_of_a_word_is_found(word: tuple[Meaning, str], data: st.DataObject) -> None:
    meaning, written = word
    spelling = data.draw(st.sampled_from(sorted(keys_of(written))))
    dressed = data.draw(st.sampled_from([spelling, spelling.upper(), spelling.capitalize(), f"{spelling}_2", f"{spelling}1"]))
    found = meanings(dressed)
    expected = meanings(written) | {meaning}
    assert found & expected or len(spelling) < 4, (dressed, found)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("EGNKlient_2", ("EGN", "Klient")),
        ("clientEGN", ("client", "EGN")),
        ("IPAddress", ("IP", "Address")),
        ("e-post", ("e", "post")),
        ("дата рождения", ("дата", "рождения")),
        ("sünniAeg", ("sünni", "Aeg")),
        ("__a1b", ("a", "b")),
        ("", ()),
    ],
)
def test_names_are_cut_into_words(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


@given(st.text(max_size=60))
def test_any_name_can_be_read(name: str) -> None:
    verdict = by_name(f"x.{name.replace('.', '_')}")
    assert 0 <= verdict.score <= 1
    assert key(name) == key(name)

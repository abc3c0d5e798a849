"""Rules 7: special categories as everyday columns show them, names read with the table they stand in, abbreviations, logins, papers by
their names; and what looks like them and is something else. Of our own making, in five languages, without values and with some."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from test_recognition_systems import TODAY, family, judged

from governance.catalogue.inventory import ColumnFacts, ColumnKind, Sample, TableFacts
from governance.catalogue.recognition import recognise_table, shapes
from governance.catalogue.recognition.lexicon import in_pieces, meanings
from governance.catalogue.recognition.meanings import Meaning
from governance.catalogue.verdict import Verdict

FORBIDDEN = {
    "faith": "jom_kipur eid_leave churchgoer no_pork_meal jehovah_witness носи_кръст мешітке_бару church_tax tithe_amount zakat_paid "
    "mosque_donations parish_name diet meal_pref dietary_needs halal_meal kosher_shop_spend is_fasting ramadan_shift "
    "prayer_break religious_leave friday_prayer confession_of_faith baptism_cert_no quran_app_installed muslim "
    "tsarkovno_darenie darenie_dzhamia posti hranitelen_rezhim kurban_bayram otpusk_bayram постни_дни ЦърквенБрак Диета "
    "desyatina pozhertvovanie_cerkvi post_soblyudaet pitanie_ogranicheniya venchanie religioznye_organizacii_summa "
    "Соблюдает_пост oraza sadaqa zeket ОразаҰстайды МешітТөлем kirikumaks kiriku_annetus_eur toitumispiirang eritoitumine "
    "ristitud paast",
    "party": "which_party_do_you_support favourite_party eelistatud_erakond party_dues_paid donation_to_party campaign_donations "
    "political_spend politicalContrib voting_intention left_right_scale rally_attendance protest_participation "
    "ballot_choice darenie_partia polit_darenie partien_vnos_suma glasuval_za ПолитическиДарения vznos_v_partiyu "
    "pozhertvovanie_partii miting_uchastie za_kogo_golosoval partia_zharnasy sayasi_partia erakonna_annetus "
    "poliitilised_annetused",
    "union": "union_deduction dues_checkoff unionDues tu_ded_amt strike_hours udrazhka_sindikat sind_vnos кнсб_член "
    "uderzhanie_profsoyuz ВзносПрофсоюз kasipodaq_zharnasy kasipodaq_ustau ametiuhing_maks AU_maks streigis_osales",
    "people": "inferred_ethnicity ethnicity_guess name_based_ethnicity bame gypsy_traveller skinTone minority_group_cd etn_proizhod "
    "romski_proizhod nac_prinadlezhnost Нац_код zhuz ru_zhuz UltKody rahvusKood etniline_taust",
    "sex": "brothel_payments condom_purchases phone_sex_lines_spend бордей_плащания публичный_дом geiklubi_kulu dating_apps_cnt "
    "apps_dating hasDatingApps dating_cat_share tinder_installed adult_services_spend adult_cat_spend spend_adult "
    "escort_payments nsfw_share sexual_wellness_spend extramarital contraceptive_use partner_gender partnerSex "
    "same_sex_partner_ind segment_lgbt gay_dating_app pol_na_partnyora ПолПартньор saytove_zapoznanstva razhod_eskort "
    "uslugi_za_vazrastni ednopolov_brak pol_partnera ПолПартнера ЗнакомстваПриложения uslugi_dlya_vzroslyh intim_tovary "
    "lyubovnica odnopolyy_brak serigi_zhynysy tanysuQosymsha zhynys_bagdar partneri_sugu kohtinguApp taiskasvanuteLehed "
    "tutvumisportaalid samasoolinePartner armuke",
    "body": "thumb_template mfcc_voice ear_print face_enrolment_id faceEnrolId face_login_id voice_unlock_sample "
    "voice_login_template speaker_enrolment_id fp_template finger_minutiae palm_login_id vein_scan bio_enrol_id "
    "selfie_vector typing_rhythm mouse_dynamics vhod_s_litse glasov_vhod БиоШаблон vhod_po_licu golosovoy_vhod "
    "klaviaturnyy_pocherk бет_шаблоны дауысҮлгісі naoMall haalemuster heart_rate resting_hr spo2_avg pulse_bpm chss "
    "telesna_temperatura südame_löögisagedus",
    "belief": "ethical_vegan pacifist conscientious_objector life_philosophy svetogled ubezhdenia zhiznennoe_kredo veendumused",
    "gene": "carrier_screening dna_ancestry hereditary_risk nasledstven_risk geenitest",
    "-": "adult_dependants adult_count is_adult dating_back_days invoice_dating escort_vehicle party_type third_party_id "
    "lot_party union_all race_time lent_amount lent_at face_value touch_count last_touch_campaign touch_id protest_date "
    "note_protest veksel_protest prihod prihod_summa izmena izmena_tarifa attraction_channel clan std_dev std_rate "
    "kink_point heartbeat_at pulse_interval_ms pulse_survey faceid_enabled biometric_login_enabled liveness_required "
    "voice_channel pass_rate token_count screen_orientation partner_code looking_for religious_holiday_flag same_day stdev "
    "petition_date diff_party_type",
}
TABLES = {
    "agency_assignments": "DebtorName:name Phone1:phone Addr:at CaseRef:-",
    "agencies": "name:- phone:- contact_phone:phone",
    "dialer_numbers": "number:phone attempts:- result:-",
    "звонки": "номер:phone длительность:-",
    "obazhdania_log": "nomer:phone posoka:-",
    "қоңыраулар": "нөмірі:phone ұзақтығы:-",
    "invoice_lines": "number:- nomer:-",
    "Справочник_БанковскиеСчета": "НомерСчета:account Банк:-",
    "Справочник_ФизическиеЛица": "Наименование:name Телефон:phone",
    "Справочник_Контрагенты": "Наименование:- Телефон:-",
    "SPR_BANK": "NAIM:- KORSCH:-",
    "PORUCH": "UD_POR:id TEL_POR:phone FIO_POR:name",
    "TBL_KLIENT": "sLNCh:id sEGN:id sTel:phone",
    "pawn_goods": "pawner_name:name ticket_no:-",
    "leave_requests": "religious_holiday:faith employee_id:- religious_holiday_flag:-",
    "calendar": "religious_holiday:- day:-",
    "social_profiles": "interested_in:sex looking_for:sex",
    "crm_leads": "interested_in:- looking_for:-",
    "zalog": "tehpasport_no:id sts_nomer:id registration_certificate_no:id make:-",
    "residence_permits": "permit_number:id permit_type:-",
    "complaints": "complainant_name:name арызданушы_аты:name kaebaja_nimi:name ФИО_ответчика:name",
    "auth_methods": "biometric_login_template:sign touch_template:sign faceid_public_key:-",
}
PREFIX = {"sign": "user.authorization.biometric"}


@pytest.mark.parametrize(("wanted", "column"), [(wanted, column) for wanted, columns in FORBIDDEN.items() for column in columns.split()])
def test_a_special_category_is_told_by_name(wanted: str, column: str) -> None:
    verdict = judged("features_14", column)[column]
    assert family(verdict) == wanted, verdict


@pytest.mark.parametrize(
    ("table", "column", "wanted"),
    [(table, *column.rpartition(":")[::2]) for table, columns in TABLES.items() for column in columns.split()],
)
def test_a_name_is_read_with_its_table(table: str, column: str, wanted: str) -> None:
    verdict = judged(table, *[one.rpartition(":")[0] for one in TABLES[table].split()])[column]
    if wanted in PREFIX:
        assert verdict.category == PREFIX[wanted]
    else:
        assert family(verdict) == wanted, verdict


def filled(table: str, column: str, values: Sequence[str], *, rows: int = 240, beside: Sequence[str] = ()) -> Verdict:
    facts = TableFacts(
        None, table, False, tuple(ColumnFacts(name, ColumnKind.TEXT, "text", True) for name in (column, *beside)), (), rows=rows
    )
    return recognise_table(facts, {column: Sample(rows, 0, tuple(values))}, TODAY)[0]


def test_letters_are_a_series_of_documents_and_words_are_not() -> None:
    assert family(filled("client_documents", "doc_series", ["N", "AB"], beside=["birth_date", "last_name"])) == "id"
    assert family(filled("client_documents", "doc_number", ["seen", "missing"], beside=["birth_date", "last_name"])) == "-"


def test_whom_somebody_looks_for_values_tell() -> None:
    assert family(filled("leads_14", "interested_in", ["men", "women", "both"])) == "sex"
    assert family(filled("leads_14", "interested_in", ["card", "loan", "deposit"])) == "-"
    assert family(filled("import_14", "c17", ["casual sex", "открытые отношения", "one night stand", "avatud suhe"])) == "sex"


def test_one_account_in_all_rows_is_the_house_s_own() -> None:
    own = ["BG80BNBG96611020345678"]
    others = [*own, "EE382200221020145685", "EE471000001020145685", "KZ86125KZT5004100100"]
    assert family(filled("payments_14", "creditor_iban", own)) == "-"
    assert family(filled("payments_14", "creditor_iban", others)) == "account"
    assert family(filled("payments_14", "debtor_iban", own)) == "account"
    assert family(filled("payments_14", "creditor_iban", own, rows=20)) == "account"


def test_a_registration_number_of_cars_is_told_by_its_values() -> None:
    plates = [f"CB{number:04}HA" for number in range(1200, 1240)]
    assert family(filled("tbl_zalog", "sRegNo", plates)) == "id"
    assert family(filled("tbl_zalog", "sRegNo", [str(175074752 + 11 * step) for step in range(40)])) == "-"


def test_names_to_sign_in_with_are_no_names() -> None:
    logins = ["ivanova.p", "petrov2", "mstoyan", "g.koleva", "dimitrovb", "stoev.k", "nikolai.d", "hristova", "kk.admin"]
    assert filled("log_14", "user", logins).category == "user.account.username"
    assert filled("log_14", "user", [one.upper() for one in logins]).category == "user.account.username"
    assert filled("log_14", "user", ["Ivan Petrov", "Petya Ivanova", "Maria Stoyanova"] * 3).category != "user.account.username"


def test_a_paper_is_told_by_its_name_in_the_values() -> None:
    papers = [f"уд. личн. 0{number} МВД РК" for number in range(12345600, 12345620)]
    assert family(filled("Документ_КассовыйОрдер", "ПоДокументу", papers)) == "id"


@pytest.mark.parametrize(
    "text", ["уд. личн. 012345678 МВД", "паспорт N 1234567", "л.к. 641234567", "ID card 640012345", "id-kaart: AB1234567"]
)
def test_a_named_paper(text: str) -> None:
    assert shapes.is_named_paper(text)


@pytest.mark.parametrize("text", ["паспорт изтекъл", "без паспорт 1234567", "паспорт 12", "лк", "по договору 1234567"])
def test_no_named_paper(text: str) -> None:
    assert not shapes.is_named_paper(text)


def test_an_abbreviation_that_ends_in_a_small_letter_is_one_word() -> None:
    assert meanings("sLNCh") == {Meaning.NATIONAL_ID}


def test_pieces_that_are_parted_need_one_that_says_whose_it_is() -> None:
    assert in_pieces("UD_POR")
    assert not in_pieces("UD_X")
    assert not in_pieces("UDPOR")

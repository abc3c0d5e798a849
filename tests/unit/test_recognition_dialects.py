"""Column names as banks, collectors, CRMs and 1C write them, in five languages: abbreviated, glued, upside down; each judged by name."""

from __future__ import annotations

from datetime import date

import pytest

from governance.catalogue.inventory import ColumnFacts, ColumnKind, ColumnProfile, Sample
from governance.catalogue.recognition import recognise
from governance.catalogue.verdict import Certainty

TODAY = date(2026, 11, 25)
KINDS = {
    "": ColumnKind.TEXT,
    "b": ColumnKind.BOOLEAN,
    "bin": ColumnKind.BINARY,
    "d": ColumnKind.DATE,
    "i": ColumnKind.INTEGER,
    "n": ColumnKind.NUMBER,
    "t": ColumnKind.TEXT,
    "u": ColumnKind.UUID,
}
#: `table.column:kind` by category, or by one above it; table and kind are left out where they say nothing.
JUDGED: dict[str | None, str] = {
    None: (
        "КемВыдан LK_izdadena_ot ДатаВыдачиПаспорта ДатаВыдачи:d pasp_vydan_data:d lk_validna_do:d id_card_issue_dt:d servers.health "
        "servers.health_status servers.node_health servers.health_url:t server_health service_health_status health_probe_url "
        "race_condition_flag:b race_condition credit_union credit_union_name union_all iris_server_url iris_queue_id:i iris_channel "
        "gene_queue gene_code:i tervis_kanal tervis_server tervis_jarjekord tervise_teenus_url is_religious_holiday:b religious_holiday:b "
        "церковный_праздник:b църковен_празник:b usupüha:b kirikupüha:b діни_мереке:b party_id:i party_type party_role third_party "
        "contract_party partiya_tovara номер_партии nomer_partii:i партия_товара partida_nomer партиден_номер partii_id:i union_id:i "
        "race_id:i iris_id:i brak_tovara процент_брака:n brak_protsent:n партия_стока cert_fingerprint ssh_key_fingerprint "
        "отпечаток_сертификата сумма_в_нац_валюте:n nats_valyuta face_value:n voice_channel voice_menu_id:i probation_period "
        "probation_end:d tax_treatment requests.request_no requests.invoice_no requests.order_number requests.document_no "
        "requests.ticket_number invoices.number invoices.invoice_number orders.order_no orders.номер_заказа orders.tellimuse_number "
        "orders.nomer_poruchka orders.arve_number orders.nomer_faktura products.name products.display_name tariffs.name "
        "tariffs.display_name tariffs.tariff_name menu_items.display_name menu_items.caption display_name years_of_service:i стаж_лет:i "
        "трудов_стаж:i tööstaaž:i years_employed:i godini_staj:i eñbek_ötili:i passport_country issuing_state issuing_country "
        "pass_country strana_vydachi страна_выдачи_паспорта väljastanud_riik document_issuing_state издаваща_държава dargava_izdala "
        "phone_country_code card_country phone_verified nomer_na_politsata:i politsata gr_delo гр_дело номер_дела offices.street:t "
        "offices.address offices.phone offices.email points_of_sale.phone points_of_sale.address points_of_sale.street punktove.ulica "
        "punktove.adres punktove.telefon devices.id ДатаВыдачиУдостоверения:d ПаспортКемВыдан ПаспортДатаВыдачи:d "
        "СрокДействияУдостоверения:d ОрганВыдачи Номенклатура.Наименование Номенклатура.Код Номенклатура.Артикул Склады.Наименование "
        "Склады.Телефон Контрагенты.Наименование Контрагенты.ИНН Контрагенты.КПП Контрагенты.Телефон Валюты.Наименование "
        "Банки.Наименование Банки.БИК Банки.Адрес data_izd_lk:d lk_izdadena_na:d lk_valid_do:d izdaden_ot branches.name branches.phone "
        "branches.address branches.manager_count:i toode.nimi toode.hind:n tooted.nimetus продукти.име продукти.наименование "
        "филиалы.название филиалы.телефон филиалы.адрес bank_list.name bank_list.bic bank_list.address bank_list.phone "
        "email_templates.name email_templates.subject email_templates.body_format settings.key settings.value settings.name "
        "currencies.code currencies.name kampaaniad.nimi ofisi.ime ofisi.telefon ofisi.grad sms_queue.status sms_queue.sent_at:d "
        "sms_queue.retries:i users_roles.role_name log_events.event_name log_events.level"
    ),
    "user.account.username": (
        "potrebitelsko_ime user_login loginName kasutaja_nimi ИмяПользователя логин_клиента USR_LOGIN LOGIN_NM user_nm webUserName"
    ),
    "user.authorization": ("PWD_HSH PASSWD_ENC apiToken otpCode PIN_HASH"),
    "user.authorization.credentials": (
        "kod_sms sms_kod код_из_смс смс_код kod_ot_sms code_sms sms_code_value smsKood otp_kod confirm_code verif_code kinnituskood_sms "
        "код_смс sms_code"
    ),
    "user.biometric": (
        "face_templ biometr_tmpl:bin face_vec:bin БиометрическийШаблон bio_hash faceEncodings litse_shablon лицева_биометрия näomall_b64 "
        "selfie_embedding face_template selfie_vector photo_embedding FACE_TMPL FaceEmbedding biometric_ref BIOM_TMPL facial_scan "
        "FaceDescriptor БиометрияЛица ШаблонЛица"
    ),
    "user.biometric.fingerprint": (
        "finger_tpl:bin otpechatak_ruka ОтпечатокПальца fprint_hash fingerprintTmpl sõrmejälg_mall FINGERPRT_TMPL fingerPrint "
        "FINGER_PRINT_IMG:bin"
    ),
    "user.biometric.voice": (
        "voice_prt voice_tmpl ГолосовойСлепок golosov_otpechatak voicePrintId voice_template voice_vec voice_embedding golos_shablon "
        "hääle_mall VOICE_PRT VoicePrintTemplate voice_signature"
    ),
    "user.contact.address": (
        "АдресПрописки cust_addr_ln1 nastoyasht_adres postoyanen_adres eluaseme_aadress мекенжай residence_addr addr_perm perm_addr "
        "АдресРегистрации АдресПроживания АдресФактический ФактАдрес ЮрАдресФЛ адрес_по_лк adr_lk adres_po_lichna_karta adresLK "
        "postal_addr permanent_addr_1 mail_addr_ln1 home_adr адрес_места_жительства адрес_фактического_проживания тіркеу_мекенжайы "
        "turgylykty_mekenzhay elukoha_aadr registr_aadress kontaktaadress_rida1 fact_address reg_address_full АдресДоставки "
        "CUST_ADR_LINE1 ADDR_LN_2 RES_ADDR PERM_ADDR1 CURR_ADDR HomeAddressLine billing_addr guarantorAddress ADDRESS_FULL addressLine3 "
        "postalAddress cust_city CITY_NM res_city town_of_residence ZIP_CD postal_cd res_zip PostCode АдресМестаЖительства "
        "АдресПоПрописке АдресРаботы ДомашнийАдрес АдресКлиента АдресПочтовый adres_registr adres_fakt adres_prop ФактическийАдрес "
        "МестоЖительства МестоПрописки adres_postoyanen adres_nastoyasht adresPoLK adres_kor адрес_за_кореспонденция adres_mestorabota "
        "domashen_adres adres_klient nast_adres post_adres grad naseleno_myasto НасМясто мекенжай_тіркеу turgylykty_zheri "
        "тұрғылықты_мекенжай mekenjai mekenzhaiy elukoht_aadress KODUAADRESS postiaadress_1 tegelik_aadress aadress_rida elukohaAadress"
    ),
    "user.contact.email": (
        "EMAIL_CL e_mail_2 АдресЭлектроннойПочты emailaddr2 cust_eml ЭлПочта элпочта el_pochta email_klient epost_aadr e-posti_aadress "
        "kontakt_epost эл_пошта ЭлектроннаяПочта em_addr work_email personal_email_address email_guarantor имейл_на_клиента CUST_EML_ADDR "
        "EMAIL_ADR emailAddress2 primaryEmail contact_email PersonalEmail EMAILID e_mail_addr guarantor_email ЭлектронныйАдрес ЭлАдрес "
        "ПочтаКлиента email_zaemshchika"
    ),
    "user.contact.phone_number": (
        "НомерТелефона ТелефонКонтактногоЛица ТелефонСотовый ТелефонДомашний ph_home mob_no nok_phone phone_home cell_ph TEL_MOB1 "
        "телефон_поручителя telefon_poruchitelya mobilen_tel tel_za_vrazka TelefonDomashen служебен_тел tel_slujeben kontakttelefon_2 "
        "mobiiltelefon lisatelefon ұялы_телефон uyaly_tel жұмыс_телефоны home_tel_no work_tel biz_phone alt_phone alternate_mobile "
        "sec_phone primary_phone_num contact_phone phone_2 guar_tel phoneNumberPrimary tel1 tel2_dop доп_телефон dop_telefon doptel "
        "ТелефонРабочий контактен_телефон kontakten_tel абонентский_номер номер_моб mobtel mobnum whatsapp_no sms_no kontakttel "
        "helistaja_nr mobile_phone_nbr borrower_mobile emergency_phone emergency_contact_phone kontaktisiku_telefon phoneHome "
        "telefonNomer phone_primary primary_mobile main_phone CUST_PHONE_1 PHN_NBR TEL_NBR HOME_PHN WORK_PHN CELL_PHN PHONEHOME "
        "PhoneMobile cust_mob_no contact_mobile MobilePhone1 tel_home tel_work TELEPHONE1 phone_no_res res_phone off_phone "
        "office_phone_customer fax_or_tel BORR_TEL guarantorPhone employer_phone ref1_phone refereePhone secondaryPhone altphone "
        "MOBILENUMBER ТелефонМобильный МобильныйТелефон ДомашнийТелефон РабочийТелефон НомерМобТелефона КонтактныйТелефон ТелефонРаботы "
        "ТелефонРодственника tel_rab tel_dom tel_sot nomer_sotovogo mobTel ТелМоб ТелДом ТелефонРаботодателя телефоны_контактов "
        "ТелефонДляСМС доп_контактный_телефон telefon_1 tel_mobilen mobilen_telefon_2 tel_kontakt GSM_KLIENT telefon_rabota telefon_dom "
        "мобилен_номер tel_lice_kontakt sluzheben_tel telefon_poruchitel nomer_mobilen тел_на_роднина gsm2 ұялы_телефон_нөмірі "
        "telefon_nomiri uiali_telefon үй_телефоны байланыс_телефоны_2 kepilger_telefony mobiili_nr kodune_telefon TELEFON_NR tel_mob "
        "kliendi_telefon kontakttelefon_nr abikaasa_telefon tootelefon"
    ),
    "user.content": (
        "ПримечаниеМенеджера komentar_op коментар_по_случая notes_txt call_notes collector_comment markus_tekst kommentaar_kl CUST_NOTES "
        "CALL_NOTE_TXT collectorRemarks commentText FREE_TXT"
    ),
    "user.content.self_image": ("photo_b64 selfie_path ФотоКлиента client_photo:bin foto_klienta photo selfie photo_hash"),
    "user.criminal_history": (
        "Судимость crim_rec sadimost_da_ne sudimosti karistatus_info criminalRecordFlag:b осъждан_да_не НаличиеСудимости:b СудимостьЕсть "
        "sadebno_minalo svidetelstvo_sadimost"
    ),
    "user.demographic.citizenship": (
        "Гражданство grajdanstvo citizenship_cd kodakondsus_kood azamattyk нац_гражданство CTZNSHP NATLTY_CD citizenshipCountry"
    ),
    "user.demographic.date_of_birth": (
        "ДатаРождения brwr_dob туған_күні DTBIRTH dat_rozhd ДеньРождения cust_dob:d dob_dt:d birthd data_na_r rojdena_data datarozhd "
        "ДатаРожд data_ragdane tugan_zhyly sunnikuupaev synnikp sünni_kuupäev sünd_kp birth_yr:i BIRTH_DT_SPOUSE:d guarantor_birth_dt:d "
        "DT_OF_BIRTH:d BIRTH_DTE:d CUST_DOB:d DOB_CUST DateOfBirth:d birth_dte dob1:d guarantor_dob:d ДатаРожденияЗаемщика:d ДР_клиента "
        "ДеньРожденияКлиента data_rozhd_klienta:d ГодРождения:i data_razhdane:d DataNaRajdane:d rozhd_data:d rojd_data:d датаРаждане:d "
        "god_razhdane:i туған_күні_клиент:d tugan_kuni_kepilger:d sünniaeg_kl:d SUNNIAEG:d synnikuupaev:d sünnipäev:d"
    ),
    "user.demographic.education": ("Образование obrazovanie_cd edu_lvl haridustase_kood educ_cd"),
    "user.demographic.gender": ("SEX_CD GNDR_CD genderCode Пол ПолКлиента pol_klient"),
    "user.demographic.marital_status": (
        "semeyno_polozhenie СемейноеПоложение fam_status mar_st semeino_polojenie sem_polozhenie perekonnaseis_kood отбасылық_жағдайы "
        "marital_cd marriage_status civil_stat MRTL_STAT_CD MARITAL_STS maritalStatusCode MARSTAT СемейноеПоложениеКод СемПоложение "
        "семПол sem_pol semeen_status сем_положение отбасы_жағдайы_коды perekonnaseis_kl"
    ),
    "user.demographic.philosophical_belief": ("philosophical_views mirogled_txt filosof_ubezhdeniya maailmavaated"),
    "user.demographic.political_opinion": (
        "polit_opinion ПартийнаяПринадлежность partyAffiliation partiina_prinadlezhnost erakonna_kuuluvus party_aff члПартии politics_cd "
        "election_vote партия_мүшелігі политубеждения parteilisus clients.party clients.partiya clients.partia clients.член_партии "
        "clients.partei POL_AFFIL PoliticalParty political_view_txt partyMember PARTY_AFFIL voterPreference ПартийнаяПринадлежностьКод "
        "ЧленствоВПартии ПолитическиеВзгляды partiyna_prinadlezhnost членство_в_партия polit_vazgledi саяси_партия_мүшесі:b "
        "erakonna_liikmelisus poliitiline_vaade_txt"
    ),
    "user.demographic.race_ethnicity": (
        "Национальность национальность_код nac natsionalnost_kl ethn_group etnicheska_prinadlejnost ethn_code rahvus_kood narodnost "
        "race_cd ұлты_коды nationality_ethnic ethnicOrigin этнос_клиента race race_code race_category RACE_DESC nationality_race RACE_CDE "
        "ETHNIC_GRP cust_race EthnicityDesc racialOrigin ethnicity_txt НациональностьКлиента Нац_принадлежность nacionalnost_kod "
        "etnicheska_grupa_kod nats_proizhod etn_proizhod ұлты_клиент ulti rahvus_nimetus rahvuskood"
    ),
    "user.demographic.religious_belief": (
        "Вероисповедание Религия religion_txt relig_code veroizp usk_kood uskkond религиозни_възгледи vyaroizpovedanie konfessiya "
        "діни_сенім faith_group religion religion_id:i religion_no:i religion_type religion_flag:b religiya_status RELIGION_CDE "
        "cust_religion ReligiousAffiliation faithCode relig_nm ВероисповеданиеКлиента религияКод veroizpovedanie_kod религия_код "
        "діні_коды dini_senim usutunnistus_kood kirikusse_kuuluvus"
    ),
    "user.demographic.sexual_orientation": ("sex_orientation секс_ориентация seksorientatsia SEXUAL_ORIENT sexOrientation"),
    "user.demographic.trade_union": (
        "ЧленПрофсоюза profsoyuz_flag:b union_mem trade_union_flg:b sindikat_chlen ametiuhing_liige:b кәсіподақ_мүшесі tradeUnionMember "
        "проф_союз_член sindikalna_org union union_code union_status union_since:d union_dues:n TRADE_UNION_IND:b UnionMembership "
        "union_dues_amt:n TU_MEMBER_FLG:b UNION_MBR ЧленствоВПрофсоюзе:b ПрофсоюзныйВзнос:n chlen_sindikat:b sindikalno_chlenstvo "
        "членски_внос_синдикат:n кәсіподақ_мүшелігі_бар:b ametiühingu_liikmelisus:b ametiuhingumaks:n"
    ),
    "user.device": ("DEVICE_ID_HASH deviceFingerprint DeviceModel"),
    "user.device.cookie_id": (
        "cookie_uuid:u visitor_uuid id_cookie kuki_id cookies_id бисквитка_ид anon_id anonymous_id anonymous_visitor_id "
        "анонимный_идентификатор_посетителя куки_идентификатор visitorId:u id_posetitelya_sajta kulastaja_id_kupsis visitor_id "
        "анонимен_ид"
    ),
    "user.device.device_id": (
        "device_uuid ИдентификаторУстройства imei1 mac_addr_dev seadme_id ustroystvo_id id_ustrojstva устройство_ид device_guid:u "
        "installation_uuid instalaciya_id app_install_id installationId:u install_id device_id устройство_id id_устройства seadme_uuid "
        "deviceGuid:u installation_id"
    ),
    "user.device.ip_address": ("ip_adr last_login_ip_addr ip_registracii ip_klient ip_aadr client_ipv4 src_ip_address"),
    "user.financial.amount": ("loans.задолженность:n loans.võlgnevus:n"),
    "user.financial.bank_account": (
        "НомерСчета ЛицевойСчет РасчетныйСчет bank_acc_num iban_client IBAN_LOAN iban_smetka smetka_iban bankova_smetka_iban "
        "bank_acct_nbr arveldusarve_nr kontonr_iban шот_нөмірі_банк schet_kl acc_iban disbursement_account ACCT_NBR BANK_ACCT IBAN_NBR "
        "CUST_IBAN payoutAccountIban BankAccountNumber acct_num_bank REPAY_ACCT_NO dd_account_no СчетКлиента НомерКарточногоСчета "
        "НомерЛицевогоСчета ИИК_клиента БанковскийСчет_Номер IBAN_kl banka_smetka bankovaSmetka smetka_izplashtane kontonumber_klient "
        "arveldusarve_number PANGAKONTO konto_iban"
    ),
    "user.financial.credit_card": (
        "card_num_masked НомерКарты cardpan karta_no nomer_na_karta bank_card_no pan_masked kaardi_nr_2 карта_нөмірі ccn CARD_NBR PAN_NBR "
        "CC_NUM_ENC cardPanMasked DEBIT_CARD_NO"
    ),
    "user.financial.liabilities": (
        "kohustised kohustiste_summa:n ОбязательстваПоДругимКредитам drugi_zadalzheniya other_obligations_amt:n clients.dolgi "
        "clients.задолженность clients.võlgnevus clients.debts:n clients.zadolzhennost:n"
    ),
    "user.financial.salary": (
        "gross_sal_amt:n mesechen_dohod sissetulek жалақы:n net_income:n mnthly_income:n net_sal:n СреднемесячныйДоход:n РазмерЗарплаты:n "
        "zarplata_sred:n dohod_mesechen:n нетна_заплата:n neto_zaplata:n bruto_dohod:n ОсновнойДоход:n doxod:n kuu_sissetulek:n "
        "netosissetulek_kuus:n brutotasu:n айлық_табысы:n sal_gross:n salary_net_bgn:n income_mth:n pension_amt:n "
        "pensionnye_otchisleniya:n пенсионные_взносы:n pension_contributions:n осигурителни_вноски:n pensionifondi_makse:n "
        "зейнетақы_жарнасы:n сумма_пенсионных_отчислений:n опв:n MTHLY_SALARY:n SALARY_AMT:n GROSS_INC:n NET_MTHLY_INC:n annualIncome:n "
        "INCOME_AMT:n HH_INCOME:n totalMonthlyIncome:n salaryNet:n ДоходЗаемщика:n СреднийДоход:n Зарплата_сумма:n ДоходОсновной:n "
        "СуммаДохода:n ДополнительныйДоход:n OkladSotrudnika:n zaplata_neto:n dohod_mesechen_neto:n trudovo_vaznagrazhdenie:n "
        "OsnovnaZaplata:n dohodi_obshto:n neten_dohod:n pensiya:n жалақы_мөлшері:n айлық_кіріс:n zhalaqy:n табыс_сомасы:n "
        "netosissetulek:n palga_suurus:n kuusissetulek_neto:n brutopalk_kuus:n sissetuleku_summa:n"
    ),
    "user.government_id": (
        "СерияПаспорта НомерПаспорта passport_ser pasp_seriya_nomer serpas nompas ppt_num passi_nr_2 паспорт_серия_номер pass_seriya "
        "lichna_karta_nomer nom_lk lk_num lk_seria_nomer НомерУдостоверения УдостоверениеЛичностиНомер udlnum id_card_nr id_doc_num "
        "nomer_dok_lichnosti docnum_id идкарта_номер id_kaardi_nr_2 isikutunnistuse_nr куәлік_нөмірі lichen_dokument_no НомерДУЛ "
        "doc_id_number_client PASSPORT_NBR PSPT_NO ID_CARD_NBR IDENTITY_CARD_NO ID_DOC_NO passportNum docPassportNo "
        "НомерДокументаУдостоверяющегоЛичность УдостоверениеЛичности УдЛичности НомерУдЛичности СерияНомерПаспорта Паспорт_Серия "
        "ПаспортныеДанные nomer_ud_lich nomer_lichna_karta lichnaKarta lk_nomer_klient Ном_ЛК dok_samolichnost nomerLK "
        "dokumendi_number_isik id_kaart_nr passi_number_klient isikut_toendav_dok_nr"
    ),
    "user.government_id.national_identification_number": (
        "guarantor2_egn isikukoodi_nr жсн ИИН_Заемщика iin_klienta EGN_POR egnSaprug egn_suprug saprug_egn client_iin iin_co EGN_DLAJNIK "
        "isikukood_käendaja ik_kood personal_no lnch_egn egn_lnch EGNLNCH egn_eik ЕГН_ЛНЧ егн_длъжник иинсозаемщика ИИНФизЛица "
        "NATL_ID_NBR NATIONAL_ID_NO CUST_SSN PERSONAL_ID_CODE clientNationalId IDENTITY_NBR guarantor_iin spouse_egn IIN_CD PERS_ID_NO "
        "ИИНКлиента ИИН_БИН iinZaemshchika ИИН_поручителя ИндивидуальныйИдентификационныйНомер egn_klient EGN1 egn_lice klientEGN "
        "lnch_klient ЕГН_поръчител EGN_PORUCH жсн_клиент ZHSN_KEPILGER jsn жсн_борышкер ISIKUKOOD klient_ik isikukood_abikaasa "
        "isikukoodNr laenuvotja_isikukood"
    ),
    "user.health_and_medical": (
        "СостояниеЗдоровья ГруппаИнвалидности disability_grp telk_protsent:n invalid_grp:i болест_код zabolyavane haigused diagnosis_txt "
        "мүгедектік_тобы diagnoz_mkb illness_flag:b chronic_cond health_cond pregnant_flg:b bolnichni_dni:i terviseseisund_markus "
        "med_notes DISABLTY_IND:b HealthCondition illness_desc disability_cd MEDICAL_NOTE sickLeaveDays:i pregnancy_flag:b diseaseName "
        "HLTH_STAT ДиагнозКод ИнвалидностьГруппа СостояниеЗдоровьяКлиента НаличиеИнвалидности:b БольничныйЛист zdravoslovno_sastoyanie "
        "invalidnost_procent:n ТЕЛК_решение zabolyavaniya хронично_заболяване bolnichni:b денсаулық_жағдайы_туралы мүгедектігі_бар:b "
        "diagnozy tervislik_seisund puude_liik haiguslehe_paevad:i terviseseisund_kirjeldus"
    ),
    "user.health_and_medical.genetic": ("dna_code ДНК genet_test геномен_профил"),
    "user.job_title": ("Должность dlazhnost dlujnost job_ttl occupation_cd amet_nimetus лауазымы pos_title_client"),
    "user.location.precise": ("geo_lat:n lat_home:n dolgota shirota geo_coords"),
    "user.name": (
        "SURNAME_KZ ФамилияФизЛица SurnameRu LAST_NAME_LAT фамилия_заемщика FamiliyaKlienta perekonnanimi_lad Клиенты.ФизЛицо "
        "Клиенты.физлицо_наименование borrower_nm brwr_full_nm laenusaaja_nimi cust_nm_lat ИмяКлиента ПолноеИмя ПолноеНаименованиеФизЛица "
        "guarantor1_name ime_prezime_familia ime_familia imena_klient klient_ime ImeNaKlienta имя_отчество аты_жөні аты әкесінің_аты "
        "akesinin_aty ФИОПоручителя ФИО_Заемщика FIO_poruchitelya fioZaem client_fio имена_на_длъжника imeDlajnik kliendi_nimi_tais "
        "võlgniku_nimi käendaja_nimi kontaktisiku_nimi nok_name next_of_kin_name kin_fullname spouse_nm mother_maiden_name "
        "emerg_contact_name ref1_name reference_name1 co_borrower_nm debtor_fullname имя_клиента есімі esimi kontaktisik "
        "staff.emergency_contact_name CUST_NAME_1 CUSTNM CLNT_NM BRWRNM CUSTOMERNAME ACCT_HOLDER_NAME PAYEE_NM BENEFICIARYNAME DEBTORNAME "
        "GuarantorName CoBorrowerName co_applicant_nm applicantFullName ContactPersonName emergencyContactName LEGAL_NAME_FULL "
        "PARENT_NAME spouse_full_nm h_name_holder NEXT_OF_KIN kin_name ФИОЗаемщика ФИО_клиента НаименованиеФизЛица ФИОКонтактногоЛица "
        "ФИОСупруга ФИОРодственника ИмяОтчество Отчество ФамилияИмяОтчество fio_suprugi fio_kontakt_lica ФИОРуководителя "
        "КонтактноеЛицоФИО ФизическоеЛицоФИО фио_сотрудника ФИООтветственного Созаемщик_ФИО imya_klienta ImeKlient IMENA_KL "
        "ime_poruchitel Ime_Prezime_Familiq trite_imena imena_dlajnik ime_na_dlujnika ИменаНаКлиента лице_за_контакт_име ime_lice_kontakt "
        "imena_saprug имена_поръчител kontaktno_lice_ime name_klient ImeSluzhitel imena_sobstvenik prezime_klient аты_жөні_клиент "
        "kepilger_aty aty_zhoni_kepilger тегі_аты borishker_aty әкесінің_аты_клиент zhubayy_aty laenuvotja_nimi kliendiNimi taotleja_nimi "
        "käendajaNimi kontaktisikuNimi abikaasa_nimi võlgnikunimi omaniku_nimi KLIENT_NIMI isiku_taisnimi saaja_nimi"
    ),
    "user.name.first": (
        "first_nm f_name_1 ИмяФЛ fname_en given_nm eesnimi_kl CUST_FST_NM FirstNm BorrowerFirstName guarantor_fname spouse_first_name "
        "fst_nm c_first_name Имя_ФЛ parvo_ime_kl ime_sobstveno малко_име sobstveno_ime_lat kliendi_eesnimi EESNIMI eesnimi_abikaasa"
    ),
    "user.name.last": (
        "тегі тегi sur_nm lastname_lat fam_klient tegi_kz CUST_LST_NM LastNm BorrowerSurname guarantor_lname spouse_last_name c_last_name "
        "ФамилияЗаемщика ФамилияПоручителя familiya_suprugi девичья_фамилия familiya_kl familno_ime_lat posledno_ime familia_poruchitel "
        "tegi_klient тегі_қазақша kliendi_perenimi PEREKONNANIMI neiupolvenimi"
    ),
    "user.relative": ("stepen_rodstva СтепеньРодства rel_to_borrower родств_връзка"),
    "user.unique_id": (
        "cust_ref customer_ref client_ref customer_code client_code КодКлиента klient_kod kliendi_kood клиентски_номер klientski_nomer "
        "customer_reference kliendi_viide клиент_коды borrower_ref cif cif_no cust_cd loans.loan_number loans.contract_no "
        "loans.agreement_number loans.nomer_dogovor loans.lepingu_number clients.application_number clients.client_reference "
        "clients.kliendi_viide"
    ),
    "user.workplace": (
        "rabotno_myasto töökoht жұмыс_орны employer_nm МестоРаботы МестоРаботыНаименование РаботодательНаименование workplace_nm "
        "emplr_name company_of_work mesto_rab firma_rabotodatel naimenovanie_rabotodatelya tookoha_nimi employer_company_nm EMPLR_NM "
        "EMPLOYER_NAME_TXT currentEmployerName EmployerCompany МестоРаботыЗаемщика НаименованиеРаботодателя Работодатель_Название "
        "ОрганизацияРаботодатель rabotodatel_klienta rabotodatel_ime firma_rabota_ime mestorabota_ime РаботодателИме жұмыс_орны_атауы "
        "zhumys_berushi tooandja_nimi TÖÖANDJA tookoht_nimi"
    ),
}


@pytest.mark.parametrize(("category", "written"), [(category, one) for category, names in JUDGED.items() for one in names.split()])
def test_a_name_is_judged_right(category: str | None, written: str) -> None:
    path, _, kind = written.partition(":")
    table, _, column = path.rpartition(".")
    profile = ColumnProfile(table or "x", ColumnFacts(column, KINDS[kind], "", True), Sample(0, 0, ()))
    verdict = recognise(profile, TODAY)
    found = verdict.category if verdict.certainty is not Certainty.SUSPECTED else None
    assert found == category or f"{found}.".startswith(f"{category}."), verdict

-- The sample loan database of `credit-plus`: a distance lender in Bulgaria with revolving credit up to 1000 leva.
-- An application's own schema, in transliterated Bulgarian; nothing in it knows Lethe.

CREATE TABLE litsa (                         -- persons: clients, applicants, and those who only registered
  litse_klyuch            bigint NOT NULL,
  egn_nomer               varchar(64) NOT NULL,
  sobstveno_ime           text NOT NULL,
  bashtino_ime            text,
  familno_ime             text NOT NULL,
  roden_na                date,
  lichna_karta            varchar(64),
  mobilen_nomer           text,
  elektronna_poshta       text,
  oblast_na_adresa        text,
  naseleno_myasto         text,
  ulitsa_i_nomer          text,
  poshtenski_kod          varchar(64),
  grazhdanstvo            text,
  semeyno_polozhenie      text,
  danachno_rezidentstvo   text,
  ime_na_rabotodatel      text,
  mesechen_dohod          numeric(12, 2),
  interesi_za_reklama     text,              -- what to advertise to this person
  registrirano_v          timestamptz NOT NULL,
  vrazkata_priklyuchi_na  date               -- the day on which the relation ended; empty while it lasts
);

CREATE TABLE zayavlenia (                    -- applications by distance
  zayavlenie_klyuch         bigint NOT NULL,
  litse_klyuch              bigint NOT NULL,
  podadeno_v                timestamptz NOT NULL,
  reshenie_po_zayavlenie    text NOT NULL CHECK (reshenie_po_zayavlenie IN ('chaka', 'otkazano', 'bez_otgovor', 'sklyucheno')),
  potvardeno_s_kod_v        timestamptz,     -- when the one-time code was entered
  poiskana_granitsa         numeric(12, 2) NOT NULL,
  deklariran_dohod          numeric(12, 2),
  deklarirani_zadalzhenia   numeric(12, 2),
  obrazovanie_na_litseto    text,
  ip_na_zayavitelya         text
);

CREATE TABLE ednokratni_kodove (             -- one-time codes by SMS, void after 24 hours
  kod_klyuch            bigint NOT NULL,
  zayavlenie_klyuch     bigint NOT NULL,
  stoynost_na_koda      text NOT NULL,
  poluchatel_na_koda    text NOT NULL,
  izpraten_kod_v        timestamptz NOT NULL,
  vaveden_kod_v         timestamptz
);

CREATE TABLE dogovori (                      -- revolving contracts of one year, each renewal a contract of its own
  dogovor_klyuch          bigint NOT NULL,
  nomer_na_dogovor        varchar(64) NOT NULL,
  litse_klyuch            bigint NOT NULL,
  zayavlenie_klyuch       bigint NOT NULL,
  podnovyava_klyuch       bigint,            -- the contract that this one renews
  sklyuchen_na            date NOT NULL,
  godinata_izticha_na     date NOT NULL,
  polozhenie_na_dogovor   text NOT NULL CHECK (polozhenie_na_dogovor IN ('deystvasht', 'podnoven', 'prekraten', 'predsrochen', 'otkazan')),
  prekraten_na            date,
  kreditna_granitsa       numeric(12, 2) NOT NULL,
  nepogasena_suma         numeric(12, 2) NOT NULL,
  dni_v_prosrochie        integer NOT NULL,
  bankova_smetka          varchar(64)
);

CREATE TABLE transhove (                     -- tranches; the next only after full repayment of the former
  dogovor_klyuch          bigint NOT NULL,
  transh_nomer            integer NOT NULL,
  usvoen_v                timestamptz NOT NULL,
  glavnitsa_na_transh     numeric(12, 2) NOT NULL,
  ostatak_po_transh       numeric(12, 2) NOT NULL,
  pogasen_na              date,
  smetka_na_prevoda       varchar(64),
  benefitsient_klyuch     bigint             -- paid out to a third person
);

CREATE TABLE plashtania (                    -- payments; a fee belongs to no tranche
  plashtane_klyuch        bigint NOT NULL,
  dogovor_klyuch          bigint NOT NULL,
  transh_nomer            integer,
  plateno_v               timestamptz NOT NULL,
  suma_na_plashtane       numeric(12, 2) NOT NULL,
  ime_na_platetsa         text,
  smetka_na_platetsa      varchar(64)
);

CREATE TABLE izpalnitelni_dela (             -- enforcement cases
  delo_klyuch             bigint NOT NULL,
  dogovor_klyuch          bigint NOT NULL,
  nomer_na_delo           text NOT NULL,
  obrazuvano_na           date NOT NULL,
  priklyucheno_delo_na    date,
  vzemane_po_delo         numeric(12, 2) NOT NULL
);

CREATE TABLE poraciteli (                    -- guarantors and third obligors
  poracitel_klyuch        bigint NOT NULL,
  dogovor_klyuch          bigint NOT NULL,
  kachestvo_na_litseto    text NOT NULL CHECK (kachestvo_na_litseto IN ('poracitel', 'treto_zadalzheno')),
  imena_na_poracitelya    text NOT NULL,
  egn_na_poracitelya      varchar(64),
  adres_na_poracitelya    text,
  telefon_na_poracitelya  text,
  uvedomen_poracitel_na   date               -- the day on which this person was told whose data they are and why
);

CREATE TABLE benefitsienti (                 -- third persons to whom a tranche is paid out
  benefitsient_klyuch         bigint NOT NULL,
  dogovor_klyuch              bigint NOT NULL,
  imena_na_benefitsienta      text NOT NULL,
  egn_na_benefitsienta        varchar(64),
  adres_na_benefitsienta      text,
  smetka_na_benefitsienta     varchar(64),
  uvedomen_benefitsient_na    date
);

CREATE TABLE zastrahovki (
  zastrahovka_klyuch      bigint NOT NULL,
  dogovor_klyuch          bigint NOT NULL,
  nomer_na_politsata      varchar(64) NOT NULL,
  zastrahovatelno_druzhestvo text NOT NULL,
  zastrahovano_litse      text,
  premia_v_leva           numeric(12, 2) NOT NULL,
  pokritie_do             date NOT NULL
);

CREATE TABLE zapisi_na_zapoved (             -- promissory notes
  zapis_klyuch            bigint NOT NULL,
  dogovor_klyuch          bigint NOT NULL,
  izdaden_zapis_na        date NOT NULL,
  suma_na_zapisa          numeric(12, 2) NOT NULL,
  izdatel_na_zapisa       text,
  egn_na_izdatelya        varchar(64)
);

CREATE TABLE uvedomlenia_za_otkaz (          -- refusal notices
  uvedomlenie_klyuch      bigint NOT NULL,
  zayavlenie_klyuch       bigint NOT NULL,
  sredstvo_na_uvedomlenie text NOT NULL CHECK (sredstvo_na_uvedomlenie IN ('imeyl', 'sms')),
  izprateno_do            text,
  izprateno_uvedomlenie_v timestamptz NOT NULL,
  prichina_za_otkaz       text
);

CREATE TABLE kontragenti (                   -- register of counterparties
  kontragent_klyuch       bigint NOT NULL,
  naimenovanie_na_firma   text NOT NULL,
  eik_na_firma            varchar(16) NOT NULL,
  litse_za_kontakt        text,
  telefon_za_kontakt      text,
  poshta_za_kontakt       text,
  otnosheniata_do         date               -- the day on which the business relation ended
);

CREATE TABLE oschetovodyavania (             -- accounting postings
  osch_klyuch             bigint NOT NULL,
  dogovor_klyuch          bigint,
  kontragent_klyuch       bigint,
  oschetovodeno_na        date NOT NULL,
  schetovodna_smetka      varchar(16) NOT NULL,
  schetovoden_dokument    varchar(64) NOT NULL,
  suma_v_leva             numeric(12, 2) NOT NULL,
  ime_v_dokumenta         text
);

CREATE TABLE sluzhiteli (                    -- personnel; health data stand here and nowhere else
  sluzhitel_klyuch        bigint NOT NULL,
  imena_na_sluzhitelya    text NOT NULL,
  egn_na_sluzhitelya      varchar(64) NOT NULL,
  adres_na_sluzhitelya    text,
  telefon_na_sluzhitelya  text,
  smetka_na_sluzhitelya   varchar(64),
  dlazhnost_na_sluzhitelya text,
  zdravni_belezhki        text,
  naznachen_na            date NOT NULL,
  napusnal_na             date
);

CREATE TABLE vedomosti (                     -- payroll, one line a year
  vedomost_klyuch         bigint NOT NULL,
  sluzhitel_klyuch        bigint NOT NULL,
  otchetna_godina         integer NOT NULL,
  brutno_vaznagrazhdenie  numeric(12, 2) NOT NULL,
  osiguritelen_dohod      numeric(12, 2) NOT NULL
);

CREATE TABLE kandidati (                     -- job applicants
  kandidat_klyuch         bigint NOT NULL,
  imena_na_kandidata      text NOT NULL,
  poshta_na_kandidata     text,
  telefon_na_kandidata    text,
  tarsena_dlazhnost       text NOT NULL,
  avtobiografia           text,
  kandidatstval_na        date NOT NULL,
  izhod_ot_podbora        text NOT NULL CHECK (izhod_ot_podbora IN ('prodalzhava', 'naet', 'otkazan')),
  podborat_priklyuchi_na  date
);

CREATE TABLE videozapisi (
  videozapis_klyuch       bigint NOT NULL,
  myasto_na_kamerata      text NOT NULL,
  zasneto_v               timestamptz NOT NULL,
  kadri_ot_zapisa         bytea NOT NULL
);

CREATE TABLE reklamni_kontakti (             -- consent to direct marketing, and its end by withdrawal or objection
  kontakt_klyuch          bigint NOT NULL,
  litse_klyuch            bigint NOT NULL,
  kanal_za_reklama        text NOT NULL CHECK (kanal_za_reklama IN ('imeyl', 'sms')),
  adres_za_reklama        text,
  saglasie_za_reklama_v   timestamptz NOT NULL,
  nachin_na_spirane       text CHECK (nachin_na_spirane IN ('otteglyane', 'vazrazenie')),
  spryano_v               timestamptz,
  kak_e_izrazena_volyata  text
);

CREATE TABLE skoring (                       -- scoring and its analysis; loaded by another application, hence without foreign key
  skoring_klyuch          bigint NOT NULL,
  zayavlenie_klyuch       bigint NOT NULL,
  izchislen_v             timestamptz NOT NULL,
  model_na_skoringa       text NOT NULL,
  bal_na_skoringa         integer NOT NULL,
  egn_v_skoringa          varchar(64),
  roden_v_skoringa        date,
  dohod_v_skoringa        numeric(12, 2),
  ip_v_skoringa           text,
  prediktori              jsonb
);

CREATE TABLE saglasia_za_srok (              -- consents to keeping an application longer than the general term
  saglasie_klyuch         bigint NOT NULL,
  litse_klyuch            bigint NOT NULL,
  zayavlenie_klyuch       bigint NOT NULL,
  saglasil_se_v           timestamptz NOT NULL,
  po_dalag_srok_do        date NOT NULL,
  otteglil_se_v           timestamptz,
  obhvat_na_saglasieto    text,
  ip_pri_saglasieto       text
);

CREATE TABLE iskania_za_ogranichavane (      -- requests for restriction of processing
  iskane_klyuch           bigint NOT NULL,
  litse_klyuch            bigint NOT NULL,
  osnovanie_za_iskane     text NOT NULL
    CHECK (osnovanie_za_iskane IN ('osporena_tochnost', 'nezakonno_no_bez_iztrivane', 'za_pretentsii', 'chaka_vazrazenie')),
  poiskano_na             date NOT NULL,
  vdignato_na             date,              -- the day on which the restriction was lifted
  obyasnenie_na_litseto   text
);

CREATE TABLE sporove (                       -- disputes
  spor_klyuch             bigint NOT NULL,
  litse_klyuch            bigint NOT NULL,
  dogovor_klyuch          bigint,
  zaveden_spor_na         date NOT NULL,
  priklyuchen_spor_na     date,
  nomer_na_spora          text,
  sadarzhanie_na_spora    text
);

CREATE TABLE zapitvania_na_organi (          -- requests of authorities about a person
  zapitvane_klyuch        bigint NOT NULL,
  litse_klyuch            bigint NOT NULL,
  pitasht_organ           text NOT NULL,
  postapilo_na            date NOT NULL,
  priklyucheno_zapitvane_na date,
  otgovor_do_organa       text
);

-- After loading: keys, references and indexes. Checking a million rows at once costs a fraction of checking them one by one.
ALTER TABLE litsa ADD PRIMARY KEY (litse_klyuch);
ALTER TABLE zayavlenia ADD PRIMARY KEY (zayavlenie_klyuch);
ALTER TABLE ednokratni_kodove ADD PRIMARY KEY (kod_klyuch);
ALTER TABLE dogovori ADD PRIMARY KEY (dogovor_klyuch);
ALTER TABLE transhove ADD PRIMARY KEY (dogovor_klyuch, transh_nomer);
ALTER TABLE plashtania ADD PRIMARY KEY (plashtane_klyuch);
ALTER TABLE izpalnitelni_dela ADD PRIMARY KEY (delo_klyuch);
ALTER TABLE poraciteli ADD PRIMARY KEY (poracitel_klyuch);
ALTER TABLE benefitsienti ADD PRIMARY KEY (benefitsient_klyuch);
ALTER TABLE zastrahovki ADD PRIMARY KEY (zastrahovka_klyuch);
ALTER TABLE zapisi_na_zapoved ADD PRIMARY KEY (zapis_klyuch);
ALTER TABLE uvedomlenia_za_otkaz ADD PRIMARY KEY (uvedomlenie_klyuch);
ALTER TABLE kontragenti ADD PRIMARY KEY (kontragent_klyuch);
ALTER TABLE oschetovodyavania ADD PRIMARY KEY (osch_klyuch);
ALTER TABLE sluzhiteli ADD PRIMARY KEY (sluzhitel_klyuch);
ALTER TABLE vedomosti ADD PRIMARY KEY (vedomost_klyuch);
ALTER TABLE kandidati ADD PRIMARY KEY (kandidat_klyuch);
ALTER TABLE videozapisi ADD PRIMARY KEY (videozapis_klyuch);
ALTER TABLE reklamni_kontakti ADD PRIMARY KEY (kontakt_klyuch);
ALTER TABLE skoring ADD PRIMARY KEY (skoring_klyuch);
ALTER TABLE saglasia_za_srok ADD PRIMARY KEY (saglasie_klyuch);
ALTER TABLE iskania_za_ogranichavane ADD PRIMARY KEY (iskane_klyuch);
ALTER TABLE sporove ADD PRIMARY KEY (spor_klyuch);
ALTER TABLE zapitvania_na_organi ADD PRIMARY KEY (zapitvane_klyuch);

ALTER TABLE litsa ADD UNIQUE (egn_nomer);
ALTER TABLE dogovori ADD UNIQUE (nomer_na_dogovor);
ALTER TABLE dogovori ADD UNIQUE (podnovyava_klyuch);

ALTER TABLE zayavlenia ADD FOREIGN KEY (litse_klyuch) REFERENCES litsa;
ALTER TABLE ednokratni_kodove ADD FOREIGN KEY (zayavlenie_klyuch) REFERENCES zayavlenia;
ALTER TABLE dogovori ADD FOREIGN KEY (litse_klyuch) REFERENCES litsa;
ALTER TABLE dogovori ADD FOREIGN KEY (zayavlenie_klyuch) REFERENCES zayavlenia;
ALTER TABLE dogovori ADD FOREIGN KEY (podnovyava_klyuch) REFERENCES dogovori;
ALTER TABLE transhove ADD FOREIGN KEY (dogovor_klyuch) REFERENCES dogovori;
ALTER TABLE transhove ADD FOREIGN KEY (benefitsient_klyuch) REFERENCES benefitsienti;
ALTER TABLE plashtania ADD FOREIGN KEY (dogovor_klyuch) REFERENCES dogovori;
ALTER TABLE plashtania ADD FOREIGN KEY (dogovor_klyuch, transh_nomer) REFERENCES transhove;
ALTER TABLE izpalnitelni_dela ADD FOREIGN KEY (dogovor_klyuch) REFERENCES dogovori;
ALTER TABLE poraciteli ADD FOREIGN KEY (dogovor_klyuch) REFERENCES dogovori;
ALTER TABLE benefitsienti ADD FOREIGN KEY (dogovor_klyuch) REFERENCES dogovori;
ALTER TABLE zastrahovki ADD FOREIGN KEY (dogovor_klyuch) REFERENCES dogovori;
ALTER TABLE zapisi_na_zapoved ADD FOREIGN KEY (dogovor_klyuch) REFERENCES dogovori;
ALTER TABLE uvedomlenia_za_otkaz ADD FOREIGN KEY (zayavlenie_klyuch) REFERENCES zayavlenia;
ALTER TABLE oschetovodyavania ADD FOREIGN KEY (dogovor_klyuch) REFERENCES dogovori;
ALTER TABLE oschetovodyavania ADD FOREIGN KEY (kontragent_klyuch) REFERENCES kontragenti;
ALTER TABLE vedomosti ADD FOREIGN KEY (sluzhitel_klyuch) REFERENCES sluzhiteli;
ALTER TABLE reklamni_kontakti ADD FOREIGN KEY (litse_klyuch) REFERENCES litsa;
ALTER TABLE saglasia_za_srok ADD FOREIGN KEY (litse_klyuch) REFERENCES litsa;
ALTER TABLE saglasia_za_srok ADD FOREIGN KEY (zayavlenie_klyuch) REFERENCES zayavlenia;
ALTER TABLE iskania_za_ogranichavane ADD FOREIGN KEY (litse_klyuch) REFERENCES litsa;
ALTER TABLE sporove ADD FOREIGN KEY (litse_klyuch) REFERENCES litsa;
ALTER TABLE sporove ADD FOREIGN KEY (dogovor_klyuch) REFERENCES dogovori;
ALTER TABLE zapitvania_na_organi ADD FOREIGN KEY (litse_klyuch) REFERENCES litsa;

CREATE INDEX zayavlenia_litse ON zayavlenia (litse_klyuch);
CREATE INDEX ednokratni_kodove_zayavlenie ON ednokratni_kodove (zayavlenie_klyuch);
CREATE INDEX dogovori_litse ON dogovori (litse_klyuch);
CREATE INDEX dogovori_zayavlenie ON dogovori (zayavlenie_klyuch);
CREATE INDEX transhove_benefitsient ON transhove (benefitsient_klyuch);
CREATE INDEX plashtania_transh ON plashtania (dogovor_klyuch, transh_nomer);
CREATE INDEX izpalnitelni_dela_dogovor ON izpalnitelni_dela (dogovor_klyuch);
CREATE INDEX poraciteli_dogovor ON poraciteli (dogovor_klyuch);
CREATE INDEX benefitsienti_dogovor ON benefitsienti (dogovor_klyuch);
CREATE INDEX zastrahovki_dogovor ON zastrahovki (dogovor_klyuch);
CREATE INDEX zapisi_na_zapoved_dogovor ON zapisi_na_zapoved (dogovor_klyuch);
CREATE INDEX uvedomlenia_za_otkaz_zayavlenie ON uvedomlenia_za_otkaz (zayavlenie_klyuch);
CREATE INDEX oschetovodyavania_dogovor ON oschetovodyavania (dogovor_klyuch);
CREATE INDEX oschetovodyavania_kontragent ON oschetovodyavania (kontragent_klyuch);
CREATE INDEX vedomosti_sluzhitel ON vedomosti (sluzhitel_klyuch);
CREATE INDEX videozapisi_zasneto ON videozapisi (zasneto_v);
CREATE INDEX reklamni_kontakti_litse ON reklamni_kontakti (litse_klyuch);
CREATE INDEX skoring_zayavlenie ON skoring (zayavlenie_klyuch);
CREATE INDEX saglasia_za_srok_litse ON saglasia_za_srok (litse_klyuch);
CREATE INDEX saglasia_za_srok_zayavlenie ON saglasia_za_srok (zayavlenie_klyuch);
CREATE INDEX iskania_za_ogranichavane_litse ON iskania_za_ogranichavane (litse_klyuch);
CREATE INDEX sporove_litse ON sporove (litse_klyuch);
CREATE INDEX sporove_dogovor ON sporove (dogovor_klyuch);
CREATE INDEX zapitvania_na_organi_litse ON zapitvania_na_organi (litse_klyuch);

-- The sample loan database of `koduliising`: hire purchase and instalments in Estonia.
-- An application's own schema, as a lender would have it; nothing in it knows Lethe. Names are Estonian, some with Estonian letters.

CREATE TABLE klient (
  kliendi_id        bigint NOT NULL,
  isikukood         varchar(64) NOT NULL,
  eesnimi           text NOT NULL,
  perenimi          text NOT NULL,
  sünnikuupäev      date,
  isikut_tõendav_dokument varchar(64),
  kodakondsus       text,
  suhtluskeel       text,
  telefoninumber    text,
  epost             text,
  maakond           text,
  linn              text,
  tänav             text,
  sihtnumber        varchar(64),
  haridus           text,
  ametikoht         text,
  tööandja          text,
  netosissetulek    numeric(12, 2),
  sotsiaalkonto     text,           -- for advertising
  harjumused        text,           -- from research
  kliendi_seisund   text NOT NULL CHECK (kliendi_seisund IN ('taotleja', 'klient', 'endine')),
  taotlus_lõppes    date,           -- applicants: the last application ended without a contract; empty while one is open
  suhe_lõppes       date,           -- former clients: the business relation ended
  viimane_tegevus   date NOT NULL,  -- answer to any offer, game or question, at first the day of getting known
  loodud_kell       timestamptz NOT NULL
);

CREATE TABLE pakkumised (
  pakkumise_id      bigint NOT NULL,
  kliendi_id        bigint NOT NULL,
  tehtud_kp         date NOT NULL,
  kehtib_kuni       date NOT NULL,
  pakkumise_seisund text NOT NULL CHECK (pakkumise_seisund IN ('avatud', 'vastu_võetud', 'tagasi_lükatud', 'aegunud')),
  vastatud_kp       date,
  pakutud_summa     numeric(12, 2) NOT NULL,
  kuumakse          numeric(12, 2) NOT NULL
);

CREATE TABLE taotlused (
  taotluse_id       bigint NOT NULL,
  kliendi_id        bigint NOT NULL,
  pakkumise_id      bigint,
  esitatud_kell     timestamptz NOT NULL,
  taotluse_seisund  text NOT NULL CHECK (taotluse_seisund IN ('esitatud', 'pakutud', 'keeldutud', 'loobutud', 'aegunud', 'lepinguga')),
  keeldumise_kp     date,           -- the lender refused
  soovitud_summa    numeric(12, 2) NOT NULL,
  deklareeritud_sissetulek numeric(12, 2),
  ip_aadress        text,
  põhjus            text,           -- of the refusal
  automaatotsus     boolean NOT NULL
);

CREATE TABLE jarelmaksulepingud (
  lepingu_nr        varchar(64) NOT NULL,
  kliendi_id        bigint NOT NULL,
  taotluse_id       bigint NOT NULL,
  sõlmitud_kp       date NOT NULL,
  lepingu_seisund   text NOT NULL CHECK (lepingu_seisund IN ('kehtiv', 'lõppenud', 'üles_öeldud')),
  lõpetatud_kp      date,
  põhisumma         numeric(12, 2) NOT NULL,
  intressimäär      numeric(6, 3) NOT NULL,
  võlajääk          numeric(12, 2) NOT NULL,
  kontonumber       varchar(64)
);

CREATE TABLE kaubad (
  kauba_id          bigint NOT NULL,
  lepingu_nr        varchar(64) NOT NULL,
  kauba_nimetus     text,
  seerianumber      varchar(64),
  hind              numeric(12, 2) NOT NULL,
  tarneaadress      text,
  üle_antud_kp      date NOT NULL
);

CREATE TABLE maksed (
  makse_id          bigint NOT NULL,
  lepingu_nr        varchar(64) NOT NULL,
  tasutud_kell      timestamptz NOT NULL,
  makse_liik        text NOT NULL CHECK (makse_liik IN ('väljamakse', 'tagasimakse', 'tasu')),
  makse_summa       numeric(12, 2) NOT NULL,
  maksja_nimi       text,
  maksja_konto      varchar(64)
);

-- Kept by another program: it knows the contract's number, but no key of this database binds it.
CREATE TABLE algdokumendid (
  algdokumendi_id   bigint NOT NULL,
  lepingu_viide     varchar(64),
  arve_nr           varchar(64) NOT NULL,
  majandusaasta     integer NOT NULL,
  arve_summa        numeric(12, 2) NOT NULL,
  ostja_nimi        text,
  ostja_isikukood   varchar(64)
);

CREATE TABLE registriteated (
  teate_id          bigint NOT NULL,
  lepingu_nr        varchar(64) NOT NULL,
  edastatud_kp      date NOT NULL,
  päevi_hilinenud   integer,
  võlasumma         numeric(12, 2) NOT NULL,
  võlgniku_isikukood varchar(64) NOT NULL
);

CREATE TABLE teovõime_kontrollid (
  kontrolli_id      bigint NOT NULL,
  taotluse_id       bigint NOT NULL,
  kontrollitud_kp   date NOT NULL,
  otsus_tehtud_kp   date,           -- the decision this check was made for; empty while it is pending
  teovõime_piiratud boolean NOT NULL
);

CREATE TABLE krediidiparingud (
  päringu_id        bigint NOT NULL,
  taotluse_id       bigint NOT NULL,
  andmekogu         text NOT NULL,
  päringu_kell      timestamptz NOT NULL,
  teavitatud_kell   timestamptz,
  maksehäireid      integer,
  kohustuste_summa  numeric(12, 2)
);

CREATE TABLE asutuste_paringud (
  asutuse_päringu_id bigint NOT NULL,
  kliendi_id        bigint NOT NULL,
  asutus            text NOT NULL,
  saadud_kp         date NOT NULL,
  suletud_kp        date,
  vastuse_sisu      text
);

CREATE TABLE rikkumised (
  rikkumise_id      bigint NOT NULL,
  lepingu_nr        varchar(64) NOT NULL,
  sissenõutav_kp    date,           -- the claim fell due
  tahtlik           boolean NOT NULL,
  rikkumise_kirjeldus text,
  kahju_summa       numeric(12, 2) NOT NULL
);

CREATE TABLE kohtuasjad (
  kohtuasja_id      bigint NOT NULL,
  kliendi_id        bigint NOT NULL,
  lepingu_nr        varchar(64),
  algatatud_kp      date NOT NULL,
  jõustunud_kp      date,
  asja_number       varchar(64),
  hagi_sisu         text
);

CREATE TABLE isikutuvastused (
  tuvastuse_id      bigint NOT NULL,
  kliendi_id        bigint NOT NULL,
  tuvastatud_kp     date NOT NULL,
  suhte_seisund     text NOT NULL CHECK (suhte_seisund IN ('kestab', 'lõppenud')),
  suhte_lõpp        date,
  dokumendi_number  varchar(64),
  vahendite_päritolu text,
  riskitase         text NOT NULL
);

CREATE TABLE kolmandad_isikud (
  isiku_id          bigint NOT NULL,
  kliendi_id        bigint NOT NULL,
  isiku_roll        text NOT NULL CHECK (isiku_roll IN ('tegelik_kasusaaja', 'äripartner', 'kontaktisik')),
  isiku_nimi        text NOT NULL,
  isiku_kood        varchar(64),
  isiku_telefon     text,
  seos              text,
  peatamisnõude_kp  date            -- the person wants it stopped
);

CREATE TABLE turundusvalikud (
  valiku_id         bigint NOT NULL,
  kliendi_id        bigint NOT NULL,
  eesmärk           text NOT NULL CHECK (eesmärk IN ('4.1.11', '4.1.12', '4.1.13')),
  sidekanal         text NOT NULL,
  kontaktandmed     text,
  viimati_aktiivne  date NOT NULL,
  keelatud_kell     timestamptz
);

CREATE TABLE kampaaniaosalused (
  osaluse_id        bigint NOT NULL,
  valiku_id         bigint NOT NULL,
  kampaania_nimetus text NOT NULL,
  osales_kell       timestamptz NOT NULL,
  mängutulemus      text,
  auhinna_aadress   text
);

CREATE TABLE uuringuvastused (
  vastuse_id        bigint NOT NULL,
  valiku_id         bigint NOT NULL,
  vastatud_kell     timestamptz NOT NULL,
  vastaja_epost     text,
  rahulolu          integer NOT NULL,
  vaba_vastus       text
);

CREATE TABLE lehevaatamised (
  vaatamise_id      bigint NOT NULL,
  valiku_id         bigint NOT NULL,
  vaadatud_kell     timestamptz NOT NULL,
  lehe_aadress      text NOT NULL,
  seadme_ip         text
);

CREATE TABLE kliendi_eelistused (
  eelistuse_id      bigint NOT NULL,
  valiku_id         bigint NOT NULL,
  kogutud_kp        date NOT NULL,
  eelistused        jsonb NOT NULL
);

CREATE TABLE sihtgrupid (
  sihtgrupi_id      bigint NOT NULL,
  kliendi_id        bigint NOT NULL,
  määratud_kp       date NOT NULL,
  sünniaeg          date,
  sugu              text,
  avalik_amet       boolean NOT NULL,
  vanuserühm        text NOT NULL
);

CREATE TABLE kaebused (
  kaebuse_id        bigint NOT NULL,
  kliendi_id        bigint NOT NULL,
  kaevatud_kp       date NOT NULL,
  lahendatud_kp     date,
  kaebuse_sisu      text
);

CREATE TABLE teavitused (
  teavituse_id      bigint NOT NULL,
  kliendi_id        bigint NOT NULL,
  lepingu_nr        varchar(64),
  saadetud_kell     timestamptz NOT NULL,
  teavituse_liik    text NOT NULL,
  saaja_aadress     text NOT NULL,
  teavituse_sisu    text NOT NULL
);

-- People who are no clients and asked for a newsletter.
CREATE TABLE uudiskirja_tellijad (
  tellija_id        bigint NOT NULL,
  tellija_nimi      text,
  tellija_epost     text NOT NULL,
  nõustus_kell      timestamptz NOT NULL,
  viimati_avas      date NOT NULL,
  tagasi_võetud_kell timestamptz
);

-- Companies; the public list of authorised processors.
CREATE TABLE volitatud_töötlejad (
  töötleja_id       bigint NOT NULL,
  töötleja_nimi     text NOT NULL,
  asukohariik       text NOT NULL,
  lepinguline_alates date NOT NULL,
  muudetud_kp       date NOT NULL,
  avaldatud_kp      date NOT NULL,
  avaldamise_viivitus integer NOT NULL -- days from the change to the published list
);

-- After loading: keys, references and indexes. Checking a million rows at once costs a fraction of checking them one by one.
ALTER TABLE klient ADD PRIMARY KEY (kliendi_id);
ALTER TABLE pakkumised ADD PRIMARY KEY (pakkumise_id);
ALTER TABLE taotlused ADD PRIMARY KEY (taotluse_id);
ALTER TABLE jarelmaksulepingud ADD PRIMARY KEY (lepingu_nr);
ALTER TABLE kaubad ADD PRIMARY KEY (kauba_id);
ALTER TABLE maksed ADD PRIMARY KEY (makse_id);
ALTER TABLE algdokumendid ADD PRIMARY KEY (algdokumendi_id);
ALTER TABLE registriteated ADD PRIMARY KEY (teate_id);
ALTER TABLE teovõime_kontrollid ADD PRIMARY KEY (kontrolli_id);
ALTER TABLE krediidiparingud ADD PRIMARY KEY (päringu_id);
ALTER TABLE asutuste_paringud ADD PRIMARY KEY (asutuse_päringu_id);
ALTER TABLE rikkumised ADD PRIMARY KEY (rikkumise_id);
ALTER TABLE kohtuasjad ADD PRIMARY KEY (kohtuasja_id);
ALTER TABLE isikutuvastused ADD PRIMARY KEY (tuvastuse_id);
ALTER TABLE kolmandad_isikud ADD PRIMARY KEY (isiku_id);
ALTER TABLE turundusvalikud ADD PRIMARY KEY (valiku_id);
ALTER TABLE kampaaniaosalused ADD PRIMARY KEY (osaluse_id);
ALTER TABLE uuringuvastused ADD PRIMARY KEY (vastuse_id);
ALTER TABLE lehevaatamised ADD PRIMARY KEY (vaatamise_id);
ALTER TABLE kliendi_eelistused ADD PRIMARY KEY (eelistuse_id);
ALTER TABLE sihtgrupid ADD PRIMARY KEY (sihtgrupi_id);
ALTER TABLE kaebused ADD PRIMARY KEY (kaebuse_id);
ALTER TABLE teavitused ADD PRIMARY KEY (teavituse_id);
ALTER TABLE uudiskirja_tellijad ADD PRIMARY KEY (tellija_id);
ALTER TABLE volitatud_töötlejad ADD PRIMARY KEY (töötleja_id);

ALTER TABLE klient ADD UNIQUE (isikukood);
ALTER TABLE jarelmaksulepingud ADD UNIQUE (taotluse_id);
ALTER TABLE turundusvalikud ADD UNIQUE (kliendi_id, eesmärk);

ALTER TABLE pakkumised ADD FOREIGN KEY (kliendi_id) REFERENCES klient;
ALTER TABLE taotlused ADD FOREIGN KEY (kliendi_id) REFERENCES klient;
ALTER TABLE taotlused ADD FOREIGN KEY (pakkumise_id) REFERENCES pakkumised;
ALTER TABLE jarelmaksulepingud ADD FOREIGN KEY (kliendi_id) REFERENCES klient;
ALTER TABLE jarelmaksulepingud ADD FOREIGN KEY (taotluse_id) REFERENCES taotlused;
ALTER TABLE kaubad ADD FOREIGN KEY (lepingu_nr) REFERENCES jarelmaksulepingud;
ALTER TABLE maksed ADD FOREIGN KEY (lepingu_nr) REFERENCES jarelmaksulepingud;
ALTER TABLE registriteated ADD FOREIGN KEY (lepingu_nr) REFERENCES jarelmaksulepingud;
ALTER TABLE teovõime_kontrollid ADD FOREIGN KEY (taotluse_id) REFERENCES taotlused;
ALTER TABLE krediidiparingud ADD FOREIGN KEY (taotluse_id) REFERENCES taotlused;
ALTER TABLE asutuste_paringud ADD FOREIGN KEY (kliendi_id) REFERENCES klient;
ALTER TABLE rikkumised ADD FOREIGN KEY (lepingu_nr) REFERENCES jarelmaksulepingud;
ALTER TABLE kohtuasjad ADD FOREIGN KEY (kliendi_id) REFERENCES klient;
ALTER TABLE kohtuasjad ADD FOREIGN KEY (lepingu_nr) REFERENCES jarelmaksulepingud;
ALTER TABLE isikutuvastused ADD FOREIGN KEY (kliendi_id) REFERENCES klient;
ALTER TABLE kolmandad_isikud ADD FOREIGN KEY (kliendi_id) REFERENCES klient;
ALTER TABLE turundusvalikud ADD FOREIGN KEY (kliendi_id) REFERENCES klient;
ALTER TABLE kampaaniaosalused ADD FOREIGN KEY (valiku_id) REFERENCES turundusvalikud;
ALTER TABLE uuringuvastused ADD FOREIGN KEY (valiku_id) REFERENCES turundusvalikud;
ALTER TABLE lehevaatamised ADD FOREIGN KEY (valiku_id) REFERENCES turundusvalikud;
ALTER TABLE kliendi_eelistused ADD FOREIGN KEY (valiku_id) REFERENCES turundusvalikud;
ALTER TABLE sihtgrupid ADD FOREIGN KEY (kliendi_id) REFERENCES klient;
ALTER TABLE kaebused ADD FOREIGN KEY (kliendi_id) REFERENCES klient;
ALTER TABLE teavitused ADD FOREIGN KEY (kliendi_id) REFERENCES klient;
ALTER TABLE teavitused ADD FOREIGN KEY (lepingu_nr) REFERENCES jarelmaksulepingud;

CREATE INDEX pakkumised_kliendi_id ON pakkumised (kliendi_id);
CREATE INDEX taotlused_kliendi_id ON taotlused (kliendi_id);
CREATE INDEX taotlused_pakkumise_id ON taotlused (pakkumise_id);
CREATE INDEX jarelmaksulepingud_kliendi_id ON jarelmaksulepingud (kliendi_id);
CREATE INDEX kaubad_lepingu_nr ON kaubad (lepingu_nr);
CREATE INDEX maksed_lepingu_nr ON maksed (lepingu_nr);
CREATE INDEX algdokumendid_lepingu_viide ON algdokumendid (lepingu_viide);
CREATE INDEX registriteated_lepingu_nr ON registriteated (lepingu_nr);
CREATE INDEX teovõime_kontrollid_taotluse_id ON teovõime_kontrollid (taotluse_id);
CREATE INDEX krediidiparingud_taotluse_id ON krediidiparingud (taotluse_id);
CREATE INDEX asutuste_paringud_kliendi_id ON asutuste_paringud (kliendi_id);
CREATE INDEX rikkumised_lepingu_nr ON rikkumised (lepingu_nr);
CREATE INDEX kohtuasjad_kliendi_id ON kohtuasjad (kliendi_id);
CREATE INDEX kohtuasjad_lepingu_nr ON kohtuasjad (lepingu_nr);
CREATE INDEX isikutuvastused_kliendi_id ON isikutuvastused (kliendi_id);
CREATE INDEX kolmandad_isikud_kliendi_id ON kolmandad_isikud (kliendi_id);
CREATE INDEX kampaaniaosalused_valiku_id ON kampaaniaosalused (valiku_id);
CREATE INDEX uuringuvastused_valiku_id ON uuringuvastused (valiku_id);
CREATE INDEX lehevaatamised_valiku_id ON lehevaatamised (valiku_id);
CREATE INDEX kliendi_eelistused_valiku_id ON kliendi_eelistused (valiku_id);
CREATE INDEX sihtgrupid_kliendi_id ON sihtgrupid (kliendi_id);
CREATE INDEX kaebused_kliendi_id ON kaebused (kliendi_id);
CREATE INDEX teavitused_kliendi_id ON teavitused (kliendi_id);
CREATE INDEX teavitused_lepingu_nr ON teavitused (lepingu_nr);

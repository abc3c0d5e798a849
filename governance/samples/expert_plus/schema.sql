-- The sample database of `expert-plus`: an agency in Kazakhstan that collects debts it bought or was assigned.
-- An application's own schema, in transliterated Russian, as such a company would have it; nothing in it knows Lethe.

CREATE TABLE kreditory (              -- creditors: organisations, no personal data
  kreditor_id            integer NOT NULL,
  naimenovanie_kreditora text NOT NULL,
  bin_kreditora          varchar(12) NOT NULL,
  vid_deyatelnosti       text NOT NULL
);

CREATE TABLE dogovory_cessii (        -- agreements by which claims are bought (ustupka) or assigned for collection (poruchenie)
  cessiya_id             integer NOT NULL,
  kreditor_id            integer NOT NULL,
  nomer_soglasheniya     varchar(64) NOT NULL,
  soglashenie_ot         date NOT NULL,
  osnovanie_prav         text NOT NULL CHECK (osnovanie_prav IN ('ustupka', 'poruchenie'))
);

CREATE TABLE dolzhniki (              -- debtors
  dolzhnik_id            integer NOT NULL,
  iin_dolzhnika          varchar(64) NOT NULL,
  familiya               text NOT NULL,
  imya                   text NOT NULL,
  otchestvo              text,
  data_rozhdeniya        date,
  udostoverenie_lichnosti varchar(64),
  mobilnyy_telefon       text,
  domashniy_telefon      text,
  rabochiy_telefon       text,
  elektronnaya_pochta    text,
  adres_propiski         text,
  adres_prozhivaniya     text,
  pochtovyy_kod          varchar(64),
  schet_v_banke          varchar(64),
  semeynoe_polozhenie    text,
  vid_imushchestva       text,
  yazyk_obshcheniya      varchar(2) NOT NULL,
  istochnik_svedeniy     text NOT NULL,
  sostoyanie_otnosheniy  text NOT NULL CHECK (sostoyanie_otnosheniy IN ('aktivnye', 'prekrashcheny', 'oshibochno')),
  otnosheniya_prekrashcheny date,     -- when the relation ended, or when it was found that the person owes nothing (oshibochno)
  zaveden_kogda          timestamptz NOT NULL
);

CREATE TABLE prava_trebovaniya (      -- claims, bought or assigned
  pravo_id               integer NOT NULL,
  dolzhnik_id            integer NOT NULL,
  cessiya_id             integer NOT NULL,
  nomer_zayma            varchar(64) NOT NULL,
  zaem_ot                date NOT NULL,
  pereshlo_na            date NOT NULL,
  razmer_zayma           numeric(14, 2),
  ostatok_dolga          numeric(14, 2) NOT NULL,
  sostoyanie_prava       text NOT NULL
                         CHECK (sostoyanie_prava IN ('v_rabote', 'pogasheno', 'vozvrashcheno', 'spisano', 'oshibochno')),
  prekrashcheno_na       date
);

CREATE TABLE platezhi (               -- payments, numbered within their claim
  pravo_id               integer NOT NULL,
  uchetnyy_nomer         integer NOT NULL,
  proveden_kogda         timestamptz NOT NULL,
  razmer_platezha        numeric(14, 2) NOT NULL,
  platelshchik           text,        -- may be somebody else who pays for the debtor
  schet_platelshchika    varchar(64),
  sposob_oplaty          text NOT NULL
);

CREATE TABLE zhurnal_kontaktov (      -- contact log, filled by the telephone system: dolzhnik_nomer is a debtor, without a foreign key
  kontakt_id             integer NOT NULL,
  dolzhnik_nomer         integer,
  sotrudnik_kod          varchar(16) NOT NULL,
  kanal_obshcheniya      text NOT NULL,
  sostoyalsya_kogda      timestamptz NOT NULL,
  nabrannyy_nomer        text,
  zametka                text         -- what the collector wrote
);

CREATE TABLE sudebnye_dela (          -- court cases
  delo_id                integer NOT NULL,
  dolzhnik_id            integer NOT NULL,
  pravo_id               integer NOT NULL,
  nomer_dela             varchar(64),
  naimenovanie_suda      text NOT NULL,
  podano_na              date NOT NULL,
  reshenie_vstupilo_na   date,        -- the decision became final
  sushchestvo_spora      text
);

CREATE TABLE ispolnitelnye_dela (     -- enforcement cases
  ispolnenie_id          integer NOT NULL,
  delo_id                integer NOT NULL,
  dolzhnik_id            integer NOT NULL,
  nomer_proizvodstva     varchar(64),
  sudebnyy_ispolnitel    text,        -- the bailiff's name
  vozbuzhdeno_na         date NOT NULL,
  okoncheno_na           date
);

CREATE TABLE vyezdy (                 -- site visits
  vyezd_id               integer NOT NULL,
  dolzhnik_id            integer NOT NULL,
  pravo_id               integer NOT NULL,
  sotrudnik_kod          varchar(16) NOT NULL,
  vyezd_kogda            timestamptz NOT NULL,
  adres_vyezda           text,
  koordinaty_vyezda      text,
  kto_vstretil           text,        -- who opened the door
  otchet_o_vyezde        text
);

CREATE TABLE kontaktnye_lica (        -- contact persons and relatives: third persons whom the creditor or the debtor named
  lico_id                integer NOT NULL,
  dolzhnik_id            integer NOT NULL,
  fio_lica               text NOT NULL,
  kem_prihoditsya        text NOT NULL,
  telefon_lica           text,
  vneseno_na             date NOT NULL,
  vozrazhenie_ot         date         -- the third person objected
);

CREATE TABLE poseshcheniya_sayta (    -- visits of the web site
  poseshchenie_id        integer NOT NULL,
  dolzhnik_id            integer,
  otkryto_kogda          timestamptz NOT NULL,
  ip_posetitelya         text,
  metka_cookie           text,
  brauzer_posetitelya    text,
  domen_provaydera       text,
  stranica_sayta         text,
  svoystva_ustroystva    jsonb
);

CREATE TABLE zapisi_razgovorov (      -- call-quality recordings
  razgovor_id            integer NOT NULL,
  dolzhnik_id            integer NOT NULL,
  nachat_kogda           timestamptz NOT NULL,
  dlitelnost_s           integer NOT NULL,
  zapis_zvuka            bytea NOT NULL,
  otsenka_kachestva      integer
);

CREATE TABLE mesta_raboty (           -- employer and salary, from the pension centre or the creditor
  mesto_id               integer NOT NULL,
  dolzhnik_id            integer NOT NULL,
  rabotodatel            text NOT NULL,
  dolzhnost_lica         text,
  razmer_zarplaty        numeric(14, 2),
  den_zarplaty           integer,
  svedeniya_ot           text NOT NULL,
  polucheno_na           date NOT NULL
);

CREATE TABLE soglasiya (              -- consents: to processing, to transfer, to advertising
  soglasie_id            integer NOT NULL,
  dolzhnik_id            integer NOT NULL,
  cel_soglasiya          text NOT NULL CHECK (cel_soglasiya IN ('obrabotka', 'peredacha', 'rassylka')),
  kontakt_soglasiya      text,
  dano_kogda             timestamptz NOT NULL,
  otozvano_kogda         timestamptz
);

CREATE TABLE raskrytiya (             -- disclosures: who was given what
  raskrytie_id           integer NOT NULL,
  dolzhnik_id            integer NOT NULL,
  soglasie_id            integer,
  poluchatel             text NOT NULL,
  osnovanie_peredachi    text NOT NULL CHECK (osnovanie_peredachi IN ('soglasie', 'zakon', 'usluga')),
  peredano_kogda         timestamptz NOT NULL,
  sostav_svedeniy        text NOT NULL
);

CREATE TABLE otchety_byuro (          -- credit bureau reports
  otchet_byuro_id        integer NOT NULL,
  dolzhnik_id            integer NOT NULL,
  zaproshen_kogda        timestamptz NOT NULL,
  soderzhanie_otcheta    jsonb NOT NULL,
  ball_byuro             integer
);

CREATE TABLE obrashcheniya (          -- inquiries of the person: information, rectification, blocking, destruction
  obrashchenie_id        integer NOT NULL,
  dolzhnik_id            integer NOT NULL,
  pravo_id               integer,
  vid_obrashcheniya      text NOT NULL CHECK (vid_obrashcheniya IN ('svedeniya', 'ispravlenie', 'blokirovanie', 'unichtozhenie')),
  postupilo_na           date NOT NULL,
  otvecheno_na           date,
  priznano_nezakonnym_na date,        -- it was confirmed that the contested data are held unlawfully
  blokirovanie_snyato_na date,
  tekst_obrashcheniya    text,
  spornye_svedeniya      text         -- the contested data
);

CREATE TABLE zaprosy_organov (        -- requests of courts and state bodies
  zapros_id              integer NOT NULL,
  dolzhnik_id            integer NOT NULL,
  naimenovanie_organa    text NOT NULL,
  postupil_na            date NOT NULL,
  ispolnen_na            date,
  sut_otveta             text
);

-- After loading: keys, references and indexes. Checking a million rows at once costs a fraction of checking them one by one.
ALTER TABLE kreditory ADD PRIMARY KEY (kreditor_id);
ALTER TABLE dogovory_cessii ADD PRIMARY KEY (cessiya_id);
ALTER TABLE dolzhniki ADD PRIMARY KEY (dolzhnik_id);
ALTER TABLE prava_trebovaniya ADD PRIMARY KEY (pravo_id);
ALTER TABLE platezhi ADD PRIMARY KEY (pravo_id, uchetnyy_nomer);
ALTER TABLE zhurnal_kontaktov ADD PRIMARY KEY (kontakt_id);
ALTER TABLE sudebnye_dela ADD PRIMARY KEY (delo_id);
ALTER TABLE ispolnitelnye_dela ADD PRIMARY KEY (ispolnenie_id);
ALTER TABLE vyezdy ADD PRIMARY KEY (vyezd_id);
ALTER TABLE kontaktnye_lica ADD PRIMARY KEY (lico_id);
ALTER TABLE poseshcheniya_sayta ADD PRIMARY KEY (poseshchenie_id);
ALTER TABLE zapisi_razgovorov ADD PRIMARY KEY (razgovor_id);
ALTER TABLE mesta_raboty ADD PRIMARY KEY (mesto_id);
ALTER TABLE soglasiya ADD PRIMARY KEY (soglasie_id);
ALTER TABLE raskrytiya ADD PRIMARY KEY (raskrytie_id);
ALTER TABLE otchety_byuro ADD PRIMARY KEY (otchet_byuro_id);
ALTER TABLE obrashcheniya ADD PRIMARY KEY (obrashchenie_id);
ALTER TABLE zaprosy_organov ADD PRIMARY KEY (zapros_id);

ALTER TABLE dolzhniki ADD UNIQUE (iin_dolzhnika);
ALTER TABLE prava_trebovaniya ADD UNIQUE (nomer_zayma);

ALTER TABLE dogovory_cessii ADD FOREIGN KEY (kreditor_id) REFERENCES kreditory;
ALTER TABLE prava_trebovaniya ADD FOREIGN KEY (dolzhnik_id) REFERENCES dolzhniki;
ALTER TABLE prava_trebovaniya ADD FOREIGN KEY (cessiya_id) REFERENCES dogovory_cessii;
ALTER TABLE platezhi ADD FOREIGN KEY (pravo_id) REFERENCES prava_trebovaniya;
ALTER TABLE sudebnye_dela ADD FOREIGN KEY (dolzhnik_id) REFERENCES dolzhniki;
ALTER TABLE sudebnye_dela ADD FOREIGN KEY (pravo_id) REFERENCES prava_trebovaniya;
ALTER TABLE ispolnitelnye_dela ADD FOREIGN KEY (delo_id) REFERENCES sudebnye_dela;
ALTER TABLE ispolnitelnye_dela ADD FOREIGN KEY (dolzhnik_id) REFERENCES dolzhniki;
ALTER TABLE vyezdy ADD FOREIGN KEY (dolzhnik_id) REFERENCES dolzhniki;
ALTER TABLE vyezdy ADD FOREIGN KEY (pravo_id) REFERENCES prava_trebovaniya;
ALTER TABLE kontaktnye_lica ADD FOREIGN KEY (dolzhnik_id) REFERENCES dolzhniki;
ALTER TABLE poseshcheniya_sayta ADD FOREIGN KEY (dolzhnik_id) REFERENCES dolzhniki;
ALTER TABLE zapisi_razgovorov ADD FOREIGN KEY (dolzhnik_id) REFERENCES dolzhniki;
ALTER TABLE mesta_raboty ADD FOREIGN KEY (dolzhnik_id) REFERENCES dolzhniki;
ALTER TABLE soglasiya ADD FOREIGN KEY (dolzhnik_id) REFERENCES dolzhniki;
ALTER TABLE raskrytiya ADD FOREIGN KEY (dolzhnik_id) REFERENCES dolzhniki;
ALTER TABLE raskrytiya ADD FOREIGN KEY (soglasie_id) REFERENCES soglasiya;
ALTER TABLE otchety_byuro ADD FOREIGN KEY (dolzhnik_id) REFERENCES dolzhniki;
ALTER TABLE obrashcheniya ADD FOREIGN KEY (dolzhnik_id) REFERENCES dolzhniki;
ALTER TABLE obrashcheniya ADD FOREIGN KEY (pravo_id) REFERENCES prava_trebovaniya;
ALTER TABLE zaprosy_organov ADD FOREIGN KEY (dolzhnik_id) REFERENCES dolzhniki;

CREATE INDEX prava_trebovaniya_dolzhnik_id ON prava_trebovaniya (dolzhnik_id);
CREATE INDEX zhurnal_kontaktov_dolzhnik_nomer ON zhurnal_kontaktov (dolzhnik_nomer);
CREATE INDEX sudebnye_dela_dolzhnik_id ON sudebnye_dela (dolzhnik_id);
CREATE INDEX sudebnye_dela_pravo_id ON sudebnye_dela (pravo_id);
CREATE INDEX ispolnitelnye_dela_delo_id ON ispolnitelnye_dela (delo_id);
CREATE INDEX ispolnitelnye_dela_dolzhnik_id ON ispolnitelnye_dela (dolzhnik_id);
CREATE INDEX vyezdy_dolzhnik_id ON vyezdy (dolzhnik_id);
CREATE INDEX vyezdy_pravo_id ON vyezdy (pravo_id);
CREATE INDEX kontaktnye_lica_dolzhnik_id ON kontaktnye_lica (dolzhnik_id);
CREATE INDEX poseshcheniya_sayta_dolzhnik_id ON poseshcheniya_sayta (dolzhnik_id);
CREATE INDEX poseshcheniya_sayta_otkryto_kogda ON poseshcheniya_sayta (otkryto_kogda);
CREATE INDEX zapisi_razgovorov_dolzhnik_id ON zapisi_razgovorov (dolzhnik_id);
CREATE INDEX zapisi_razgovorov_nachat_kogda ON zapisi_razgovorov (nachat_kogda);
CREATE INDEX mesta_raboty_dolzhnik_id ON mesta_raboty (dolzhnik_id);
CREATE INDEX soglasiya_dolzhnik_id ON soglasiya (dolzhnik_id);
CREATE INDEX raskrytiya_dolzhnik_id ON raskrytiya (dolzhnik_id);
CREATE INDEX raskrytiya_soglasie_id ON raskrytiya (soglasie_id);
CREATE INDEX otchety_byuro_dolzhnik_id ON otchety_byuro (dolzhnik_id);
CREATE INDEX obrashcheniya_dolzhnik_id ON obrashcheniya (dolzhnik_id);
CREATE INDEX obrashcheniya_pravo_id ON obrashcheniya (pravo_id);
CREATE INDEX zaprosy_organov_dolzhnik_id ON zaprosy_organov (dolzhnik_id);

-- The sample loan database of `credithelp`: a consumer lender with offices in Bulgaria.
-- An application's own schema, as a lender would have it; nothing in it knows Lethe.

CREATE TABLE offices (
  office_id      integer NOT NULL,
  name           text NOT NULL,
  city           text NOT NULL,
  street         text NOT NULL
);

CREATE TABLE incidents (
  incident_id    integer NOT NULL,
  office_id      integer,
  kind           text NOT NULL CHECK (kind IN ('theft', 'fraud', 'complaint', 'accident')),
  opened_on      date NOT NULL,
  closed_on      date
);

CREATE TABLE clients (
  client_id         bigint NOT NULL,
  egn               varchar(64) NOT NULL,
  first_name        text NOT NULL,
  middle_name       text,
  last_name         text NOT NULL,
  birth_date        date,
  id_card_number    varchar(64),
  phone             text,
  email             text,
  region            text,
  city              text,
  street            text,
  postcode          varchar(64),
  employer          text,
  monthly_income    numeric(12, 2),
  inquiry_closed_on date,           -- the first inquiry was answered or became an application
  created_at        timestamptz NOT NULL
);

CREATE TABLE applications (
  application_id bigint NOT NULL,
  client_id      bigint NOT NULL,
  office_id      integer,
  submitted_at   timestamptz NOT NULL,
  status         text NOT NULL CHECK (status IN ('submitted', 'refused', 'withdrawn', 'contracted')),
  amount         numeric(12, 2) NOT NULL,
  term_months    integer NOT NULL,
  declared_income numeric(12, 2),
  ip_address     text,
  refusal_reason text
);

CREATE TABLE contracts (
  contract_id        bigint NOT NULL,
  contract_number    varchar(64) NOT NULL,
  client_id          bigint NOT NULL,
  application_id     bigint NOT NULL,
  signed_on          date NOT NULL,
  status             text NOT NULL CHECK (status IN ('active', 'repaid', 'defaulted')),
  terminated_on      date,
  limitation_ends_on date,          -- defaulted contracts: when the limitation term of the claim expires
  principal          numeric(12, 2) NOT NULL,
  annual_rate        numeric(6, 3) NOT NULL,
  iban               varchar(64)
);

CREATE TABLE transactions (
  transaction_id    bigint NOT NULL,
  contract_id       bigint NOT NULL,
  executed_at       timestamptz NOT NULL,
  kind              text NOT NULL CHECK (kind IN ('disbursement', 'repayment', 'fee')),
  amount            numeric(12, 2) NOT NULL,
  counterparty_name text,
  counterparty_iban varchar(64)
);

CREATE TABLE accounting_entries (
  entry_id        bigint NOT NULL,
  contract_id     bigint,
  posted_on       date NOT NULL,
  account         varchar(16) NOT NULL,
  document_number varchar(64) NOT NULL,
  amount          numeric(12, 2) NOT NULL,
  payer_name      text
);

CREATE TABLE tax_documents (
  document_id         bigint NOT NULL,
  contract_id         bigint,
  kind                text NOT NULL,
  issued_on           date NOT NULL,
  claim_limitation_on date,         -- when the limitation of the public claim expires
  payer_name          text,
  payer_egn           varchar(64),
  amount              numeric(12, 2) NOT NULL
);

CREATE TABLE audit_files (
  file_id        integer NOT NULL,
  reporting_year integer NOT NULL,
  kind           text NOT NULL,
  prepared_by    text,
  body           text
);

CREATE TABLE nssi_reports (
  report_id           uuid NOT NULL,
  application_id      bigint NOT NULL,
  requested_at        timestamptz NOT NULL,
  status              text NOT NULL CHECK (status IN ('pending', 'used')),
  purpose_achieved_on date,
  egn                 varchar(64) NOT NULL,
  employer            text,
  insured_income      numeric(12, 2)
);

CREATE TABLE aml_files (
  aml_file_id       bigint NOT NULL,
  client_id         bigint NOT NULL,
  opened_on         date NOT NULL,
  relation_status   text NOT NULL CHECK (relation_status IN ('open', 'ended')),
  relation_ended_on date,
  id_card_number    varchar(64),
  source_of_funds   text,
  risk_level        text NOT NULL
);

CREATE TABLE call_recordings (
  recording_id bigint NOT NULL,
  client_id    bigint,
  phone        text NOT NULL,
  recorded_at  timestamptz NOT NULL,
  duration_s   integer NOT NULL,
  audio        bytea NOT NULL,
  incident_id  integer
);

CREATE TABLE video_footage (
  footage_id   bigint NOT NULL,
  office_id    integer NOT NULL,
  camera       text NOT NULL,
  recorded_at  timestamptz NOT NULL,
  frames       bytea NOT NULL,
  incident_id  integer
);

CREATE TABLE access_log (
  entry_id     bigint NOT NULL,
  office_id    integer NOT NULL,
  entered_at   timestamptz NOT NULL,
  visitor_name text,
  badge_number varchar(64),
  incident_id  integer
);

CREATE TABLE marketing_consents (
  consent_id   bigint NOT NULL,
  client_id    bigint NOT NULL,
  purpose      text NOT NULL,
  channel      text NOT NULL,
  contact      text NOT NULL,
  given_at     timestamptz NOT NULL,
  withdrawn_at timestamptz
);

CREATE TABLE disputes (
  dispute_id         bigint NOT NULL,
  client_id          bigint NOT NULL,
  contract_id        bigint,
  opened_on          date NOT NULL,
  closed_on          date,
  limitation_ends_on date,          -- set when the dispute is closed: when the limitation term of the claim expires
  court_case         text,
  statement          text
);

CREATE TABLE authority_requests (
  request_id    bigint NOT NULL,
  client_id     bigint NOT NULL,
  authority     text NOT NULL,
  received_on   date NOT NULL,
  obligation_on date,               -- the day on which the duty to provide the data arose
  closed_on     date,
  answer        text
);

CREATE TABLE job_applicants (
  applicant_id bigint NOT NULL,
  full_name    text NOT NULL,
  email        text,
  phone        text,
  position     text NOT NULL,
  cv           text,
  applied_on   date NOT NULL,
  status       text NOT NULL CHECK (status IN ('open', 'hired', 'rejected')),
  decided_on   date
);

-- After loading: keys, references and indexes. Checking a million rows at once costs a fraction of checking them one by one.
ALTER TABLE offices ADD PRIMARY KEY (office_id);
ALTER TABLE incidents ADD PRIMARY KEY (incident_id);
ALTER TABLE clients ADD PRIMARY KEY (client_id);
ALTER TABLE applications ADD PRIMARY KEY (application_id);
ALTER TABLE contracts ADD PRIMARY KEY (contract_id);
ALTER TABLE transactions ADD PRIMARY KEY (transaction_id);
ALTER TABLE accounting_entries ADD PRIMARY KEY (entry_id);
ALTER TABLE tax_documents ADD PRIMARY KEY (document_id);
ALTER TABLE audit_files ADD PRIMARY KEY (file_id);
ALTER TABLE nssi_reports ADD PRIMARY KEY (report_id);
ALTER TABLE aml_files ADD PRIMARY KEY (aml_file_id);
ALTER TABLE call_recordings ADD PRIMARY KEY (recording_id);
ALTER TABLE video_footage ADD PRIMARY KEY (footage_id);
ALTER TABLE access_log ADD PRIMARY KEY (entry_id);
ALTER TABLE marketing_consents ADD PRIMARY KEY (consent_id);
ALTER TABLE disputes ADD PRIMARY KEY (dispute_id);
ALTER TABLE authority_requests ADD PRIMARY KEY (request_id);
ALTER TABLE job_applicants ADD PRIMARY KEY (applicant_id);

ALTER TABLE clients ADD UNIQUE (egn);
ALTER TABLE contracts ADD UNIQUE (contract_number);
ALTER TABLE contracts ADD UNIQUE (application_id);

ALTER TABLE incidents ADD FOREIGN KEY (office_id) REFERENCES offices;
ALTER TABLE applications ADD FOREIGN KEY (client_id) REFERENCES clients;
ALTER TABLE applications ADD FOREIGN KEY (office_id) REFERENCES offices;
ALTER TABLE contracts ADD FOREIGN KEY (client_id) REFERENCES clients;
ALTER TABLE contracts ADD FOREIGN KEY (application_id) REFERENCES applications;
ALTER TABLE transactions ADD FOREIGN KEY (contract_id) REFERENCES contracts;
ALTER TABLE accounting_entries ADD FOREIGN KEY (contract_id) REFERENCES contracts;
ALTER TABLE tax_documents ADD FOREIGN KEY (contract_id) REFERENCES contracts;
ALTER TABLE nssi_reports ADD FOREIGN KEY (application_id) REFERENCES applications;
ALTER TABLE aml_files ADD FOREIGN KEY (client_id) REFERENCES clients;
ALTER TABLE call_recordings ADD FOREIGN KEY (client_id) REFERENCES clients;
ALTER TABLE call_recordings ADD FOREIGN KEY (incident_id) REFERENCES incidents;
ALTER TABLE video_footage ADD FOREIGN KEY (office_id) REFERENCES offices;
ALTER TABLE video_footage ADD FOREIGN KEY (incident_id) REFERENCES incidents;
ALTER TABLE access_log ADD FOREIGN KEY (office_id) REFERENCES offices;
ALTER TABLE access_log ADD FOREIGN KEY (incident_id) REFERENCES incidents;
ALTER TABLE marketing_consents ADD FOREIGN KEY (client_id) REFERENCES clients;
ALTER TABLE disputes ADD FOREIGN KEY (client_id) REFERENCES clients;
ALTER TABLE disputes ADD FOREIGN KEY (contract_id) REFERENCES contracts;
ALTER TABLE authority_requests ADD FOREIGN KEY (client_id) REFERENCES clients;

CREATE INDEX applications_client_id ON applications (client_id);
CREATE INDEX contracts_client_id ON contracts (client_id);
CREATE INDEX transactions_contract_id ON transactions (contract_id);
CREATE INDEX accounting_entries_contract_id ON accounting_entries (contract_id);
CREATE INDEX tax_documents_contract_id ON tax_documents (contract_id);
CREATE INDEX nssi_reports_application_id ON nssi_reports (application_id);
CREATE INDEX aml_files_client_id ON aml_files (client_id);
CREATE INDEX call_recordings_client_id ON call_recordings (client_id);
CREATE INDEX call_recordings_recorded_at ON call_recordings (recorded_at);
CREATE INDEX video_footage_recorded_at ON video_footage (recorded_at);
CREATE INDEX access_log_entered_at ON access_log (entered_at);
CREATE INDEX marketing_consents_client_id ON marketing_consents (client_id);
CREATE INDEX disputes_client_id ON disputes (client_id);
CREATE INDEX disputes_contract_id ON disputes (contract_id);
CREATE INDEX authority_requests_client_id ON authority_requests (client_id);

-- The sample loan database of `kredit-seven`: an online microfinance organisation in Kazakhstan.
-- An application's own schema, as a lender would have it: every identifier needs quotes. Nothing in it knows Lethe.

CREATE TABLE "LoanProduct" (
  "ProductCode"    varchar(16) NOT NULL,
  "ProductTitle"   text NOT NULL,
  "ShortestDays"   integer NOT NULL,
  "LongestDays"    integer NOT NULL
);

CREATE TABLE "Borrower" (
  "BorrowerId"           uuid NOT NULL,
  "Iin"                  varchar(64) NOT NULL,
  "FamilyName"           text NOT NULL,
  "GivenName"            text NOT NULL,
  "PatronymicName"       text,
  "BirthDate"            date,
  "IdentityCardNumber"   varchar(64),
  "MobilePhone"          text,
  "HomePhone"            text,
  "WorkPhone"            text,
  "EmailAddress"         text,
  "RegisteredRegion"     text,
  "RegisteredCity"       text,
  "RegisteredStreet"     text,
  "RegisteredPostcode"   varchar(64),
  "ResidentialAddress"   text,
  "EmployerName"         text,
  "MonthlySalary"        numeric(12, 2),
  "SalaryDay"            integer,
  "MaritalState"         text,
  "PropertyKinds"        text,
  "OtherLiabilities"     numeric(12, 2),
  "PreferredLanguage"    varchar(2),
  "AdvertisingSegment"   text,
  "RegisteredAt"         timestamptz NOT NULL,
  "WithoutLoanSince"     date,          -- empty while one runs; the end of the last microcredit, or the registration of who never had one
  "ConsentWithdrawnAt"   timestamptz,   -- of the consent to processing as a whole; consents per purpose: "ConsentRecord"
  "CurrentMicrocreditId" uuid           -- the latest one; the site shows it after its end, too
);

CREATE TABLE "WebAccount" (
  "AccountCode"    varchar(64) NOT NULL,
  "BorrowerId"     uuid NOT NULL,
  "LoginName"      text NOT NULL,
  "PasswordDigest" text NOT NULL,
  "AccountState"   text NOT NULL CHECK ("AccountState" IN ('open', 'closed')),
  "OpenedAt"       timestamptz NOT NULL,
  "ClosedOn"       date
);

CREATE TABLE "CreditApplication" (
  "ApplicationId"    uuid NOT NULL,
  "BorrowerId"       uuid NOT NULL,
  "ProductCode"      varchar(16) NOT NULL,
  "SubmittedAt"      timestamptz NOT NULL,
  "ApplicationState" text NOT NULL CHECK ("ApplicationState" IN ('submitted', 'granted', 'refused', 'abandoned')),
  "DecidedOn"        date,
  "RequestedAmount"  numeric(12, 2) NOT NULL,
  "RequestedDays"    integer NOT NULL,
  "SubmittedFromIp"  text,
  "RefusalGround"    text,
  "SolvencyScore"    integer
);

CREATE TABLE "CreditOffer" (
  "OfferCode"     varchar(64) NOT NULL,
  "ApplicationId" uuid NOT NULL,
  "OfferedAmount" numeric(12, 2) NOT NULL,
  "OfferedDays"   integer NOT NULL,
  "YearlyRate"    numeric(6, 2) NOT NULL,
  "ValidUntil"    date NOT NULL,
  "AcceptedOn"    date
);

CREATE TABLE "Microcredit" (
  "MicrocreditId"    uuid NOT NULL,
  "AgreementNumber"  varchar(64) NOT NULL,
  "BorrowerId"       uuid NOT NULL,
  "ApplicationId"    uuid NOT NULL,
  "OfferCode"        varchar(64) NOT NULL,
  "SignedOn"         date NOT NULL,
  "LoanState"        text NOT NULL CHECK ("LoanState" IN ('running', 'overdue', 'settled', 'assigned')),
  "SettledOn"        date,              -- the end of the contractual relation: paid back, or the claim assigned
  "PrincipalAmount"  numeric(12, 2) NOT NULL,
  "BalanceDue"       numeric(12, 2) NOT NULL,
  "DisbursementIban" varchar(64),
  "DisbursementBank" text
);

CREATE TABLE "Instalment" (
  "InstalmentId"     uuid NOT NULL,
  "MicrocreditId"    uuid NOT NULL,
  "InstalmentNumber" integer NOT NULL,
  "FallsDueOn"       date NOT NULL,
  "AmountDue"        numeric(12, 2) NOT NULL
);

CREATE TABLE "Payment" (
  "PaymentCode"   varchar(64) NOT NULL,
  "MicrocreditId" uuid NOT NULL,
  "BookedAt"      timestamptz NOT NULL,
  "PaymentKind"   text NOT NULL CHECK ("PaymentKind" IN ('disbursement', 'repayment', 'penalty')),
  "PaidAmount"    numeric(12, 2) NOT NULL,
  "PayerName"     text,
  "PayerIban"     varchar(64)
);

CREATE TABLE "BureauReport" (
  "BureauReportId"   uuid NOT NULL,
  "ApplicationId"    uuid NOT NULL,
  "BureauName"       text NOT NULL,
  "QueriedAt"        timestamptz NOT NULL,
  "ReportState"      text NOT NULL CHECK ("ReportState" IN ('pending', 'used')),
  "PurposeReachedOn" date,
  "BureauReference"  varchar(64),
  "ReportContents"   jsonb
);

CREATE TABLE "PensionReport" (
  "PensionReportCode"    varchar(64) NOT NULL,
  "ApplicationId"        uuid NOT NULL,
  "QueriedAt"            timestamptz NOT NULL,
  "ReportState"          text NOT NULL CHECK ("ReportState" IN ('pending', 'used')),
  "PurposeReachedOn"     date,
  "ContributorIin"       varchar(64),
  "ContributingEmployer" text,
  "AverageContribution"  numeric(12, 2)
);

CREATE TABLE "BarredPerson" (
  "BarredId"      uuid NOT NULL,
  "BorrowerId"    uuid,                 -- filled by the list's import, which knows no foreign key
  "BarredIin"     varchar(64) NOT NULL,
  "BarredName"    text NOT NULL,
  "BarringGround" text NOT NULL,
  "BarredOn"      date NOT NULL,
  "LiftedOn"      date
);

CREATE TABLE "Cession" (
  "CessionId"      uuid NOT NULL,
  "MicrocreditId"  uuid NOT NULL,
  "BuyerName"      text NOT NULL,       -- a company
  "AssignedOn"     date NOT NULL,
  "AssignedAmount" numeric(12, 2) NOT NULL,
  "DebtorNotice"   text
);

CREATE TABLE "ConsentRecord" (
  "ConsentId"      uuid NOT NULL,
  "BorrowerId"     uuid NOT NULL,
  "ConsentPurpose" text NOT NULL CHECK ("ConsentPurpose" IN ('processing', 'bureau-query', 'pension-query', 'advertising')),
  "GivenAt"        timestamptz NOT NULL,
  "WithdrawnAt"    timestamptz,
  "LapsedOn"       date,                -- the relation it was given for has ended
  "ContactUsed"    text,
  "GivenFromIp"    text
);

CREATE TABLE "AdvertisingProfile" (
  "ProfileId"         uuid NOT NULL,
  "BorrowerId"        uuid NOT NULL,
  "ConsentId"         uuid NOT NULL,
  "TargetSegment"     text NOT NULL,
  "InterestNotes"     text,
  "AdvertisingCookie" text,
  "RefreshedAt"       timestamptz NOT NULL
);

CREATE TABLE "SiteVisit" (
  "VisitId"        uuid NOT NULL,
  "BorrowerId"     uuid,
  "VisitedAt"      timestamptz NOT NULL,
  "VisitorIp"      text NOT NULL,
  "CookieValue"    text,
  "BrowserName"    text,
  "PageAddress"    text NOT NULL,
  "ProviderDomain" text
);

CREATE TABLE "Complaint" (
  "ComplaintId"      uuid NOT NULL,
  "BorrowerId"       uuid NOT NULL,
  "ComplaintSubject" text NOT NULL,
  "ReceivedOn"       date NOT NULL,
  "AnsweredOn"       date,
  "ComplaintText"    text,
  "ReplyText"        text
);

CREATE TABLE "QualityRecording" (
  "RecordingId"   uuid NOT NULL,
  "BorrowerId"    uuid,
  "ComplaintId"   uuid,                 -- kept as evidence for this complaint
  "RecordedAt"    timestamptz NOT NULL,
  "SpokenSeconds" integer NOT NULL,
  "CallerPhone"   text NOT NULL,
  "AudioTrack"    bytea NOT NULL
);

CREATE TABLE "CourierParcel" (
  "ParcelCode"      varchar(64) NOT NULL,
  "BorrowerId"      uuid NOT NULL,
  "CourierName"     text NOT NULL,
  "ParcelState"     text NOT NULL CHECK ("ParcelState" IN ('sent', 'delivered', 'returned')),
  "SentOn"          date NOT NULL,
  "DeliveredOn"     date,
  "AddresseeName"   text NOT NULL,
  "DeliveryAddress" text NOT NULL
);

CREATE TABLE "CollectionCase" (
  "CaseId"        uuid NOT NULL,
  "MicrocreditId" uuid NOT NULL,
  "CaseKind"      text NOT NULL CHECK ("CaseKind" IN ('call-centre', 'court', 'bailiff')),
  "OpenedOn"      date NOT NULL,
  "ClosedOn"      date,
  "CollectorName" text NOT NULL,        -- a company, a court or an office
  "ClaimedAmount" numeric(12, 2) NOT NULL,
  "CaseNote"      text
);

CREATE TABLE "AuthorityInquiry" (
  "InquiryId"     uuid NOT NULL,
  "BorrowerId"    uuid NOT NULL,
  "InquiringBody" text NOT NULL,
  "ReceivedOn"    date NOT NULL,
  "AnsweredOn"    date,
  "ReplyText"     text
);

CREATE TABLE "BlockingOrder" (
  "BlockingId"     uuid NOT NULL,
  "BorrowerId"     uuid NOT NULL,
  "BlockedOn"      date NOT NULL,
  "LiftedOn"       date,
  "BlockingGround" text NOT NULL
);

CREATE TABLE "AmlCheck" (
  "CheckId"         uuid NOT NULL,
  "BorrowerId"      uuid NOT NULL,
  "CheckedAt"       timestamptz NOT NULL,
  "RelationState"   text NOT NULL CHECK ("RelationState" IN ('open', 'ended')),
  "RelationEndedOn" date,
  "CheckedDocument" varchar(64),
  "FundsSource"     text,
  "RiskGrade"       text NOT NULL
);

-- After loading: keys, references and indexes. Checking a million rows at once costs a fraction of checking them one by one.
ALTER TABLE "LoanProduct" ADD PRIMARY KEY ("ProductCode");
ALTER TABLE "Borrower" ADD PRIMARY KEY ("BorrowerId");
ALTER TABLE "WebAccount" ADD PRIMARY KEY ("AccountCode");
ALTER TABLE "CreditApplication" ADD PRIMARY KEY ("ApplicationId");
ALTER TABLE "CreditOffer" ADD PRIMARY KEY ("OfferCode");
ALTER TABLE "Microcredit" ADD PRIMARY KEY ("MicrocreditId");
ALTER TABLE "Instalment" ADD PRIMARY KEY ("InstalmentId");
ALTER TABLE "Payment" ADD PRIMARY KEY ("PaymentCode");
ALTER TABLE "BureauReport" ADD PRIMARY KEY ("BureauReportId");
ALTER TABLE "PensionReport" ADD PRIMARY KEY ("PensionReportCode");
ALTER TABLE "BarredPerson" ADD PRIMARY KEY ("BarredId");
ALTER TABLE "Cession" ADD PRIMARY KEY ("CessionId");
ALTER TABLE "ConsentRecord" ADD PRIMARY KEY ("ConsentId");
ALTER TABLE "AdvertisingProfile" ADD PRIMARY KEY ("ProfileId");
ALTER TABLE "SiteVisit" ADD PRIMARY KEY ("VisitId");
ALTER TABLE "Complaint" ADD PRIMARY KEY ("ComplaintId");
ALTER TABLE "QualityRecording" ADD PRIMARY KEY ("RecordingId");
ALTER TABLE "CourierParcel" ADD PRIMARY KEY ("ParcelCode");
ALTER TABLE "CollectionCase" ADD PRIMARY KEY ("CaseId");
ALTER TABLE "AuthorityInquiry" ADD PRIMARY KEY ("InquiryId");
ALTER TABLE "BlockingOrder" ADD PRIMARY KEY ("BlockingId");
ALTER TABLE "AmlCheck" ADD PRIMARY KEY ("CheckId");

ALTER TABLE "Borrower" ADD UNIQUE ("Iin");
ALTER TABLE "Microcredit" ADD UNIQUE ("AgreementNumber");
ALTER TABLE "Microcredit" ADD UNIQUE ("ApplicationId");

-- "Borrower" and "Microcredit" point to each other.
ALTER TABLE "Borrower" ADD FOREIGN KEY ("CurrentMicrocreditId") REFERENCES "Microcredit";
ALTER TABLE "WebAccount" ADD FOREIGN KEY ("BorrowerId") REFERENCES "Borrower";
ALTER TABLE "CreditApplication" ADD FOREIGN KEY ("BorrowerId") REFERENCES "Borrower";
ALTER TABLE "CreditApplication" ADD FOREIGN KEY ("ProductCode") REFERENCES "LoanProduct";
ALTER TABLE "CreditOffer" ADD FOREIGN KEY ("ApplicationId") REFERENCES "CreditApplication";
ALTER TABLE "Microcredit" ADD FOREIGN KEY ("BorrowerId") REFERENCES "Borrower";
ALTER TABLE "Microcredit" ADD FOREIGN KEY ("ApplicationId") REFERENCES "CreditApplication";
ALTER TABLE "Microcredit" ADD FOREIGN KEY ("OfferCode") REFERENCES "CreditOffer";
ALTER TABLE "Instalment" ADD FOREIGN KEY ("MicrocreditId") REFERENCES "Microcredit";
ALTER TABLE "Payment" ADD FOREIGN KEY ("MicrocreditId") REFERENCES "Microcredit";
ALTER TABLE "BureauReport" ADD FOREIGN KEY ("ApplicationId") REFERENCES "CreditApplication";
ALTER TABLE "PensionReport" ADD FOREIGN KEY ("ApplicationId") REFERENCES "CreditApplication";
ALTER TABLE "Cession" ADD FOREIGN KEY ("MicrocreditId") REFERENCES "Microcredit";
ALTER TABLE "ConsentRecord" ADD FOREIGN KEY ("BorrowerId") REFERENCES "Borrower";
ALTER TABLE "AdvertisingProfile" ADD FOREIGN KEY ("BorrowerId") REFERENCES "Borrower";
ALTER TABLE "AdvertisingProfile" ADD FOREIGN KEY ("ConsentId") REFERENCES "ConsentRecord";
ALTER TABLE "SiteVisit" ADD FOREIGN KEY ("BorrowerId") REFERENCES "Borrower";
ALTER TABLE "Complaint" ADD FOREIGN KEY ("BorrowerId") REFERENCES "Borrower";
ALTER TABLE "QualityRecording" ADD FOREIGN KEY ("BorrowerId") REFERENCES "Borrower";
ALTER TABLE "QualityRecording" ADD FOREIGN KEY ("ComplaintId") REFERENCES "Complaint";
ALTER TABLE "CourierParcel" ADD FOREIGN KEY ("BorrowerId") REFERENCES "Borrower";
ALTER TABLE "CollectionCase" ADD FOREIGN KEY ("MicrocreditId") REFERENCES "Microcredit";
ALTER TABLE "AuthorityInquiry" ADD FOREIGN KEY ("BorrowerId") REFERENCES "Borrower";
ALTER TABLE "BlockingOrder" ADD FOREIGN KEY ("BorrowerId") REFERENCES "Borrower";
ALTER TABLE "AmlCheck" ADD FOREIGN KEY ("BorrowerId") REFERENCES "Borrower";

CREATE INDEX "Borrower_CurrentMicrocreditId" ON "Borrower" ("CurrentMicrocreditId");
CREATE INDEX "WebAccount_BorrowerId" ON "WebAccount" ("BorrowerId");
CREATE INDEX "CreditApplication_BorrowerId" ON "CreditApplication" ("BorrowerId");
CREATE INDEX "CreditOffer_ApplicationId" ON "CreditOffer" ("ApplicationId");
CREATE INDEX "Microcredit_BorrowerId" ON "Microcredit" ("BorrowerId");
CREATE INDEX "Microcredit_OfferCode" ON "Microcredit" ("OfferCode");
CREATE INDEX "Instalment_MicrocreditId" ON "Instalment" ("MicrocreditId");
CREATE INDEX "Payment_MicrocreditId" ON "Payment" ("MicrocreditId");
CREATE INDEX "BureauReport_ApplicationId" ON "BureauReport" ("ApplicationId");
CREATE INDEX "PensionReport_ApplicationId" ON "PensionReport" ("ApplicationId");
CREATE INDEX "BarredPerson_BorrowerId" ON "BarredPerson" ("BorrowerId");
CREATE INDEX "Cession_MicrocreditId" ON "Cession" ("MicrocreditId");
CREATE INDEX "ConsentRecord_BorrowerId" ON "ConsentRecord" ("BorrowerId");
CREATE INDEX "AdvertisingProfile_BorrowerId" ON "AdvertisingProfile" ("BorrowerId");
CREATE INDEX "AdvertisingProfile_ConsentId" ON "AdvertisingProfile" ("ConsentId");
CREATE INDEX "SiteVisit_BorrowerId" ON "SiteVisit" ("BorrowerId");
CREATE INDEX "SiteVisit_VisitedAt" ON "SiteVisit" ("VisitedAt");
CREATE INDEX "Complaint_BorrowerId" ON "Complaint" ("BorrowerId");
CREATE INDEX "QualityRecording_BorrowerId" ON "QualityRecording" ("BorrowerId");
CREATE INDEX "QualityRecording_ComplaintId" ON "QualityRecording" ("ComplaintId");
CREATE INDEX "CourierParcel_BorrowerId" ON "CourierParcel" ("BorrowerId");
CREATE INDEX "CollectionCase_MicrocreditId" ON "CollectionCase" ("MicrocreditId");
CREATE INDEX "AuthorityInquiry_BorrowerId" ON "AuthorityInquiry" ("BorrowerId");
CREATE INDEX "BlockingOrder_BorrowerId" ON "BlockingOrder" ("BorrowerId");
CREATE INDEX "AmlCheck_BorrowerId" ON "AmlCheck" ("BorrowerId");

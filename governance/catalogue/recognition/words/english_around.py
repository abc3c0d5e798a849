"""English words for whose a column is and what of it: persons, firms and things, numbers, kinds and points in time."""

from __future__ import annotations

from governance.catalogue.recognition.meanings import Meaning

WORDS: dict[Meaning, str] = {
    Meaning.PERSON: (
        "person, kyc, persons, people, client, clients, customer, customers, cust, cstmr, borrower, borrowers, coborrower, co borrower, "
        "brwr, debtor, debtors, guarantor, guarantors, grntr, applicant, applicants, applcnt, employee, employees, staff, user, users, "
        "subscriber, subscribers, payer, payers, payee, payor, recipient, beneficiary, benef, beneficiaries, owner, holder, cardholder, "
        "card holder, account holder, accountholder, spouse, wife, husband, mother, father, parent, child, relative, relatives, next kin, "
        "contact person, contact persons, heir, heirs, lender person, member, individual, individuals, subject, visitor, caller, "
        "candidate, candidates, officer, loan officer, representative, manager, signatory, addressee, sender, remitter, drawer, insured, "
        "insured person, witness, reference person, natural person, physical person, consumer, partner name spouse, agent, operator, cl, "
        "clnt, emergency contact, trustee, attorney, notary, respondent, plaintiff, defendant, claimant, lawyer, bailiff, consultant, "
        "director, authorized person, authorised person, policyholder, household member, ubo, beneficial owner, proxy, cosigner, surety, "
        "brother, sister, son, daughter, colleague, neighbour, neighbor, friend, guardian, buyer, counterparty, participant, prospect, "
        "prospects, lead, leads, insurant, pledger, pledgor, mortgagor, depositor, principal debtor, co debtor, coapplicant, co "
        "applicant, emp, pers, prsn, dbtr, custmr, workers, worker, complainant, requester, requestor, responsible person, hldr, loan "
        "applicant, party person, winner, travel companion, ref person, prepared, approver, third person, third persons, third parties, "
        "nok, emergency contact person, emerg contact, referee, joint applicant, contact prsn, nok contact, nominee, nominees, landlord, "
        "lessee, teacher, judge, poc, mgr, coapp, guar, bnf, benf, authorizer, authoriser, underwriter, appraiser, teller, cashier, "
        "solicitor, supervisor, accountant, bookkeeper, introducer, referrer, referee person, principal borrower, joint borrower, joint "
        "holder, second borrower, relationship manager, rel mgr, account officer, account manager, case manager, indiv, appl, inspector, "
        "advisor, adviser, advocate, fiance, partner spouse, cohabitant, grandmother, grandfather, uncle, aunt, cousin, roommate, policy "
        "holder, assigned user, responsible employee, resp person, responsible user, interviewer, examiner, surveyor, valuer"
    ),
    Meaning.PARTNER: (
        "partner, partners, merchant, merchants, vendor, vendors, supplier, suppliers, dealer, dealers, broker, brokers, contractor, "
        "contractors, processor, processors, creditor, creditors, cedent, insurer, insurance company, courier, agency, agencies, "
        "counterparties, lender, lenders, investor company, store, stores, shop, shops, collector, assignee, retailer, seller company"
    ),
    Meaning.ORGANISATION: (
        "company, companies, firm, firms, organisation, organization, org, bank, banks, legal entity, business, institution, enterprise, "
        "corp, corporate, credit union, european union, customs union, provider, carrier, court, authority, bureau, fund, employer "
        "organisation, notary office, bnk, school, university, insurance, juridical, company name, org name, business name, bank name, "
        "court name, provider name, operator name"
    ),
    Meaning.PREMISES: (
        "branch, branches, office, offices, atm, atms, location, locations, department, departments, dept, unit, units, brnch, terminal, "
        "terminals, pos, kiosk, camera, warehouse, division, divisions, team, teams, room, building, points sale, sales points, sales "
        "point, point sale, service point, service points, payment point, payment points, outlet, outlets, headquarters"
    ),
    Meaning.THING: (
        "product, products, prod, campaign, campaigns, file, files, host, table, tables, role, roles, report, reports, template, "
        "templates, item, items, category, categories, group, groups, permission, permissions, event, field, column, class, model, job "
        "run, job runs, task, tasks, setting, settings, config, configuration, parameter, parameters, param, params, queue, server, "
        "service, services, domain, brand, goods, tariff, tariffs, segment, list, tag, tags, label, option, feature, features, plan, "
        "plans, scheme, schema, package, menu, module, process, workflow, step, script, stage, schedule, batch, channel, folder, image, "
        "document type, doc type, rule, rules, metric, display, icon, logo, symbol, holiday, holidays, migration, migrations, version, "
        "versions, job, environment, constraint, trigger, namespace, app, application name, browser type, screen, policy name, banner, "
        "newsletter, survey, question, questions, article, articles, attribute, program, project, projects, bundle, promo, promotion, "
        "promotions, currency, currencies, rate name, file name, filename, hostname, host name, table name, template name, product name, "
        "event name, role name, task name, job name, column name, field name, type name, status name, category name, group name, bundle "
        "name, display order, collateral, model name, instrument, security, asset, assets name, scorecard, database, sequence, "
        "transaction type, cron, dag, dag run, audit log, collection name, device type, dashboard, button, form, forms, vat, union all, "
        "counter party id, gene code, surface, interface, typeface, preface, generator, generation, suite, suites, palette, facet, "
        "facets, oneshot, screenshot, snapshot, shot, persistence, shift, shifts, vessel, vessels, ship, cost center, cost centre, "
        "questionnaire, questionnaires, page name, name page, fee name, name fee, index name, ccy, zone, zones, station, stations, route, "
        "routes, conference, hotel, airport"
    ),
    Meaning.REFERENCE: (
        "reference, dictionary, dict, lookup, nomenclature, classifier, ref, catalog, catalogue, nom, directory, enum, codes, reference "
        "data, lkp, refdata, types, statuses, countries, cities, regions, languages, districts, nationalities, kinds, reasons"
    ),
    Meaning.LEDGER: (
        "accounting, ledger, general ledger, gl, posting, postings, journal, bookkeeping, entries, chart accounts, coa, gl account, "
        "ledger account, accounting account, account type, account kind, balance sheet, trial balance, gl code, gl acc, gl acct, "
        "accounting entry, contra account, balance account, chart acc, chart acct, chart account, correspondent account, nostro, vostro, "
        "nostro account, loro"
    ),
    Meaning.LOAN: (
        "loan, loans, contract, contracts, agreement, agreements, credit, credits, application, applications, app no, case, cases, claim, "
        "claims, policy, deal, deals, court case, enforcement case, ln, loanapp, cntr, contr, agr, agrmt, tranche, cession, deposit, "
        "dossier, cntrct"
    ),
    Meaning.ORDER: (
        "payment, payments, invoice, invoices, order, orders, repayment, repayments, transaction, transactions, txn, instalment, "
        "instalments, installment, installments, request, ticket, transfer, transfers, receipt, voucher, purchase order, payment order, "
        "trn, trx, pmt, pymt, inv"
    ),
    Meaning.ORGANISATION_ID: (
        "bin, eik, bulstat, uic, vat number, vat no, vat id, vat code, registration number, company number, company code, company "
        "registration, reg code, registry code, company reg no, registrikood, duns, lei, tax office, business id, org number, company id "
        "number, kpp, ogrn, okpo, kmkr, reg no"
    ),
    Meaning.WORK: "work, employment, workplace phone, wrk",
    Meaning.NUMBER: "number, no, num, nr, nbr, numb, nmbr, nmr",
    Meaning.SERIES: "series, serie, ser",
    Meaning.CODE: "code, cd",
    Meaning.VALUE: (
        "value, val, txt, data, info, line, str, raw, field value, details, formatted, free form, freeform, initial, any, incl, secondary"
    ),
    Meaning.PERSONAL: "identity, identification, home, private, own, emergency",
    Meaning.TITLE: "title, designation name, caption, heading, naming",
    Meaning.KIND: (
        "type, kind, typ, class type, category type, format, pattern, mask, regex, typeid, label, prefix, extension, provider, domain, "
        "area code, calling code, phone code, operator code, template, source, method, channel, usage, purpose, quality, cc, brand"
    ),
    Meaning.STATUS: "status, state, stat, stts, sts, flag status, result, phase, priority, level, reason",
    Meaning.FLAG: (
        "pep, politically exposed, politically exposed person, politically exposed persons, political exposure, political exposed, "
        "political exposed person, public official, is, has, flag, flg, enabled, verified, confirmed, ind, valid, allowed, required, "
        "active, exists, accepted, blocked, changed, is valid, missing, matches, match, ind flag, indicator, visible, mandatory, unique, "
        "disabled flag, optional, yn, can, validated, bounced, check, checked, correct, duplicate, ok, reachable, opt in flag, closed, "
        "opted"
    ),
    Meaning.WHEN: (
        "at, date, dt, time, timestamp, ts, created, updated, modified, day, month, year, since, until, valid from, valid to, expires, "
        "expiry, deadline, datetime, on, dttm, tstamp, from date, to date, due, changed at, last "
        "seen, duration, seconds, hour, days, months, years, term, years service, years employment, years employed, years experience, work "
        "experience, length service, experience years, tenure, employment duration, months employed, employment length, service years, "
        "minute, minutes"
    ),
    Meaning.COUNT: (
        "invalid attempts, invalid logins, count, cnt, quantity, qty, number attempts, attempts, size, length, len, total count, seq, "
        "sequence number, order number, sort, rank, position number, counter, index number, min, max, avg, average, limit, percent, pct, "
        "ratio, weight, row number, tries, version number"
    ),
    Meaning.KEY: "id, key, uid, guid, uuid, fk, ident, oid, rowid, identifier, ids, sk, surrogate, external id, ext id, row id, object id",
    Meaning.HASH: ("hash, digest, sha, sha256, md5, hashed, encrypted, enc, hmac, tokenized, pseudonym, crypted, cipher, checksum, masked"),
    Meaning.EVENT: (
        "sent, send, opened, clicked, delivered, received, verification, confirmation, notification, notifications, validation, error, "
        "failed, subscription, subject, log, search, changes, history, change, request type, update, attempt, reminder, reminders, health "
        "check, healthcheck, health endpoint, import, imported, export, exported, read, generate, generated, trace, partial, generating, "
        "generates, persist, persisted, persistent, initialize, initializer, email subject, mail subject, message subject, subject line, "
        "sms subject, letter subject"
    ),
    Meaning.ISSUE: (
        "issued, issue, issuer, issued by, issue date, issuing, issuing authority, expiry date, expiration, valid thru, exp, valid till, "
        "expire, exp month, exp year, authority issued, issue place, issuing country, expiry month, expiry year, issuing state, issue "
        "country, issue state, state issue, country issue, issuer country, issued country, issued in, issuing nation, pass country, "
        "passport country, document country, doc country"
    ),
    Meaning.RATE: "rate, annual rate, apr, interest, interest rate, percentage, margin, exchange rate, currency code, gpr, yield",
}

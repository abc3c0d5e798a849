"""English words for what columns are about. Phrases are parted by commas; words like `of` and `the` are left out."""

from __future__ import annotations

from governance.catalogue.recognition.meanings import Meaning

WORDS: dict[Meaning, str] = {
    Meaning.NATIONAL_ID: (
        "personal identification no, personal nr, personal num, identification no, identification num, natl id, natl no, national id, "
        "national id number, national number, national identification number, national identifier, nin, ssn, ssnum, social security "
        "number, social security, personal id, personal id number, personal identification number, personal identification code, personal "
        "code, personal number, person code, pers id, pers code, pers no, civil number, citizen id, citizen number, uniform civil number, "
        "id number, id no, id num, id nr, id code, identification number, identification code, identity number, identity no, identity "
        "code, egn, lnch, lnc, ucn, iin, isikukood, snils, natid, nat id, nid, govt id, government id, unique citizen number, personal "
        "registration number, foreigner number, foreigner personal number, birth number, persid, perscode, person id number, resident id, "
        "individual identification number, personal no, personalno, personalcode, ucgn, gov id, pid no, eid code, indiv id no, civil no, "
        "civil id, idno, idnum, pers ident no, personal ident no, kliiin, custiin, iskood, nidnum, nidno, taxpayid, perskood, perid, "
        "laenik"
    ),
    Meaning.TAX_ID: "tax id, tax number, taxpayer id, taxpayer number, tin, inn, tax identification number, fiscal code, tax no",
    Meaning.PIN: "pin",
    Meaning.PASSPORT: (
        "mrz, machine readable zone, passport, pspt, ppt no, passport number, passport no, passp, psprt, pasp, travel document, "
        "passportno, ppt num, ppt nr, ppt number, ppt, pp no, pp number, pass doc no, paspn, npasp, paspno, pasportn"
    ),
    Meaning.ID_CARD: (
        "id card, identity card, id document, identity document, identification document, national id card, identification card, idcard, "
        "proof identity, id doc, personal document, identity doc, ident doc, residence permit, residence card, personal card, personal id "
        "card, docnum id, id doc number, doc id number, identity doc no, id docno, id proof number, identity proof, id cardno, idcardno, "
        "id cardnr, iddoc number, iddoc no, legal id, legal id no, legal id number, doc num ident, ident card no, nat id card, nat id "
        "card no, nat id card number, natl id card, nid card, nid card no, national id card no, national id card number, lkno, lichkart, "
        "lichnakart, idkart, idkartno"
    ),
    Meaning.DOCUMENT: "document, doc, docum, documents, dcmnt, docno, docnr",
    Meaning.LICENCE: (
        "driving licence, driving license, driver licence, driver license, drivers licence, drivers license, dl number, dl no, driving "
        "permit, driverlicense, licence driver, drivers lic no, driver lic no, driving lic no, lic driver"
    ),
    Meaning.VEHICLE: (
        "license plate, licence plate, number plate, plate number, plate no, vehicle registration, vehicle number, reg plate, vin, vehicle "
        "plate, car number, car plate, registration plate"
    ),
    Meaning.FIRST_NAME: (
        "first name, firstname, fname, f name, given name, givenname, gname, forename, first nm, frst nm, fst nm, fnm, fstname, frstname, "
        "christian name, name first, frst name, given names, first names, given nm, firstnm, fst name, name fst, preferred first name, "
        "firstn, vorna, vorname, namev, call name, name given, names first, fnam, prenom, prename"
    ),
    Meaning.MIDDLE_NAME: (
        "middle name, middlename, mname, mid name, m name, patronymic, patronymic name, second name, fathers name, father name, middle "
        "nm, mid nm, mnm, name middle, patronym, middle initial, patr, midnm, midname, patronimic, mnam"
    ),
    Meaning.LAST_NAME: (
        "last name, lastname, lname, l name, surname, sur name, family name, familyname, last nm, lst nm, lnm, lst name, maiden name, "
        "name last, sname, famname, fam name, fmly nm, srname, former name, birth name, previous surname, family names, second surname, "
        "surnm, sur nm, family nm, maiden nm, birth surname, surname birth, surname at birth, name at birth, birth last name, last name "
        "birth, family name birth, former last name, previous last name, prev last name, former surname, prev surname, old surname, old "
        "last name, second last name, mothers surname, mother maiden name, mothers maiden name, mother maiden nm, mothers maiden nm, "
        "mothers maiden surname, lastn, name lst, nachn, nachname, names last, lnam, pernimi, apellido"
    ),
    Meaning.FULL_NAME: (
        "full name, fullname, full nm, flname, complete name, whole name, fio, legal name, name surname, first last name, names, "
        "initials, last first name, first middle last, real name, nickname, nick name, alias name, fullnm, fml, contact name, kin name, "
        "patient name, collector name, referrer name, emergency contact name, emerg contact name, ref name, reference name, contact nm, "
        "full legal name, contact fullname, name on card, nameoncard, name card embossed, embossed name, embossing name, name on account, "
        "nameonaccount, account name holder, rm name, rm nm, preferred name, known as, also known as, aka, aka name, former names, legal "
        "full name, name and surname, fiodir, fiobuh, imeprez, imefam, imeprefa, famimya, namefull, payernam, ownernam, usernam full"
    ),
    Meaning.NAME: "name, nm, nme, display name",
    Meaning.EMAIL: (
        "email, e mail, mail, email address, mail address, e mail address, eml, emailaddr, mail addr, email addr, emailadr, mailbox, "
        "email id, mail id, emails, emladdr, electronic mail, em addr, em address, email adr, emailid, eml addr, smtp addr, e addr, "
        "replyto, reply to address, email to, mail to, email cc, email bcc"
    ),
    Meaning.PHONE: (
        "phone, phones, phone number, telephone, tel, tel no, telno, tel nr, telnr, telnum, telephone number, mobile, mob, mob no, mobno, "
        "mobile number, mobile no, mobile phone, cell, cell phone, cellphone, cellular, gsm, msisdn, ph no, ph num, phn, phn no, phnum, "
        "landline, land line, home phone, work phone, sms number, sms phone, whatsapp, viber, phoneno, phonenum, ph, mphone, hphone, "
        "wphone, tphone, telefon, telef, phonenr, telephn, contact no, contact number, mobile tel, dialed number, dialled number, caller "
        "number, called number, caller id, calling number, ani, dnis, callee, cntct no, handset number, callback number, tlf, fone, "
        "mobtel, mobnum, sms no, sms nr, cell no, cell nbr, contact tel, tel mob, phone nbr, mobile nbr, mobile phone nbr, telmob, "
        "mobileno, callback no, phone primary, phone home, phone mobile, daytime phone, evening phone, secondary phone, altphone, alt "
        "phone, ref phone, reference phone, secondary mobile, telf, ref tel, ref mob, ref mobile, office phone, office tel, business "
        "phone, business tel, business mobile, ph off, ph res, phone res, res tel, resi tel, resi phone, tel res, tel off, tel home, tel "
        "work, tel office, mob phone no, prim phone, sec phone, cust ph, mobile app number, phoneh, phonew, phonem, phone h, phone w, "
        "phone m"
    ),
    Meaning.FAX: "fax, fax number, telefax, faxno, telfx",
    Meaning.CONTACT: (
        "contact, contacts, contact details, contact data, contact info, contact information, cntct, contact value, recipient address"
    ),
    Meaning.HOME_ADDRESS: (
        "residence, residential address, domicile, home address, mailing address, living address, place residence, permanent address, "
        "registered address, residence place, current address, registration address, delivery address, shipping address, actual address, "
        "correspondence address, domicil, mail addr ln, mailing addr, mail address line, mail addr line, postal addr, perm addr, "
        "permanent addr, residence addr, residential addr, home addr, res addr, curr addr, prev addr, previous address, temporary "
        "address, temp address, present address, postal address line, ship to addr, ship to address, ship addr, bill to addr, bill to "
        "address, comm addr, communication address, communication addr, corr addr, correspondence addr, resi addr, resi address, residing "
        "at, lives at, living at, adrjit, adrlk, adrkor, koradr, mailadr"
    ),
    Meaning.ADDRESS: (
        "address, addr, adr, adress, addrs, addres, address line, addr line, addr ln, address ln, postal address, addr txt, full address, "
        "billing address, adrs, addrln"
    ),
    Meaning.STREET: (
        "street, street name, street address, strt, str nm, street line, street number, street no, road, str name, strasse, stras, "
        "straße, custstr"
    ),
    Meaning.HOUSE: (
        "house, house number, house no, apartment, apt, flat, flat no, flat number, building number, building no, apartment number, "
        "apartment no, entrance, apt no, aptno, houseno, housenum, unit number, flatno, bldg no, block number, floor"
    ),
    Meaning.CITY: "city, town, village, settlement, city name, town name, locality, municipality, cty, place name, suburb, parish",
    Meaning.REGION: "region, province, county, district, state province, oblast, region name, prov, state region, area region",
    Meaning.POSTAL_CODE: (
        "zip, zip code, zipcode, postal code, postcode, post code, postalcode, pcode, post index, postal index, zip cd, postal cd, "
        "pincode, pst cd, pstlz, plz"
    ),
    Meaning.COUNTRY: "country, country code, country name, ctry, cntry",
    Meaning.SOCIAL: (
        "facebook, instagram, linkedin, telegram, twitter, vkontakte, skype, skype id, tiktok, social account, social profile, social "
        "network, telegram id, telegram chat id, facebook id, facebook profile, social media, social id, messenger id, fb id, fb profile, "
        "google id, apple id, social link, social url, linkedin url, facebook url, instagram handle, ok profile, vk id, vk profile, "
        "odnoklassniki"
    ),
    Meaning.IBAN: "iban, iban number, iban no, iban code",
    Meaning.ACCOUNT: (
        "account, acc, acct, acnt, accnt, bank account, bank acc, bank acct, account number, account no, acc no, accno, acctno, acct no, "
        "acctnum, accnum, acc nr, acc num, acct num, bank account number, bankacc, accountno, settlement account, current account, payment "
        "account, salary account, payout account, debit account, credit account, savings account, accountnum, accountnr, bankaccount, ban, "
        "bacc, bankn, bank acct no"
    ),
    Meaning.CARD: (
        "card, card number, card no, cardno, card num, cardnum, pan, credit card, creditcard, debit card, payment card, bank card, cc "
        "number, cc no, cc num, ccnum, card pan, masked pan, cardnr, card nr, masked card, card mask, card masked, plastic card, cc last, "
        "card last four, crd no, crd num, ccno, salary card, cvv, cvc, card verification value, card holder number, primary account "
        "number, card first six last four, truncated pan, ccn, cc nbr, card nbr, ccard, ccard no, ccardno, ccardnum, crd nr, crd nbr, "
        "crdno, crdnum, crdnr, card last digits, card first six"
    ),
    Meaning.BANK_CODE: "bic, swift, swift code, bic code, bank code, sort code, routing number, bank identifier",
    Meaning.EMPLOYER: (
        "employer, employer name, workplace, work place, place work, place employment, company work, work company, employment place, "
        "current employer, emplr, empl name, employer company, employed at, works at, work organization, work organisation, job place, "
        "work name, emplyr, employment company, job company, employer title, emplr nm, employer nm, company employed, emplyr nm, "
        "employing company, employers name, name employer, emp company, employed by, emp org, emp nm org, empl company, employer org"
    ),
    Meaning.POSITION: (
        "job title, position, occupation, profession, job, job position, job role, employment position, work position, designation, job "
        "name, occup, post title, jobtitle, professional title, job description, occupn, pos title, job ttl, occup title"
    ),
    Meaning.SALARY: (
        "salary, wage, wages, salary amount, net salary, gross salary, monthly salary, slry, pay rate, remuneration, sal amt, payroll, "
        "net pay, gross pay, take home pay, salary net, salary gross, earnings, salry, pension amount, pension, net sal, gross sal, sal "
        "net, sal gross, sal, basic sal, salary amt, pension contributions, pension contribution, pension fund contributions, pension "
        "fund contribution, pension deductions, pension fund, social contributions, remun, payslip amount, salamt, basic pay, take home, "
        "base salary, base pay, gross wage, net wage, pay amount net, netsal, netpay"
    ),
    Meaning.INCOME: (
        "income, monthly income, net income, declared income, household income, inc amt, income amount, other income, additional income, "
        "gross income, annual income, family income, yearly income, total income, incm, monthly inc, income mth, mthly inc, net inc, "
        "gross inc, mnthly inc, monthlyinc, mthlyinc, borr inc, cust inc, spouse inc, netinc"
    ),
    Meaning.AMOUNT: (
        "amount, amt, sum, balance, principal, outstanding, payment amount, total, paid, debt, instalment amount, installment amount, "
        "penalty, fee, interest amount, overdue amount, credit limit, amount due, balance due, due amount, face value, face amount, limit "
        "amount, disbursed, price, arrears, amnt, outstanding balance"
    ),
    Meaning.PROPERTY: (
        "property, real estate, owned property, car owner, owns car, owns house, owns property, home ownership, assets, property type, "
        "housing type, housing status, residence status, home owner, own car, own house, collateral owner, residence type, has car, has "
        "house, has property"
    ),
    Meaning.LIABILITY: (
        "liabilities, liability, obligations, other loans, other debts, monthly expenses, monthly liabilities, existing loans, other "
        "obligations, existing debts, debt burden, other credits, monthly obligations, expenses, debts, indebtedness, total debts, other "
        "debt, current debts, other loans amount"
    ),
    Meaning.SOLVENCY: (
        "credit score, score, scoring, solvency, creditworthiness, bureau score, risk score, scoring points, score value, credit rating, "
        "credit history, dti, fico, rating score, application score, behavior score, behaviour score, probability default, credit standing"
    ),
    Meaning.BIRTH_DATE: (
        "birth date, birthdate, date birth, dob, bdate, birthday, birth dt, birthdt, brth dt, dt birth, birth day, born, born on, born "
        "at, d o b, birth, brthdt, dateofbirth, birth year, year birth, bday, b date, birth month, bd, datebirth, dtbirth, dobirth, brth "
        "date, year born, birth yr, born dt, birthyr, dob yr, birthd, birth d, gbdat, birthd dt, birth date text, datrod, roddata, drajd, "
        "datebrth, tugkuni, drozhd, datrozd"
    ),
    Meaning.BIRTH_PLACE: (
        "birth place, birthplace, place birth, pob, birth city, birth country, country birth, city birth, birth town, town birth"
    ),
    Meaning.AGE: "age, age years, age group, age range, age band, client age, age bracket",
    Meaning.GENDER: "gender, sex, sex code, gndr, gender code, gend, is male, is female",
    Meaning.MARITAL: (
        "marital status, marital, marital state, family status, civil status, family state, mar stat, maritalstatus, married, marstat, "
        "mrtl st, marital stat, is married, mstatus, mar status, mrtl stat, mar st, marital st, fam status, marriage status, marital cd, "
        "spouse status, fam stat, famst, marriage, marit"
    ),
    Meaning.LANGUAGE: "language, lang, preferred language, language code, locale, mother tongue, native language",
    Meaning.CITIZENSHIP: (
        "citizenship, nationality, citizen, citizenship code, citizenship country, country citizenship, natlty, nationality code, tax "
        "residence, tax residency, resident status, residency status, citizen country, tax resident, ctznshp"
    ),
    Meaning.EDUCATION: "education, education level, educ, degree, edu level, education degree, academic degree, edu",
    Meaning.DEPENDANTS: (
        "dependents, dependants, number children, children, children count, kids, num children, child count, no children, num dependents, "
        "family members, family size, dependents count, household size, household members, has children, num kids, kids count, children "
        "number, number dependents"
    ),
    Meaning.NOTE: (
        "note, notes, comment, comments, remark, remarks, memo, free text, annotation, observations, cmnt, cmt, rmrk, cmnts, notes txt, "
        "narrative, complaint, statement, operator note, collector note, freetext, feedback, explanation, note txt, complaint text, "
        "comment txt, free txt, rmks, rmk, obs, narration, narr, additional info, additional information, remark txt, add info"
    ),
    Meaning.BODY: (
        "text, message, body, content, contents, description, message text, sms text, sms body, email body, mail body, message body, "
        "transcript, email text, answer, letter, chat, msg, msg text, descr, email content, chat message, cv, resume, sms content, reply, "
        "mail text, conversation, sms, cover letter, call transcript, chat log, essay"
    ),
    Meaning.PASSWORD: (
        "password, passwd, pwd, passphrase, pass word, password hash, passwd hash, pwd hash, hashed password, encrypted password, password "
        "digest, pass hash, passw, psw, pswd, passwordhash, pwdhash, user pass, user password, pw, pw hash, pass, password salt, psswrd, "
        "passhash, password encrypted"
    ),
    Meaning.SECRET: (
        "secret, secret word, secret answer, security answer, security question, secret question, api key, access token, refresh token, "
        "auth token, token, otp, otp code, sms code, confirmation code, verification code, one time code, one time password, pin code, "
        "pincode hash, pin hash, session token, credential, credentials, private key, totp secret, otp secret, security code, access "
        "code, activation code, reset token, secret key, client secret, bearer token, code word, codeword, auth code, secret code, card "
        "pin, pin block, salt, pin encrypted, one time passcode, passcode, otp value, otp hash, reset code, jwt, authorization code, mfa "
        "secret, recovery code, backup codes, login token, authtoken, apikey, session key, session id, sessionid, memorable word, unlock "
        "code, code sms, sms pin, sms otp, confirm code, verif code, verify code, sms confirmation code, sms verification code, otp pin, "
        "one time pin, sms password, code text message, sessiontoken"
    ),
    Meaning.USERNAME: (
        "username, user name, login, login name, user login, userid login, usr, usr nm, usrname, uname, loginname, logon, logon name, user "
        "nm, signin name, screen name, sign in name, login id, user id name, web login, usrnm"
    ),
    Meaning.AUTHOR: (
        "created by, updated by, modified by, changed by, inserted by, entered by, approved by, authorised by, authorized by, verified "
        "by, checked by, confirmed by, deleted by, closed by, edited by, last user, created user, updated user, modified user, changed "
        "user, create user, update user, change user, insert user, user created, user updated, user changed, user modified, maker, "
        "checker, author, ernam, aenam, usnam, crusr, chusr, crtd by, upd by, mod by, chg by, ins by, upd user, ins user, mod user, "
        "handled by, interviewed by, served by, signed by, reviewed by, recorded by, registered by, submitted by, requested by, processed "
        "by, assigned by, assigned to, cancelled by, canceled by, rejected by, received by, completed by, completed by user, resolved by, "
        "opened by, uploaded by, initiated by, authorised user, last modified by, last updated by, last changed by, owned by, done by, "
        "performed by, visited by, called by"
    ),
    Meaning.RELATION: (
        "relationship, relation, kinship, relation client, relationship type, relation type, degree kinship, family relation, relation "
        "borrower, relation debtor, relation degree, relationship client, relation applicant, kin, relationship borrower, relationship "
        "debtor, rel borrower, rel client, rel applicant, rel debtor, relship, relation type code, family, families"
    ),
    Meaning.VOICE: (
        "audio, voice, call recording, voice recording, audio track, audio file, recording, recorded call, call audio, sound, voice file, "
        "audio record, recording file, call record, audio recording, voice record, voice message, voicemail"
    ),
    Meaning.VIDEO: (
        "video, footage, video recording, frames, video file, camera recording, video frames, video identification, cctv, video record, "
        "video session, surveillance, video call"
    ),
    Meaning.PHOTO: (
        "photo, selfie, portrait, client photo, avatar, photograph, profile picture, picture, photo id, selfie image, passport photo, "
        "photo image, signature image, passport scan, id scan, document scan, selfie photo, photo file, profile photo, scan, signature"
    ),
    Meaning.MARKETING: (
        "marketing preferences, marketing segment, advertising segment, advertising profile, interests, ad segment, marketing interests, "
        "hobbies, hobby, marketing profile, target segment, advertising interests, ad interests, customer segment, marketing group"
    ),
    Meaning.CONSENT: (
        "consent, consent given, marketing consent, opt in, opt out, consent withdrawn, agreed marketing, privacy consent, consent text, "
        "gdpr consent, consent scope, optin, optout, do not call, unsubscribed, consent marketing, data consent, newsletter consent, "
        "consent status, consents"
    ),
    Meaning.CLIENT_NUMBER: "cif, cif no, cif num, cif number, crn, ucic, client ref no, customer ref no",
}

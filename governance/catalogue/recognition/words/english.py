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
        "individual identification number, personal no"
    ),
    Meaning.TAX_ID: "tax id, tax number, taxpayer id, taxpayer number, tin, inn, tax identification number, fiscal code, tax no",
    Meaning.PIN: "pin",
    Meaning.PASSPORT: (
        "mrz, machine readable zone, passport, pspt, ppt no, passport number, passport no, passp, psprt, pasp, travel document, "
        "passportno, ppt num, ppt nr, ppt number, ppt"
    ),
    Meaning.ID_CARD: (
        "id card, identity card, id document, identity document, identification document, national id card, identification card, idcard, "
        "proof identity, id doc, personal document, identity doc, ident doc, residence permit, residence card, personal card, personal id "
        "card, docnum id, id doc number, doc id number, identity doc no, id docno, id proof number, identity proof"
    ),
    Meaning.DOCUMENT: "document, doc, docum, documents, dcmnt",
    Meaning.LICENCE: (
        "driving licence, driving license, driver licence, driver license, drivers licence, drivers license, dl number, dl no, driving "
        "permit, driverlicense, licence driver"
    ),
    Meaning.VEHICLE: (
        "license plate, licence plate, number plate, plate number, plate no, vehicle registration, vehicle number, reg plate, vin, vehicle "
        "plate, car number, car plate, registration plate"
    ),
    Meaning.FIRST_NAME: (
        "first name, firstname, fname, f name, given name, givenname, gname, forename, first nm, frst nm, fst nm, fnm, fstname, frstname, "
        "christian name, name first, frst name, given names, first names, given nm, firstnm, fst name"
    ),
    Meaning.MIDDLE_NAME: (
        "middle name, middlename, mname, mid name, m name, patronymic, patronymic name, second name, fathers name, father name, middle nm, "
        "mid nm, mnm, name middle, patronym, middle initial, patr"
    ),
    Meaning.LAST_NAME: (
        "last name, lastname, lname, l name, surname, sur name, family name, familyname, last nm, lst nm, lnm, lst name, maiden name, name "
        "last, sname, famname, fam name, fmly nm, srname, former name, birth name, previous surname, family names, second surname, surnm, "
        "sur nm, family nm, maiden nm"
    ),
    Meaning.FULL_NAME: (
        "full name, fullname, full nm, flname, complete name, whole name, fio, legal name, name surname, first last name, names, initials, "
        "last first name, first middle last, real name, nickname, nick name, alias name, fullnm, fml, contact name, kin name, patient "
        "name, collector name, referrer name, emergency contact name, emerg contact name, ref name, reference name, contact nm, full legal "
        "name, contact fullname"
    ),
    Meaning.NAME: "name, nm, nme, display name",
    Meaning.EMAIL: (
        "email, e mail, mail, email address, mail address, e mail address, eml, emailaddr, mail addr, email addr, emailadr, mailbox, email "
        "id, mail id, emails, emladdr, electronic mail, em addr, em address, email adr, emailid, eml addr"
    ),
    Meaning.PHONE: (
        "phone, phones, phone number, telephone, tel, tel no, telno, tel nr, telnr, telnum, telephone number, mobile, mob, mob no, mobno, "
        "mobile number, mobile no, mobile phone, cell, cell phone, cellphone, cellular, gsm, msisdn, ph no, ph num, phn, phn no, phnum, "
        "landline, land line, home phone, work phone, sms number, sms phone, whatsapp, viber, phoneno, phonenum, ph, mphone, hphone, "
        "wphone, tphone, telefon, telef, phonenr, telephn, contact no, contact number, mobile tel, dialed number, dialled number, caller "
        "number, called number, caller id, calling number, ani, dnis, callee, cntct no, handset number, callback number, tlf, fone, "
        "mobtel, mobnum, sms no, "
        "sms nr, cell no, cell nbr, contact tel, tel mob, phone nbr, mobile nbr, mobile phone nbr, telmob, mobileno, callback no, phone "
        "primary, phone home, phone mobile, daytime phone, evening phone, secondary phone, altphone, alt phone, ref phone, reference "
        "phone, secondary mobile"
    ),
    Meaning.FAX: "fax, fax number, telefax, faxno",
    Meaning.CONTACT: (
        "contact, contacts, contact details, contact data, contact info, contact information, cntct, contact value, recipient address"
    ),
    Meaning.HOME_ADDRESS: (
        "residence, residential address, domicile, home address, mailing address, living address, place residence, permanent address, "
        "registered address, residence place, current address, registration address, delivery address, shipping address, actual address, "
        "correspondence address, domicil, mail addr ln, mailing addr, mail address line, mail addr line, postal addr, perm addr, permanent "
        "addr, residence addr, residential addr, home addr, res addr, curr addr, prev addr, previous address, temporary address, temp "
        "address, present address, postal address line"
    ),
    Meaning.ADDRESS: (
        "address, addr, adr, adress, addrs, addres, address line, addr line, addr ln, address ln, postal address, addr txt, full address, "
        "billing address, adrs, addrln"
    ),
    Meaning.STREET: "street, street name, street address, strt, str nm, street line, street number, street no, road, str name",
    Meaning.HOUSE: (
        "house, house number, house no, apartment, apt, flat, flat no, flat number, building number, building no, apartment number, "
        "apartment no, entrance, apt no, aptno, houseno, housenum, unit number, flatno, bldg no, block number, floor"
    ),
    Meaning.CITY: "city, town, village, settlement, city name, town name, locality, municipality, cty, place name, suburb, parish",
    Meaning.REGION: "region, province, county, district, state province, oblast, region name, prov, state region, area region",
    Meaning.POSTAL_CODE: (
        "zip, zip code, zipcode, postal code, postcode, post code, postalcode, pcode, post index, postal index, zip cd, postal cd, "
        "pincode, pst cd"
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
        "crdno, crdnum, crdnr"
    ),
    Meaning.BANK_CODE: "bic, swift, swift code, bic code, bank code, sort code, routing number, bank identifier",
    Meaning.EMPLOYER: (
        "employer, employer name, workplace, work place, place work, place employment, company work, work company, employment place, "
        "current employer, emplr, empl name, employer company, employed at, works at, work organization, work organisation, job place, "
        "work name, emplyr, employment company, job company, employer title, emplr nm, employer nm, company employed, emplyr nm, employing "
        "company, employers name, name employer"
    ),
    Meaning.POSITION: (
        "job title, position, occupation, profession, job, job position, job role, employment position, work position, designation, job "
        "name, occup, post title, jobtitle, professional title, job description, occupn, pos title, job ttl, occup title"
    ),
    Meaning.SALARY: (
        "salary, wage, wages, salary amount, net salary, gross salary, monthly salary, slry, pay rate, remuneration, sal amt, payroll, net "
        "pay, gross pay, take home pay, salary net, salary gross, earnings, salry, pension amount, pension, net sal, gross sal, sal net, "
        "sal gross, sal, basic sal, salary amt, pension contributions, pension contribution, pension fund contributions, pension fund "
        "contribution, pension deductions, pension fund, social contributions, remun, payslip amount"
    ),
    Meaning.INCOME: (
        "income, monthly income, net income, declared income, household income, inc amt, income amount, other income, additional income, "
        "gross income, annual income, family income, yearly income, total income, incm, monthly inc, income mth, mthly inc, net inc, gross "
        "inc, mnthly inc"
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
        "birth date, birthdate, date birth, dob, bdate, birthday, birth dt, birthdt, brth dt, dt birth, birth day, born, born on, born at, "
        "d o b, birth, brthdt, dateofbirth, birth year, year birth, bday, b date, birth month, bd, datebirth, dtbirth, dobirth, brth date, "
        "year born, birth yr, born dt, birthyr, dob yr, birthd, birth d"
    ),
    Meaning.BIRTH_PLACE: (
        "birth place, birthplace, place birth, pob, birth city, birth country, country birth, city birth, birth town, town birth"
    ),
    Meaning.AGE: "age, age years, age group, age range, age band, client age, age bracket",
    Meaning.GENDER: "gender, sex, sex code, gndr, gender code, gend, is male, is female",
    Meaning.MARITAL: (
        "marital status, marital, marital state, family status, civil status, family state, mar stat, maritalstatus, married, marstat, "
        "mrtl st, marital stat, is married, mstatus, mar status, mrtl stat, mar st, marital st, fam status, marriage status, marital cd, "
        "spouse status, fam stat"
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
    Meaning.IP: (
        "ip, ip address, ip addr, ipaddr, ipaddress, remote addr, remote address, client ip, source ip, src ip, last ip, login ip, user "
        "ip, remote ip, remote host, host ip, host address, ip adr, ipv, ip v"
    ),
    Meaning.COOKIE: (
        "cookie, cookie id, cookie value, cookies, ga client id, visitor cookie, session cookie, google analytics id, gclid, fbclid, "
        "tracking id, tracking cookie, visitor id, fbp, anonymous id, anon id, visitor uuid, visitor guid, anonymous visitor id, anonymous "
        "user id, anonymous visitor, guest id, cookie uuid, cookie guid, ga id, ga cid, tracking uuid, unique visitor id, web visitor id, "
        "fbc, ttclid, yclid, msclkid, pixel id"
    ),
    Meaning.USER_AGENT: (
        "user agent, useragent, browser, browser agent, agent string, ua string, http user agent, browser name, browser version, browser "
        "info, uastring"
    ),
    Meaning.DEVICE: (
        "device id, device identifier, device uuid, device serial, imei, imsi, idfa, gaid, advertising id, android id, device fingerprint, "
        "browser fingerprint, mac, mac address, mac addr, deviceid, hardware id, serial number, device token, push token, device, device "
        "hash, device name, device model, device info, device data, udid, phone imei, fcm token, device number, machine id, installation "
        "id, iccid, idfv, adid, device key, canvas fingerprint, push id, aaid, phone model, device guid, installation uuid, installation "
        "guid, install id, install uuid, app instance id, app install id, app installation id, firebase installation id, handset id, "
        "device fp, dev id, devid, hw id, hwid, sim serial, sim number, meid, browser id, device key id, device code"
    ),
    Meaning.COORDINATES: (
        "latitude, longitude, lat, lon, lng, lat lng, lat lon, coordinates, coords, geo, geolocation, gps, gps lat, gps lon, geo lat, geo "
        "lon, geo point, geo location, gps coordinates, gps position, gps location, geo position, gps lng, geo coordinates, geo lng, "
        "geoloc, latlng, latlon"
    ),
    Meaning.BROWSING: (
        "page url, visited url, referrer, referer, visited page, page address, page visited, browsing history, landing page, referrer url, "
        "http referer, url visited, search query, search history, visited site, visited pages, web address, site address, website address, "
        "page"
    ),
    Meaning.NOTE: (
        "note, notes, comment, comments, remark, remarks, memo, free text, annotation, observations, cmnt, cmt, rmrk, cmnts, notes txt, "
        "narrative, complaint, statement, operator note, collector note, freetext, feedback, explanation, note txt, complaint text, "
        "comment txt, free txt"
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
        "pincode hash, pin hash, session token, credential, credentials, private key, totp secret, otp secret, security code, access code, "
        "activation code, reset token, secret key, client secret, bearer token, code word, codeword, auth code, secret code, card pin, pin "
        "block, salt, pin encrypted, one time passcode, passcode, otp value, otp hash, reset code, jwt, authorization code, mfa secret, "
        "recovery code, backup codes, login token, authtoken, apikey, session key, session id, sessionid, memorable word, unlock code, "
        "code sms, sms pin, sms otp, confirm code, verif code, verify code, sms confirmation code, sms verification code, otp pin, one "
        "time pin, sms password, code text message"
    ),
    Meaning.USERNAME: (
        "username, user name, login, login name, user login, userid login, usr, usr nm, usrname, uname, loginname, logon, logon name, user "
        "nm, signin name, screen name, sign in name, login id, user id name, web login, usrnm"
    ),
    Meaning.AUTHOR: (
        "created by, updated by, modified by, changed by, inserted by, entered by, approved by, authorised by, authorized by, verified by, "
        "checked by, confirmed by, deleted by, closed by, edited by, last user, created user, updated user, modified user, changed user, "
        "create user, update user, change user, insert user, user created, user updated, user changed, user modified, maker, checker, "
        "author, ernam, aenam, usnam, crusr, chusr, crtd by, upd by, mod by, chg by, ins by, upd user, ins user, mod user"
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

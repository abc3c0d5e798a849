"""Words of packaged systems, of credit bureaus and of old files that the dictionaries of the languages lack: SAP with its German roots,
Temenos, Flexcube, Fineract, Odoo, 1C, Colvir and CFT; state numbers and papers of many countries; who takes part in a pledge, a payment, a
call. Earlier languages win where two write words alike.
"""

from __future__ import annotations

from governance.catalogue.recognition.meanings import Meaning

WORDS: dict[Meaning, str] = {
    Meaning.NATIONAL_ID: (
        "identification id, idnumber, id numb, nat ins no, national insurance, national insurance no, national insurance number, ni "
        "number, nino, itin, cnp, bsn, curp, aadhaar, aadhaar no, aadhar, aadhar no, cpr no, cpr number, jmbg, embg, oib, amka, rodne "
        "cislo, rodné číslo, rc number, ssnid, ssno, ssn no, soc sec no, soc sec nbr, sin number, personnr, persnr, hetu, rsin, nuip, "
        "cedula, natregno, national register number, national reg no, person ident, person identifier, civil registration number, "
        "citizen card no, citizen no, population register code, subject id number, subject national id, party national id, uni civil "
        "no, иинфл, инн фл, иин фл, иин бин фл, снилс, страховой номер, ик, сик, рнн, рнн физлица, иин физлица, соцкод, социальный "
        "код, пин фл, социальный индивидуальный код, иинзаем, егн лнч, егнлнч, личен номер, лич номер, единен граждански номер, "
        "идентификатор физлице, ik, ikood, isiku kood, kood isiku, жсн бсн, жсннөмірі, жеке нөмірі, zhsn, jsn, жеке сәйкестендіру "
        "нөмірі"
    ),
    Meaning.TAX_ID: "taxcode, tax cd, tax code, inn plat, инн плательщика, tax reference, nipt, eori person",
    Meaning.PASSPORT: (
        "passnum, passser, pass num, pass ser, passport ser, passport num, passport series, паспорт номер, заграничный паспорт"
    ),
    Meaning.ID_CARD: (
        "military id, military id no, military card, military book, military ticket, residence permit no, residence permit number, "
        "permit residence, work permit no, visa no, visa number, permit no, birth certificate no, birth certificate number, birth "
        "cert no, voter id, voter id no, voter card, legal id, legal doc no, refugee card, asylum card, pensioner card no, student "
        "card no, health card no, document key, client identifier, id docs, identity paper, seaman book, travel doc no, военный "
        "билет, военный билет номер, военник, воен билет, воен бил, вид на жительство, рвп, св во рождении, свидетельство рождении, "
        "св во о рожд, миграционная карта, пенсионное удостоверение, удостоверение беженца, документ фл, удостоверение номер, № "
        "удостоверения, военна книжка, военен билет, акт за раждане, удостоверение раждане, разрешение пребиваване, карта "
        "пребиваване, разр пребиваване, разрешително пребиваване, карта на бежанец, документ за пребиваване, бежанска карта, "
        "пенсионна книжка, sõjaväepilet, sõjaväepileti number, elamisluba, elamisloa number, elamisloa nr, sünnitunnistuse nr, "
        "pensionitunnistus, isikutunnistus, isikutunnistuse nr, digi id, elamisõiguse kaart, әскери билет, әскери билеті, туу туралы "
        "куәлік, тууы туралы куәлік, ықтиярхат, тұруға ықтиярхат, зейнеткер куәлігі, оралман куәлігі, қандас куәлігі, azhb, әскери "
        "билет нөмірі"
    ),
    Meaning.LICENCE: (
        "drv licence, drv license, drvr lic, вод уд, шоф кн, шоф кн номер, driver card, driver card no, tacho card, tachograph card, "
        "driverlic, dln, driving lic, drv lic no, drv lic, drivers licence no, dl num, dl nbr, водит удост, вод удост, вод "
        "удостоверение, ву номер, номер ву, права серия, удостоверение водителя, сумпс номер, шоф книжка номер, свид управление мпс, "
        "juhiluba, juhiloa number, juhiloa nr, juhiload, juhtimisõigus, жүргізуші куәлігі, жүргізуші куәлігінің нөмірі, жүргізуші "
        "құжаты, көлік жүргізу құқығы"
    ),
    Meaning.VEHICLE: (
        "көлік no, kolik no, vehicle plate, plate, plate no, plt no, license plt, lic plate, licence plt, rego, rego no, vrm, vrn, "
        "veh reg no, veh reg, vehicle reg, vehicle reg no, vehicle reg number, registration mark, car reg, car reg no, auto reg no, "
        "rc no, numberplate, kennzeichen, kfz kennzeichen, plaka, plate num, plates, vehicle plate no, reg mark, truck number, "
        "trailer plate, asset plate, vehicle registration number, дкн, дк номер, контролен номер, мпс рег, рег номер, рег no, рег "
        "номер кола, рег номер авто, кола номер, номер кола, номер на мпс, мпс номер, рег знак, регистрационен знак, номер лек "
        "автомобил, dkn, mps reg, reg nom mps, reg nomer mps, грз, госзнак, гос знак, гос рег знак, гос рег номер, гос ном, госном, "
        "номерной знак, номер тс, номер транспорта, авто номер, автономер, гн авто, регистрационный знак, номер залогового авто, reg "
        "märk, regmärk, reg märgi nr, autonumber, auto nr, autonr, sõiduki nr, sõiduki reg nr, sõiduki number, numbrimärk, riiklik "
        "number, көлік нөмері, көлік номері, көліктің нөмірі, автокөлік нөмері, мемлекеттік белгісі, тіркеу белгісі, мем нөмір, авто "
        "нөмірі, kolik nomeri, kolik nomiri, memlekettik nomiri"
    ),
    Meaning.FIRST_NAME: (
        "name first, namefirst, fstnam, im, имя фл, имя лат, имя кл, имя латиницей, имя контакта, собств име, ime lat, аты лат, ruf "
        "name, имя ру, имя каз, соб име, ettenimi, first given name, second given name"
    ),
    Meaning.MIDDLE_NAME: (
        "father nm, fathr nm, fthr nm, fthr name, namemiddle, name middle, sname cl, отчество лат, имя отца, име баща, име на баща, "
        "бащ име, әке аты, әкесінің ат, mid name txt"
    ),
    Meaning.LAST_NAME: (
        "mmn, mother maiden, mthr maiden nm, mthr maiden name, name lst, namelast, family cl, fam cl, names family, фамилия при "
        "рождении, девичья фамилия, прежняя фамилия, фамилия матери, девичья, рождено име, родово име, моминско име, бивша фамилия, "
        "предишна фамилия, фамилно име, фам име, rodeno ime, neiupõlve nimi, ema neiupõlvenimi, sünnijärgne nimi, pern, қыз тегі, "
        "бұрынғы тегі, шешесінің қыз тегі, geburts name"
    ),
    Meaning.FULL_NAME: (
        "koinh, emftx, cname, nachname vorname, name1 kunde, account holder, acct hldr nm, acct holder name, acc holder, holder nm, "
        "emboss line, emboss name, emb name, emb line, embossed line, emboss nm, name co, legal holder name, other name, other names, "
        "alternate name, alternative name, alt name, alias names, name variant, name variants, name variations, matched alias, "
        "matched name, hit name, watchlist name, screened name, screened party, caller name, cnam, callerid name, calling name, "
        "drawee name, certificate subject cn, subject cn, signer name, signatory name, payee nm, remitter nm, фио лат, фио полностью, "
        "фио рус, фио каз, фиополучателя, фиоплательщика, бенефициарфио, фио контакта, конт лицо, прежнее фио, псевдонимы, другие "
        "имена, прозвище, фио бенефициара, полн имя, полное фио, имена по лк, имена по лична карта, имена поръчител, имена лк, три "
        "имена, трите имена лат, имена лат, всички имена, псевдоним, прякор, други имена, имена на лицето, täisnimi, ees ja "
        "perekonnanimi, nimi kaardil, varjunimi, hüüdnimi, muu nimi, teised nimed, аты тегі лат, лақап аты, басқа аты, тегі аты әкесі"
    ),
    Meaning.NAME: (
        "name ru, name kz, name kk, name en, name bg, name et, name ee, name lat, name latin, name cyr, name cyrillic, name rus, name "
        "kaz, name eng, name local, name intl, name txt, shortname, name line"
    ),
    Meaning.EMAIL: (
        "адрес эп, адресэп, эл адр, эл адрес, el adr, el adres, элпочта, elpochta, эл ящик, е мейл, мейл, имейл адрес, ел адрес, ел "
        "пощ, ел поща, elposhta, eposti aadress, meiliaadress, meil, email норм, эл пошта, пошта эл, epost aadr, smtp adr, mailaddr, "
        "e mailadr, mailto"
    ),
    Meaning.PHONE: (
        "wa number, wa no, wa phone, alt mob, clid, cli number, anumber, bnumber, src number, dst number, calling party, called "
        "party, calling party number, called party number, dialled no, dialed no, callerid, callerid num, caller num, skip trace "
        "phone, trace phone, traced phone, workplace phone, work place phone, employer phone, phone verified no, telnr, telf, "
        "telmobil, tel number, sms to, sms recipient, recipient number, destination number, sms dest, rpc ph, rpc phone, ref1 ph, "
        "ref2 ph, номер абонента, номер набора, набранный номер, входящий номер, исходящий номер, номер вызова, а номер, б номер, "
        "куда звонили, сот тел, сот номер, тел контакта, тел моб, тел дом, тел раб, контактный номер, ватсап, вацап, номер ватсап, "
        "viber номер, набран номер, входящ номер, изходящ номер, избран номер, номер абонат, тел за връзка, тел връзка, телефон за "
        "контакт, моб тел, дом тел, сл тел, служ тел, вайбър, valitud number, helistaja number, helistatud number, sissetulev number, "
        "kontaktnumber, mob nr, tel nr, lauatelefon, терілген нөмір, абонент нөмірі, ватсап нөмірі, байланыс нөмірі, қоңырау нөмірі, "
        "ұялы нөмір, сот нөмірі"
    ),
    Meaning.FAX: "telfax, faksi nr, факс номер, fax nbr",
    Meaning.HOME_ADDRESS: (
        "address found, new addr, new address, resident at, place residing, last known address, адрес прожив, адрес факт, адр факт, "
        "адр рег, адр проп, адрес прописки, прописка, место жительства, место прописки, место регистрации, место проживания, "
        "фактическое проживание, адресная строка, проживает, зарегистрирован по, местоживеене, постоянен адрес, настоящ адрес, адр "
        "лк, адрес по лк, пост адр, наст адр, адресна регистрация, живее на, местожив, elab aadressil, elukoha aadr, registreeritud "
        "elukoht, tegelik elukoht, postiaadr, kirjavahetuse aadress, тіркелген жері, тіркелген жер, тұрғылықты жері, тұрғылықты жер, "
        "тұратын жері, тұратын жер, тұрғын жері, тіркеу орны, тіркеу мекенжайы, мекен жайы, мекенжай, үй мекенжайы, нақты мекенжайы, "
        "мекен жай, turgylyqty zheri, tirkelgen zheri"
    ),
    Meaning.ADDRESS: "ad line, adr line, addrline, address text, адр, адрес строка, адрес лица, мекенжайы",
    Meaning.IBAN: "iik, иик, жск, ииксчет, iban nr, iban acc, ibannr",
    Meaning.ACCOUNT: (
        "ac no, cust ac no, alt ac no, acct id, alt acct id, sm nom, smetka nom, nom smetka, nls, рс плат, рс получателя, рс "
        "плательщика, р счет, расч счет, расчсчет, лицевой счет, лиц счет, lic schet, номер лс, нлс, сч получателя, сч плательщика, "
        "бенефсчет, счет бенефициара, счет списания, счет зачисления, тек счет, текущий счет, счет получателя, счет плательщика, карт "
        "счет, сметка платец, сметка получател, сметка наредител, см платец, см получател, sm platec, sm poluch, сметка за усвояване, "
        "сметка заплата, разпл сметка, разплащателна сметка, iban наредител, банк сметка, konto omaniku konto, saaja konto, maksja "
        "konto, arveldusarve, pangaarve, есепшот, есеп шот, есепшоты, банк шоты, шот нөмірі, алушы шоты, төлеуші шоты, ағымдағы шот, "
        "debtor acct, creditor acct, remitter account, beneficiary account, counter acc, counterparty account, cpty account, ctpty "
        "acct, contra acct no"
    ),
    Meaning.CARD: (
        "track equiv, track equivalent, pan token clear, tokenised pan, tokenized pan, emv pan, f2 pan, de2 pan, primary acc number, "
        "card digits, карта маска, маска карты, номкарт, карта получателя, карта отправителя, карта списания, карта зачисления, номер "
        "пл карты, карта клиента номер, пан карты, карта на получател, карта на клиент, номер кк, маскиран номер карта, kaardi nr, "
        "kaardinr, kaart nr, maskeeritud kaart, pangakaardi nr, карта нөмері, картасы, төлем картасы, карта no, karta no"
    ),
    Meaning.GENDER: "gesch, xsexm, xsexf, жынысы, sugu kood",
    Meaning.BIRTH_DATE: "birdate, birthdt, btdt, birdt, gebdt, born yyyymm, birth yyyymm, туған жылы, tug zhyly, birthyyyymm",
    Meaning.BIRTH_PLACE: "gbort, mestorajdane, mstorajdane, месторождане, место рожд, мрожд, place origin, place of origin",
    Meaning.CITIZENSHIP: "natio, residence status, residency, country of residence, residence country, country residence, nati",
    Meaning.MARITAL: "name family status, names family status, mrtl sts, marital sts, mrtl sts cd, famst, sempol",
    Meaning.EMPLOYER: "mrab, место раб, emp nm, empl nm, emp name, employers nm, tookoht, мраб, раб място, работа място",
    Meaning.SALARY: "expected pay, current pay, desired pay, zpl, зпл, pay amount monthly",
    Meaning.PERSON: (
        "съдия, чси, вещо лице, съдебен изпълнител, арбитър, медиатор, ответник, ищец, student, pupil, lecturer, professor, captain, "
        "pilot, nurse, coach, tutor, artist, musician, иесінің, иесі, студент, преподаватель, врач, лекар, студентка, üliõpilane, "
        "õpetaja, arst, студенттің, дәрігер, res partner, kna, cobr, cobrwr, coapplicant, appraisers, skiptrace, third party person, "
        "drwr, nominated person, keeper, avalist, avalista, endorser, valuers, assessor, field agent, collector agent, executor, "
        "recoverer, respondents, keyholder, occupant, donor, donee, invited, invitee, referred, referred person, hirer, "
        "driver, drivers, passenger, victim, suspect, complainer, model owner, product owner, case owner, task owner, screened, "
        "физических лиц, физическихлиц, физлиц, фл, оценщик, страхователь, выгодоприобретатель, арендатор, арендодатель, начальник, "
        "руководитель, исполнитель, ответственный, взыскатель, водитель, очевидец, авалист, векселедатель, индоссант, опекун, "
        "попечитель, вноситель, получил, внес, выдал, сдал, кем внесено, с кем говорил, с кем говорили, кто звонил, звонивший, "
        "абоненты, приглашенный, подписал, оценител, застраховащ, наемател, наемодател, началник, ръководител, изпълнител, "
        "отговорник, взискател, шофьор, водач, поемател, джирант, настойник, попечител, внесъл, предал, приел, говорил с, разговарял "
        "с, звънял, нареди, наредил, съставил, подписващ, упълномощен, пълномощник, поканен, препоръчал, действителен собственик, "
        "крайний собственник, hindaja, üürnik, üürileandja, juhataja, vastutaja, täitur, autojuht, juht, eestkostja, volitatud, "
        "volitatu, kutsutud, soovitaja, helistaja, sissenõudja, tasuja, allkirjastaja, tegelik kasusaaja, kasusaaja, pärija, "
        "vallasvara omanik, бағалаушы, сақтанушы, жалға алушы, басшы, басшысы, орындаушы, жүргізуші, қамқоршы, өндіріп алушы, "
        "шақырылған, ұсынушы, қол қоюшы, қоңырау шалушы, төлеуші, алушы, жіберуші, мұрагер, сенім білдірілген, иеленуші, кепіл "
        "беруші, кепіл иесі, меншік иесі, пайда алушы"
    ),
    Meaning.LEDGER: (
        "bal smetka, bs account, gl acc no, balance acc, bkpf, saknr, hkont, бал сметка, сметка бал, синт сметка, аналит сметка, анал "
        "сметка, синт сч, аналит счет, схема счет, бс счет, балансовый, счет второго порядка, bilansi konto, konto kood, kontode "
        "plaan, баланстық шот, шоттар жоспары"
    ),
    Meaning.ORGANISATION_ID: (
        "stceg, vatin, company inn, инн юл, бин, бсн, иин бин организации, reg nr firma, рег номер фирма, рег номер дружество"
    ),
    Meaning.TITLE: (
        "толық атауы, толық атау, атауы, атау, қысқаша атауы, tolyq ataui, tolyq atauy, ataui, atauy, наименование, "
        "наименованиеполное, название, полное наименование, краткое наименование, наим, наименование краткое, nazvanie, naimenovanie, "
        "nimetus, nimetused, именование"
    ),
    Meaning.THING: (
        "incident, incidents, инцидент, инциденты, инциденти, genetic algorithm, genetic programming, genetic optimizer, political "
        "region, political map, political office, отчёт, отчёта, отчёты, отчета, product family, family product, family products, "
        "product line, goods family, font, fontface, font face, type face, typeface, rules, address space, address family, ip family, "
        "card layout, card art, card product, card bin, card design, card scheme, email template, mail template, sms template, letter "
        "template, phone home, mail queue, dataset, data set, sex neutral, gender neutral, unisex, screen name, page title, phone "
        "model, union find, union all, unionpay, union pay, gene pool, серия товара, семейство, товары, product group, seeria, "
        "tootepere, тауар тобы, семейство товара, colour, color, race track, race day, race to zero, race condition, data race, sort "
        "of goods, algorithm, domain age, host family, email domain, mail domain, mail server, phone code, address stability, address "
        "validated, email validated, номенклатура, прейскурант, chassis, engine, make, двигател, двигатель, mootor, қозғалтқыш, "
        "марка, mark auto"
    ),
    Meaning.KIND: (
        "doc name, legal doc name, document name, id type, doc typ, papers kind, width, thickness, encoding, style, view, footer, "
        "header, reader, lib, library, js, ver, form field, layout, ширина, стиль"
    ),
    Meaning.NOTE: "суть разговора, итог разговора, operator remark, call summary, kokkuvõte, резюме разговор, жазбасы, оператор жазбасы",
    Meaning.AMOUNT: "preapproved limit, obal, out bal, outst bal, остаток долга",
}

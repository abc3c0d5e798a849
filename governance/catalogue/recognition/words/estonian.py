"""Estonian words in the names of columns and tables, in the nominative and the genitive that compounds are made of."""

from __future__ import annotations

from governance.catalogue.recognition.meanings import Meaning

WORDS: dict[Meaning, str] = {
    Meaning.NATIONAL_ID: (
        "isikukood, isikukoodi, isiku kood, ik, isikunumber, ikood, isikuk, isikutunnus, id kood, isikkood, isikukoodid, isiku id kood, "
        "isikunr, isiku nr, isiku number, ikoodi, isiku reg kood, isikukood nr, kliendi ik"
    ),
    Meaning.PASSPORT: "pass number, passi number, passi nr, pass nr, passinumber, passi, reisidokument, passinr",
    Meaning.ID_CARD: (
        "id kaart, isikutunnistus, id kaardi number, isikut tõendav dokument, dokumendi nr isik, isikutunnistuse number, id kaardi nr, "
        "isikut tõendava dokumendi, isikut tõendava dokumendi number, isikutunnistuse nr, elamisluba, idkaart, idkaardi number, "
        "isikudokument, isikut tõendav, elamisloa number, id kaardinr, idkaardinr, dokumendi nr isikut, isikut tõendava dok nr, isikut "
        "tõendav dok, isikut tõendav dok nr, idk nr, pass või id kaart"
    ),
    Meaning.DOCUMENT: "dokument, dokumendi, dokumendid, doknr, dok, dokumendinr, dokumendinumber",
    Meaning.LICENCE: "juhiluba, juhiloa number, juhiload, juhiloa nr, juhiloa, juhilubade number",
    Meaning.VEHICLE: "numbrimärk, auto number, registreerimismärk, auto numbrimärk, sõiduki number, auto reg nr, registrimärk",
    Meaning.FIRST_NAME: "eesnimi, eesnime, enimi, eesnimed, ees nimi, e nimi, eesn, nimi ees",
    Meaning.MIDDLE_NAME: "isanimi, keskmine nimi, teine nimi, isanime",
    Meaning.LAST_NAME: (
        "perekonnanimi, perenimi, perekonnanime, pnimi, neiupõlvenimi, endine nimi, sünninimi, perekonnanimed, perenime, endine "
        "perekonnanimi, perekonna nimi, pere nimi, pereknimi, perek nimi, p nimi, perekonnan, peren, nimi pere, varasem perekonnanimi, "
        "varasem nimi, eelmine perekonnanimi, eelmine nimi, neiupõlve nimi, ema neiupõlvenimi, ema neiupõlve nimi"
    ),
    Meaning.FULL_NAME: (
        "täisnimi, ees perekonnanimi, täielik nimi, nimi täis, hüüdnimi, nimed, täisnime, ees ja perekonnanimi, ees ja perenimi, täis "
        "nimi, eesjaperenimi, eesperenimi, eesperekonnanimi, nimi kaardil, kaardil olev nimi, isikunimi, isiku nimi"
    ),
    Meaning.NAME: "nimi, nime, nimel",
    Meaning.EMAIL: (
        "epost, e post, meil, e posti aadress, eposti aadress, meiliaadress, elektronpost, e posti, eposti, e kiri, e maili aadress, "
        "elektronposti aadress, meilid, epostiaadress, e mail, emaili aadress, eposti aadr, e posti aadr, e postiaadress, emailiaadress"
    ),
    Meaning.PHONE: (
        "telefon, telefoni, telefoninumber, telefoni nr, mobiil, mobiiltelefon, mobiili, mobiilinumber, mobiili nr, kodutelefon, "
        "töötelefon, kontakttelefon, lauatelefon, mobiilne, tel nr, telefoninr, mobiilinr, helistaja number, telefonid, mobiiltelefoni "
        "number, lisatelefon, helistaja nr, mobiil nr, kontakttel, teine telefon, varutelefon, helistatav number, helistatava number, "
        "valitud number, telefon kodus, telefon tööl, helistaja telefon, tel mob, mob tel, mob nr, mob number, telnr, tel number, "
        "kodutel, töötel, telefon mobiil, kontaktnumber, kontakt nr, lähedase telefon, helistaja tel"
    ),
    Meaning.FAX: "faks",
    Meaning.CONTACT: "kontakt, kontaktandmed, kontakti, kontaktid, sidevahend",
    Meaning.HOME_ADDRESS: (
        "elukoht, elukoha, elukoha aadress, koduaadress, tarneaadress, registreeritud elukoht, elamiskoht, elukoha aadressi, "
        "rahvastikuregistri aadress, elukohaaadress, elamisaadress, elukoha andmed, eluaseme aadress, elukoha aadr, registriaadress, "
        "registr aadress, alaline elukoht, tegelik elukoht, elukoha aadress rida, elukoha aadress täis, kodune aadress, kodu aadress, "
        "elukohaaadr, registrijärgne aadress, rr aadress, sissekirjutus, kirjavahetuse aadress, postisaatmise aadress, elukoht aadress"
    ),
    Meaning.ADDRESS: "aadress, aadressi, postiaadress, kontaktaadress, aadressid, aadr, aadressirida",
    Meaning.STREET: (
        "tänav, tänava, tänava nimi, tänavanimi, mnt, pst, maantee, puiestee, tänav ja maja, tänav maja, tänav nr, tn, puiestee nimi"
    ),
    Meaning.HOUSE: (
        "maja, korter, maja nr, korteri nr, majanumber, korterinumber, maja number, korteri number, korteri, majanr, korterinr, krt, krt "
        "nr, maja korter"
    ),
    Meaning.CITY: "linn, linna, vald, küla, asula, alevik, omavalitsus, asustusüksus, linn vald, linnavald, valla",
    Meaning.REGION: "maakond, maakonna, piirkond",
    Meaning.POSTAL_CODE: "sihtnumber, postiindeks, sihtnr, indeks, postikood, posti indeks",
    Meaning.COUNTRY: "riik, riigi, maa, elukohariik, riigikood",
    Meaning.SOCIAL: "sotsiaalkonto, sotsiaalmeedia, sotsiaalmeedia konto, sotsiaalvõrgustik",
    Meaning.ACCOUNT: (
        "konto, kontonumber, konto number, arvelduskonto, pangakonto, konto nr, arvelduskonto number, arveldusarve, pangakonto number, "
        "kontonr, arve nr pank, pangaarve, konto number iban, arvelduskontod, kontod, arvelduskonto nr, kontoarve, väljamakse konto, "
        "väljamaksekonto, a a, aa nr, konto nr iban, pangaarve nr, arveldusarve nr, laekumise konto"
    ),
    Meaning.CARD: (
        "kaardinumber, kaardi number, kaardi nr, pangakaart, krediitkaart, maksekaart, deebetkaart, kaardinr, pangakaardi number, "
        "krediitkaardi number, kaart nr, pangakaardi nr, kaardi nr viimased, deebetkaardi number, krediitkaardi nr"
    ),
    Meaning.EMPLOYER: (
        "tööandja, töökoht, tööandja nimi, töökoha, töötab, tööandja nimetus, töökoha nimi, tööandjad, töötaja firma, tööandja firma, "
        "tööandja ettevõte, praegune töökoht, töökohad, kus töötab"
    ),
    Meaning.POSITION: "ametikoht, amet, ametinimetus, elukutse, ametikoha, ametikoha nimetus, kutseala",
    Meaning.SALARY: (
        "palk, palga, töötasu, netopalk, brutopalk, kuupalk, palganumber, palgasumma, pension, pensioni, netotöötasu, brutotöötasu, "
        "töötasu summa, palgad, põhipalk, brutotasu, netotasu, bruto tasu, neto tasu, kuutasu, pensionifondi makse, pensionimakse, "
        "pensionifond, pensionimaksed, kogumispension, kogumispensioni makse, töötasud, netopalga, brutopalga"
    ),
    Meaning.INCOME: (
        "sissetulek, sissetuleku, netosissetulek, brutosissetulek, kuusissetulek, sissetulekud, lisasissetulek, igakuine sissetulek, muu "
        "sissetulek, deklareeritud sissetulek"
    ),
    Meaning.AMOUNT: (
        "summa, jääk, põhiosa, põhisumma, kuumakse, makse summa, võlasumma, võlajääk, viivis, hind, saldo, makstud, osamakse, laenusumma, "
        "tasu, laenujääk, intressisumma, võlgnevuse summa, võla summa, võla jääk"
    ),
    Meaning.PROPERTY: "vara, kinnisvara, omand, omab autot, varad, elamispind",
    Meaning.LIABILITY: (
        "kohustused, muud laenud, kohustuste summa, väljaminekud, kohustus, kulud, muud kohustused, igakuised kohustused, "
        "finantskohustused, kohustised, kohustise, kohustiste, võlgnevus, võlgnevused, võlad, võlgnevuse, võlg, teised laenud"
    ),
    Meaning.SOLVENCY: (
        "krediidiskoor, maksevõime, krediidivõimelisus, krediidireiting, maksehäired, maksehäire, maksehäireid, skoor, krediidihinne"
    ),
    Meaning.BIRTH_DATE: (
        "sünniaeg, sünnikuupäev, sünnipäev, sünniaasta, sündinud, sünnikp, sünniaja, sünnikuu, sünniajad, sünd, sünni kp, sünni kuupäev, "
        "sünni aeg, sünd kp, sünd kuupäev"
    ),
    Meaning.BIRTH_PLACE: "sünnikoht, sünniriik, sünnilinn",
    Meaning.AGE: "vanus, vanuserühm, vanusegrupp, vanuse",
    Meaning.GENDER: "sugu, soo, sugupool",
    Meaning.MARITAL: (
        "perekonnaseis, perekonnaseisu, abielus, perekonnaseisund, pereseis, perekonna seis, perek seis, pereseisund, abielu, abielusuhe, "
        "perekonnaseisu kood"
    ),
    Meaning.LANGUAGE: "keel, keele, suhtluskeel, emakeel, eelistatud keel",
    Meaning.CITIZENSHIP: (
        "kodakondsus, kodakondsuse, residentsus, maksuresidentsus, kodakondsusriik, kodakondsused, maksuresident, kodakondne"
    ),
    Meaning.EDUCATION: "haridus, haridustase, haridustee, hariduse, haridusaste",
    Meaning.DEPENDANTS: (
        "lapsed, laste arv, ülalpeetavad, ülalpeetavate arv, pereliikmed, lapsi, ülalpeetavaid, pereliikmete arv, leibkonna suurus"
    ),
    Meaning.IP: "ip aadress, seadme ip, ip aadressi, ipaadress",
    Meaning.COOKIE: (
        "küpsis, küpsise, küpsised, küpsise id, küpsise tunnus, küpsise uuid, külastaja id, külastaja tunnus, anonüümne id, anonüümne "
        "tunnus, anonüümse külastaja id, anonüümne külastaja, külastaja küpsis"
    ),
    Meaning.USER_AGENT: "brauser, veebilehitseja, sirvija, brauseri",
    Meaning.DEVICE: (
        "seade, seadme, seerianumber, seadme id, seadmeid, seadme tunnus, seadme kood, seadme uuid, paigalduse id, installatsiooni id, "
        "paigalduse tunnus, brauseri sõrmejälg, seadme sõrmejälg, seadmetunnus"
    ),
    Meaning.COORDINATES: "koordinaadid, laiuskraad, pikkuskraad, asukoht, asukoha koordinaadid",
    Meaning.BROWSING: "lehe aadress, külastatud leht, veebiaadress, külastatud lehed, sirvimisajalugu, lehe url",
    Meaning.BIOMETRIC: (
        "biomeetria, biomeetrilised andmed, biomeetriline, näokujutis, näotuvastus, nägu, biomeetrilised, näo, näomall, näobiomeetria, "
        "näovektor, näopilt, biomeetriline mall"
    ),
    Meaning.FINGERPRINT: "sõrmejälg, sõrmejäljed, sõrmejälje, sõrmejälje mall, sõrmejälje räsi",
    Meaning.RETINA: "silmaiiris, silma iiris, iiris, võrkkest, silmaiirise",
    Meaning.VOICEPRINT: "hääle muster, häälejälg, häälmuster, häälebiomeetria, hääle näidis, häälejälje",
    Meaning.HEALTH: (
        "tervis, terviseandmed, terviseseisund, tervise, diagnoos, haigus, puue, töövõime, töövõimetus, haigusleht, rasedus, ravi, "
        "ravimid, veregrupp, allergia, meditsiiniline, haiglaravi, invaliidsus, puude raskusaste, haigused, puude, puude aste, diagnoosid, "
        "diagnoosi, töövõimetusleht, arst, haigla, rase, krooniline haigus, terviseprobleem, terviseinfo, tervisekaart, osaline töövõime, "
        "vähenenud töövõime, haiguslugu, töövõime ulatus, puue liik, tervislik, tervislik seisund, tervisehäire, puudeaste, "
        "töövõimetuspension, krooniline, haiguspäevad, terviseseisundi, töövõimekaotus, töövõimetuse, ravikuur, psühhiaatriline, tervise "
        "seisund"
    ),
    Meaning.GENETIC: (
        "geneetiline, geneetilised andmed, geneetika, genoom, pärilik, geneetilised, geenitest, geenid, pärilikud haigused, geeniandmed, "
        "geenidoonor, geeni"
    ),
    Meaning.POLITICS: (
        "erakond, erakonna, poliitiline, poliitilised vaated, partei, valimiseelistus, erakondlik, poliitilised, poliitiline vaade, "
        "poliitika, erakondlik kuuluvus, erakonna liige, poliitiline eelistus, poliitilised veendumused, poliit, maailmavaade poliitiline, "
        "hääletas, poliitvaated, erakonnakuuluvus, parteilisus, parteiline kuuluvus, partei liige, erakondlus, erakonna kuuluvus"
    ),
    Meaning.RELIGION: (
        "usk, usutunnistus, usuline, religioon, usund, usuline kuuluvus, usulised veendumused, kirik, kogudus, usu, usulised, usulahk, "
        "usutunnistuse, religioosne, konfessioon, uskkond, usuorganisatsioon, kirikuliige, koguduse liige, usuühing, usuühendus, kirikusse "
        "kuuluvus, kirikusse"
    ),
    Meaning.PHILOSOPHY: (
        "maailmavaade, filosoofilised veendumused, veendumused, filosoofilised, filosoofiline, veendumus, tõekspidamised, filosoofia, "
        "ilmavaade, maailmavaateline, maailmavaated"
    ),
    Meaning.ETHNICITY: (
        "rahvus, rahvuse, etniline, etniline päritolu, rass, rassiline, rahvusgrupp, etniline rühm, rassiline päritolu, rahvuslik, "
        "etniline kuuluvus, rahvusrühm, vähemusrahvus, rahvusvähemus, nahavärv, rahvuskuuluvus"
    ),
    Meaning.UNION: (
        "ametiühing, ametiühingu, ametiühingu liige, ametiühingu liikmelisus, ametiühingusse kuulumine, ametiühingu liikmemaks, "
        "ametiühingumaks, ametiyhing, a ühing liige, ametiühinguline"
    ),
    Meaning.SEX_LIFE: "seksuaalelu, suguelu, intiimelu, seksuaalkäitumine",
    Meaning.ORIENTATION: "seksuaalne sättumus, seksuaalne orientatsioon, sättumus, seksuaalsus, seksuaalne",
    Meaning.CRIMINAL: (
        "karistus, karistused, karistusregister, süüdimõistetud, kuritegu, karistatus, kriminaalasi, kriminaalne, kriminaalkaristus, "
        "karistatud, süütegu, süüteod, kuriteod, kriminaal, kriminaalkorras, väärteod, karistusandmed, süüdimõistmine, kuritööd, kuritöö, "
        "karistatuse"
    ),
    Meaning.LEGAL_CAPACITY: "teovõime, teovõime piiratud, eestkoste, teovõimetu, piiratud teovõime",
    Meaning.NOTE: (
        "märkus, märkused, kommentaar, selgitus, lisainfo, kaebus, kommentaarid, märkmed, vaba tekst, kaebuse sisu, vaba vastus, "
        "tähelepanek, märge, arvamus, tagasiside, selgitused, lisamärkus"
    ),
    Meaning.BODY: (
        "tekst, sõnum, sisu, kirjeldus, kiri, teavituse sisu, vastus, sõnumi tekst, sõnumi sisu, elulookirjeldus, kirja sisu, sms tekst, "
        "vastuse sisu, kirja tekst"
    ),
    Meaning.PASSWORD: "parool, salasõna, parooli räsi, parooli, parooliräsi, salasõna räsi",
    Meaning.SECRET: (
        "saladus, pin kood, kinnituskood, ühekordne kood, turvakood, turvaküsimus, turvavastus, pinkood, juurdepääsukood, ühekordne "
        "parool, sms kood, salakood, turvaküsimuse vastus, kood sms, sms koodi, smskood, kinnituskood sms"
    ),
    Meaning.USERNAME: "kasutajanimi, kasutaja nimi, kasutajanime, kasutajatunnus",
    Meaning.AUTHOR: (
        "muutja, looja, sisestaja, kinnitaja, koostaja, autor, muudetud kes, kes muutis, kes lõi, sisestas, kinnitas, koostas, vastutaja, "
        "lisas, lõi, muutis, kustutas, kontrollis, menetles, menetleja, vormistas, väljastas isik, allkirjastas, registreeris, töötles, "
        "määratud isik, kontrollija, lisaja, registreerija, vormistaja, viimati muutis"
    ),
    Meaning.RELATION: "sugulus, suhe kliendiga, sugulusaste, suguluse aste, sugulussuhe, seos võlgnikuga",
    Meaning.VOICE: "heli, kõnesalvestus, helisalvestis, salvestis, hääl, kõne salvestus, helifail, salvestus, kõnesalvestis, hääle",
    Meaning.VIDEO: "video, videosalvestis, videosalvestus, kaamerasalvestis, valvekaamera",
    Meaning.PHOTO: "foto, pilt, selfi, dokumendifoto, allkiri, passipilt, dokumendipilt, profiilipilt, enesepilt",
    Meaning.MARKETING: "huvid, turundussegment, reklaamisegment, turundusprofiil, hobid",
    Meaning.CONSENT: "nõusolek, nõusoleku, turundusnõusolek, andmetöötlusnõusolek",
    Meaning.CLIENT_NUMBER: "kliendi viide, kliendi viitenumber, klienditunnus, kliendiviide",
    Meaning.PERSON: (
        "isik, isiku, isikud, klient, kliendi, kliendid, laenaja, laenuvõtja, laenusaaja, käendaja, käendajad, võlgnik, võlgniku, "
        "võlgnikud, töötaja, töötajad, kasutaja, kasutajad, maksja, saaja, omanik, ostja, kontaktisik, kontaktisiku, abikaasa, sugulane, "
        "lähedane, kandidaat, taotleja, tellija, vastaja, pärija, esindaja, lähikondne, kaardiomanik, kaasomanik, ema, isa, laps, "
        "kohtutäitur, helistaja, hooldaja, kolmas isik, kolmandad isikud, inimene, kaastaotleja, kaaslaenaja, kaaslaenusaaja, "
        "kontoomanik, volitatud isik, füüsiline isik, töövõtja, pantija, krediidisaaja, krediidivõtja, külastaja, tarbija, liige, "
        "elukaaslane, haldur, nõustaja, kindlustatu, kasusaaja, tegelik kasusaaja, pandipidaja, kaebaja, adressaat, saatja, isikute, "
        "klientide, kaasvõlgnik, kl, taotlejad, inimesed, kontaktisikud, omaniku, pereliige, hädaabi kontakt, hädaabikontakt, "
        "kaasvõlgniku, kliendihaldur, kliendihalduri, laenuhaldur, laenuhalduri, maakler, maakleri, laenunõustaja, kaardivaldaja, "
        "volitaja, allkirjastaja, üürnik, üürileandja, tunnistaja, kaaslaenuvõtja, kaas laenuvõtja, kaas laenaja, kaas taotleja, kontakt "
        "isik, vastutav isik, volitatud esindaja, konto omanik, kaardi omanik, kasutusvaldaja, teenindaja, klienditeenindaja, konsultant, "
        "spetsialist, ekspert, juhataja, raamatupidaja, juhatuse liige, assistent, ametnik, kaaslane, elukaaslase, abikaasa isik, poeg, "
        "tütar, naaber, sõber, kolleeg, hageja, kostja, kohtunik, eestkostja, hooldusõiguslik"
    ),
    Meaning.PARTNER: (
        "partner, partnerid, partneri, tarnija, edasimüüja, kauplus, kaupmees, töötleja, volitatud töötleja, müüja, kreeditor, "
        "võlausaldaja, kauplused, kuller, inkasso, töötlejad, volitatud töötlejad, koostööpartner, kindlustusandja, lepingupartner"
    ),
    Meaning.ORGANISATION: (
        "ettevõte, ettevõtte, firma, äriühing, organisatsioon, pank, panga, juriidiline isik, asutus, asutuse, kohus, andmekogu, firmad, "
        "ettevõtted, pangad, ärinimi, firmanimi"
    ),
    Meaning.PREMISES: (
        "kontor, kontori, filiaal, esindus, osakond, müügikoht, kontorid, osakonnad, teenindus, üksus, harukontor, teeninduspunkt, "
        "müügipunkt, müügipunktid, esindused, teeninduspunktid"
    ),
    Meaning.THING: (
        "toode, toote, tooted, kauba, kaup, kaubad, kampaania, fail, faili, failinimi, tabel, roll, aruanne, mall, kategooria, grupp, "
        "teenus, seaded, parameeter, süsteem, mudel, kanal, sidekanal, ajakava, valuuta, protsess, sündmus, teenused, paketi, kampaaniad, "
        "kaubamärk, tariif, rahvusvaheline, rahvusraamatukogu, vahetus, laev, küsimustik, ankeet, lehekülg, "
        "kulukoht"
    ),
    Meaning.REFERENCE: "klassifikaator, loend, register koodid, sõnastik, klassifikaatorid, teatmik",
    Meaning.LEDGER: (
        "raamatupidamine, raamatupidamiskonto, pearaamat, kanne, kanded, kontoplaan, algdokument, algdokumendid, lausend, deebetkonto, "
        "kreeditkonto, bilansikonto"
    ),
    Meaning.LOAN: (
        "leping, lepingu, lepingud, laen, laenu, laenud, taotlus, taotluse, taotlused, asi, asja, kohtuasi, nõue, nõude, poliis, tehing, "
        "järelmaks, krediit, krediidi, toimik, järelmaksuleping, järelmaksulepingud, laenuleping, maksegraafik, täitetoimik"
    ),
    Meaning.ORDER: "makse, maksed, arve, arved, tellimus, osamaksed, viitenumber, maksekorraldus, päring, kviitung, ülekanne, tehingud",
    Meaning.ORGANISATION_ID: (
        "registrikood, äriregistri kood, reg kood, kmkr, käibemaksukohustuslase number, kmkr nr, regkood, äriregistrikood, ettevõtte kood"
    ),
    Meaning.WORK: "töösuhe, tööalane",
    Meaning.NUMBER: "number, numbri, numbr, nr",
    Meaning.SERIES: "seeria",
    Meaning.CODE: "kood, koodi",
    Meaning.VALUE: "väärtus, andmed, rida",
    Meaning.PERSONAL: "isiklik, kodu, kodune, töö, eraisik",
    Meaning.TITLE: "nimetus, pealkiri, nimetuse",
    Meaning.KIND: "liik, tüüp, liigi, formaat, viis, allikas, eesmärk, otstarve, tüübi",
    Meaning.STATUS: "seisund, olek, staatus, tulemus, otsus, põhjus, aste, seisundi, tase, prioriteet",
    Meaning.FLAG: (
        "on, lipp, aktiivne, kinnitatud, kontrollitud, kehtiv, lubatud, olemas, keelatud, blokeeritud, tuvastatud, riikliku taustaga isik, "
        "poliitiliselt eksponeeritud, poliitiliselt eksponeeritud isik, poliitilise taustaga isik"
    ),
    Meaning.WHEN: (
        "kuupäev, kp, kpv, aeg, loodud, muudetud, kehtib kuni, tähtaeg, aasta, kuu, päev, kell, algus, lõpp, päevi, kuupaev, ajatempel, "
        "periood, kestus, tööstaaž, staaž, staaži pikkus, tööstaaži pikkus, teenistusaastad, töötatud aastad"
    ),
    Meaning.COUNT: "arv, kogus, loendur, katsed, järjekord, järjekorranumber, osakaal",
    Meaning.KEY: "võti, tunnus, viide",
    Meaning.HASH: "räsi, krüptitud",
    Meaning.EVENT: "saadetud, saadud, kontroll, kinnitus, teavitus, teade, logi, viga, avatud, muutus, ajalugu, kontrollid, katse",
    Meaning.ISSUE: (
        "väljaandja, välja antud, väljaandmise, väljastatud, kehtivus, kehtivuse lõpp, väljastaja, väljaandmise kuupäev, aegub, "
        "väljaandnud riik, väljastanud riik, väljastajariik, väljaandjariik, väljastanud, väljaandnud, väljastav riik"
    ),
    Meaning.RATE: "intress, intressimäär, määr, krediidi kulukuse, kkm, kulukuse määr, protsent",
}

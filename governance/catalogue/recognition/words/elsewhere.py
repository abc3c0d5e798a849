"""Words of other languages that systems bought abroad bring along: German, French, Spanish, Italian, Polish, Finnish, Swedish, Latvian,
Lithuanian, Turkish and Ukrainian. Only what a lender's columns are about; earlier languages win where two write words alike.
"""

from __future__ import annotations

from governance.catalogue.recognition.meanings import Meaning

WORDS: dict[Meaning, str] = {
    Meaning.NATIONAL_ID: (
        "personalausweisnummer, steuerliche identifikationsnummer, numero identite, dni, codice fiscale, pesel, henkilötunnus, hetu, "
        "personnummer, personas kods, personaskods, asmens kodas, asmenskodas, tc kimlik, kimlik no, kimlikno, tckn, рнокпп, іпн"
    ),
    Meaning.TAX_ID: "steuernummer, steuer id, steuerid, nip, vergi no, vergi numarası, stcd",
    Meaning.PASSPORT: (
        "reisepass, reisepassnummer, passeport, pasaporte, passaporto, paszport, passinumero, passnummer, pases numurs, pasaport"
    ),
    Meaning.ID_CARD: "ausweis, ausweisnummer, ausweisnr, carte identite, dowód osobisty, henkilökortti, nüfus cüzdanı, посвідчення особи",
    Meaning.LICENCE: "führerschein, führerscheinnummer, permis conduire, prawo jazdy, ajokortti, körkort, ehliyet no",
    Meaning.FIRST_NAME: "vorname, rufname, prénom, prenom, nombre pila, imię, etunimi, förnamn, vārds, vardas, isim, ім я",
    Meaning.MIDDLE_NAME: "zweiter vorname, deuxième prénom, segundo nombre, drugie imię, по батькові",
    Meaning.LAST_NAME: (
        "nachname, familienname, zuname, geburtsname, mädchenname, nom famille, nom naissance, apellido, apellidos, cognome, nazwisko, "
        "sukunimi, efternamn, uzvārds, pavardė, soyad, soyadı, soyisim, прізвище"
    ),
    Meaning.FULL_NAME: (
        "kundenname, kontoinhaber, karteninhaber, nom complet, nombre completo, imię nazwisko, koko nimi, ad soyad, adı soyadı, піб"
    ),
    Meaning.EMAIL: "epostadress, sähköposti, correo electronico, correo, courriel, eposta, e posta, adres email, e pasts, el paštas",
    Meaning.PHONE: (
        "rufnummer, telefonnummer, telefonnr, handy, handynummer, handynr, mobilnummer, festnetz, téléphone, portable, teléfono, "
        "telefono, móvil, celular, cellulare, telefon komórkowy, komórka, puhelin, puhelinnumero, matkapuhelin, tālrunis, telefonas, cep "
        "telefonu, ceptel"
    ),
    Meaning.FAX: "faxnummer, telefaks",
    Meaning.HOME_ADDRESS: "wohnort adresse, anschrift, wohnanschrift, wohnadresse, domicilio, osoite, kotiosoite, bostadsadress, ev adresi",
    Meaning.ADDRESS: "adresse, adreszeile, adresszeile, dirección, direccion, indirizzo, lähiosoite, adrese, adresas",
    Meaning.STREET: (
        "straße, strasse, strassenname, hausanschrift, rue, calle, via indirizzo, ulica nr, katu, katuosoite, gata, gatuadress, iela, "
        "gatvė, sokak, cadde, вулиця"
    ),
    Meaning.HOUSE: "hausnummer, hausnr, wohnung, talo, asunto, daire, daire no",
    Meaning.CITY: "wohnort, stadt, ville, ciudad, città, miasto, miejscowość, kaupunki, ort, stad, pilsēta, miestas, şehir, ilçe, місто",
    Meaning.POSTAL_CODE: "postleitzahl, plz, code postal, codigo postal, kod pocztowy, postinumero, postnummer, pasta indekss, posta kodu",
    Meaning.ACCOUNT: (
        "kontonummer, bankverbindung, bankkonto, compte bancaire, cuenta bancaria, conto corrente, numer konta, rachunek, tilinumero, "
        "hesap no, hesapno"
    ),
    Meaning.CARD: (
        "kartennummer, kartennr, kreditkarte, kreditkartennummer, numero carte, numero tarjeta, numer karty, korttinumero, kart no, kartno"
    ),
    Meaning.EMPLOYER: (
        "arbeitgeber, employeur, empleador, datore lavoro, pracodawca, työnantaja, arbetsgivare, darba devējs, darbdavys, işveren, "
        "роботодавець"
    ),
    Meaning.POSITION: "beruf, berufsbezeichnung, puesto trabajo, stanowisko, ammatti, yrke, meslek",
    Meaning.SALARY: "gehalt, nettogehalt, bruttogehalt, lohn, salaire, salario, sueldo, stipendio, wynagrodzenie, palkka, lön, maaş",
    Meaning.INCOME: "einkommen, nettoeinkommen, monatseinkommen, revenu, ingresos, dochód, tulot, inkomst, gelir",
    Meaning.BIRTH_DATE: (
        "geburtsdatum, gebdatum, gebdat, geburtstag, gebtag, geburtsjahr, date naissance, naissance, fecha nacimiento, data nascita, data "
        "urodzenia, syntymäaika, födelsedatum, dzimšanas datums, gimimo data, doğum tarihi, dogumtarihi, дата народження"
    ),
    Meaning.BIRTH_PLACE: "geburtsort, lieu naissance, lugar nacimiento, miejsce urodzenia, syntymäpaikka, doğum yeri",
    Meaning.MARITAL: (
        "familienstand, zivilstand, état civil, estado civil, stan cywilny, siviilisääty, civilstånd, medeni hal, medeni durum"
    ),
    Meaning.GENDER: "geschlecht, sexe, sexo, płeć, sukupuoli, kön, cinsiyet",
    Meaning.CITIZENSHIP: "staatsangehörigkeit, staatsbürgerschaft, nationalité, obywatelstwo, kansalaisuus, medborgarskap, uyruk",
    Meaning.RELIGION: (
        "konfession, religionszugehörigkeit, kirchensteuer, confession religieuse, wyznanie, uskonto, din bilgisi, віросповідання"
    ),
    Meaning.ETHNICITY: "ethnie, volksgruppe, hautfarbe, narodowość, etnisk, etninen, tautība, tautybė, етнічне походження, національність",
    Meaning.UNION: (
        "gewerkschaft, gewerkschaftsmitglied, gewerkschaftsbeitrag, syndicat, sindicato, związek zawodowy, ammattiliitto, fackförbund, "
        "sendika, профспілка"
    ),
    Meaning.POLITICS: (
        "parteizugehörigkeit, parteimitglied, politische meinung, opinion politique, partia polityczna, puoluekanta, siyasi görüş"
    ),
    Meaning.ORIENTATION: "sexuelle orientierung, orientation sexuelle, orientación sexual, seksuaalinen suuntautuminen",
    Meaning.BIOMETRIC: "biometrische, biometrie, gesichtsbild, gesichtserkennung, biometria kuva",
    Meaning.FINGERPRINT: "fingerabdruck, empreinte digitale, huella dactilar, odcisk palca, sormenjälki, parmak izi",
    Meaning.HEALTH: (
        "gesundheit, gesundheitszustand, krankheit, behinderung, schwerbehinderung, krankenkasse, santé, salud, zdrowie, choroba, "
        "terveys, sairaus, sağlık"
    ),
    Meaning.PASSWORD: "passwort, kennwort, mot passe, contraseña, hasło, salasana, lösenord, şifre, parolė",
    Meaning.NOTE: "bemerkung, bemerkungen, notiz, anmerkung, remarque, observaciones, uwagi, huomautus, anteckning, açıklama",
    Meaning.PERSON: (
        "kunde, kunden, kreditnehmer, darlehensnehmer, bürge, mitantragsteller, antragsteller, schuldner, ehegatte, ehepartner, "
        "mitarbeiter, sachbearbeiter, empfänger, auftraggeber, ansprechpartner, emprunteur, conjoint, prestatario, cliente, "
        "kredytobiorca, poręczyciel, klientas, asiakas, lainanottaja, takaaja, puoliso, kund, låntagare, borgensman, müşteri, kefil, "
        "позичальник, поручник, клієнт"
    ),
    Meaning.ORGANISATION: "unternehmen, gesellschaft, entreprise, empresa, azienda, przedsiębiorstwo, yritys, företag, şirket",
    Meaning.PREMISES: "filiale, zweigstelle, geschäftsstelle, succursale, sucursal, oddział, konttori, şube",
    Meaning.LOAN: "vertrag, vertragsnummer, darlehen, contrat, préstamo, umowa, sopimus, avtal, sözleşme",
    Meaning.THING: "produkt, produktname, artikel, produit, producto, prodotto, tuote, ürün",
}

"""Special categories as everyday columns show them, beyond the words of forms: what somebody eats and keeps as a feast, whom money is given
to, what is paid on a card, which apps stand on a telephone, what a body signs in with; and who takes part in complaints, suits and pledges.
"""

from __future__ import annotations

from governance.catalogue.recognition.meanings import Meaning

WORDS: dict[Meaning, str] = {
    Meaning.RELIGION: (
        "hanukkah, chanukah, yom kippur, jom kipur, passover, pesach, eid leave, eid holiday, eid al adha, eid al fitr, diwali, "
        "diwali leave, orthodox easter, churchgoer, churchgoing, burial rite, burial rites, funeral rite, last rites, pork, no pork, "
        "religious sect, sect member, jehovah, jehovah witness, blood transfusion refusal, umra, umrah trip, носи кръст, секта, "
        "сектант, погребален обряд, шабат, свидетел йехова, свидетель иеговы, шаббат, умра, отпевание, мешітке, мешітке бару, usklik, "
        "usklikkus, matusetalitus, sekt, jehoova tunnistaja, dietary requirement, dietary requirements, dietary restriction, dietary "
        "restrictions, dietary preference, dietary preferences, dietary needs, dietary, diet type, diet preference, diet restriction, "
        "special diet, meal preference, meal pref, food pref, diet pref, diet, special meal, meal restriction, food restriction, food "
        "restrictions, food preference, halal meal, kosher meal, halal only, religious holiday, religious leave, religious day, "
        "religious feast, religious observance, holy day, prayer, prayer break, prayer breaks, prayer room, prayer time, ramadan, "
        "ramazan, fasting, fasting days, sabbath, sabbath observer, shabbat, church donation, church donations, church giving, church "
        "offering, church contribution, mosque donation, mosque donations, donation church, donations church, donation mosque, "
        "donation to church, religious donation, religious donations, religious charity, tithes, tithing, zakat, zakah, sadaqah, "
        "sharia, shariah, sharia compliant, islamic finance, islamic banking, islamic window, rel denom, rlg cd, rlg code, relgious, "
        "friday prayer, jumah, jumuah, lent observed, observes lent, observing lent, bible, koran, quran, torah, rel affil, rel "
        "affiliation, christian, christians, muslim, muslims, moslem, jewish, hindu, buddhist, catholic, orthodox, atheist, sunni, "
        "shia, islam, judaism, parish, parish name, parish register, diocese, parishioner, godparent, godparents, godfather, "
        "godmother, church wedding, church marriage, religious marriage, religious wedding, religious ceremony, religious school, "
        "religious education, nikah, hajj, umrah, pilgrimage, hijab, headscarf, religious dress, religious symbol, baptism "
        "certificate, communion, last confession, confession date, confessional, imam, rabbi, pastor, priest, religious practice, "
        "practising, practicing believer, prays, църквен брак, църквен, храмови дарения, дарение храм, дарения храм, пожертвование "
        "храм, пожертвования храм, пост ден, мюсюлманин, мюсюлманка, християнин, християнка, православен, католик, атеист, веро исп, "
        "постни дни, хранене ограничения, ограничения хранене, мусульманка, христианин, христианка, буддист, иудей, баптист, питание "
        "ограничения, мұсылман, христиан, kristlane, õigeusklik, luterlane, ateist, palvetund, palvus, хранителен режим, хранителни "
        "изисквания, хранителни ограничения, хранителни предпочитания, изисквания храна, диета, диетични изисквания, вид меню, "
        "специално меню, халал, кашер, постещ, пости ли, спазва пост, пости, рамазан, рамадан, байрам, курбан байрам, рамазан байрам, "
        "религиозен празник, религиозни празници, религиозен отпуск, отпуск религиозен, вероизповеден, енория, енориаш, дарение "
        "църква, дарения църква, дарение джамия, църковно дарение, църковен данък, църковен брак, църковна, църковно, молитва, "
        "молитви, кръщене, кръщелно, кръстник, кръстен, мюфтийство, изповед, причастие, свещеник, имам, хаджилък, поклонение, халяль, "
        "кошер, кошерное, кошерная, пищевые ограничения, ограничения питание, ограничения по питанию, диетические требования, особое "
        "питание, спецпитание, пост соблюдает, соблюдает пост, соблюдение поста, постится, религиозный праздник, религиозные "
        "праздники, прихожане, церковный приход, десятина, закят, закят взнос, садака, пожертвование церковь, пожертвования церковь, "
        "пожертвование церкви, пожертвование мечеть, пожертвования мечети, церковный налог, церковный сбор, церковный, церковная, "
        "церковный брак, венчание, крещение, крещен, крещена, крестный, намаз читает, пятничная молитва, хадж, исламское "
        "финансирование, исламский банкинг, исламское окно, шариат, исповедь, духовник, священник, ораза, ораза ұстайды, оразасы, бес "
        "намаз, намазы, құрбан айт, ораза айт, мешітке садақа, садақа, садақасы, зекет, зекеті, қажылық, қажылығы, діни мереке, діни "
        "мерекесі, діни рәсім, тамақ шектеулері, тамақтану шектеуі, тағам шектеуі, шариғат, ислам қаржысы, неке қию, дұға, koššer, "
        "toitumispiirang, toitumispiirangud, toitumiseelistus, toitumiseelistused, toidupiirang, toidueelistus, eritoit, eridieet, "
        "dieet, dieedi, kirikumaks, kirikuannetus, annetus kirikule, annetus kirik, koguduse annetus, koguduse maks, ristitud, "
        "ristimine, leeritatud, leer, palve, palvetab, paast, paastub, usuline püha, kihelkond, ristivanem, kiriklik abielu, kiriklik "
        "laulatus, laulatus, piht, armulaud, ramadaan, palverännak"
    ),
    Meaning.PHILOSOPHY: (
        "vegan, vegetarian, ethical vegan, credo, life credo, conscience objection, objection conscience, conscientious objection, "
        "freemasonry, masonic lodge, atheism, humanism, веган, вегетарианец, веганство, вегетарианство, житейска философия, житейско "
        "кредо, жизненное кредо, жизненная философия, кредо, жизненные принципы, отказ от службы, альтернативная служба убеждения, "
        "taimetoitlane, taimetoitlus, elukreedo, вегетариандық, өмірлік ұстаным, өмірлік ұстанымы"
    ),
    Meaning.POLITICS: (
        "voting record, voting history, voted last, voted previous, гласувал за, голосовал за, голосует за, valimistel valik, избор "
        "партия, pol don, pol donation, polit don, campaign contrib, ballot choice, exit poll, election donor, donation party, "
        "donations party, contribution party, voting intention, voting intentions, left right scale, left right placement, "
        "партиялылығы, campaign contribution, campaign contributions, campaign donation, campaign donations, party donations, party "
        "contribution, party contributions, party fee, party fees, party membership fee, party supporter, supporter party, campaign "
        "volunteer, political campaign, political contribution, political contributions, political giving, political rally, rally "
        "attendance, rallies attended, protest attendance, protest participation, demonstration attendance, petition signed, "
        "petitions signed, activist, activism, political interests, political likes, political posts, election choice, voted "
        "candidate, дарение партия, дарения партия, партийно дарение, партийни дарения, политическо дарение, политически дарения, "
        "членски внос партия, партиен внос, участие протест, участие протести, митинг, митинги, активист, поддръжник партия, подкрепя "
        "партия, любима партия, пожертвование партии, пожертвования партии, пожертвование партия, политические пожертвования, взнос "
        "партии, взносы партии, партийный взнос, участие митинг, участие митингах, участие протестах, протестная активность, "
        "политическая активность, сторонник партии, сторонник партия, за кого голосовал, партияға жарна, партия жарнасы, партияға "
        "қайырымдылық, митингке қатысу, митингке қатысуы, саяси белсенділігі, саяси белсенділік, сайлау таңдауы, erakonna annetus, "
        "erakonna annetused, annetus erakonnale, annetused erakonnale, annetus erakond, erakonna liikmemaks, meeleavaldus, "
        "meeleavaldused, meeleavaldusel osalemine, poliitiline annetus, poliitilised annetused, poliitiline aktiivsus, valimiste "
        "valik, toetab erakonda"
    ),
    Meaning.UNION: (
        "tu cd, tu code, tu ded, tu ded amt, tu deduction, au maks, aü maks, strike hours, dues checkoff, dues check off, union "
        "deduction, union dues deduction, dues union, union contributions, union levy, check off dues, checkoff dues, on strike, "
        "strike days, strike participant, union officer, union delegate no, union affiliated, union rep flag, union joined at, "
        "удръжка синдикат, удръжки синдикат, синдикална такса, синдикална вноска, синдикални вноски, кнсб, кт подкрепа, стачка, "
        "стачкува, стачни дни, удержание профсоюз, удержания профсоюз, удержание в профсоюз, взнос в профсоюз, профсоюзный взнос, "
        "профвзносы сумма, профсоюзник, забастовка, участие забастовке, кәсіподақ ұсталымы, кәсіподақ ұстау, ереуіл, ереуілге қатысу, "
        "ametiühingu kinnipidamine, ametiühingu tasu, ametiühingu annetus, streigis, streigipäevad, streikija"
    ),
    Meaning.ETHNICITY: (
        "hispanic, hispanic ind, negroid, asian ind, asian flag, african american, jewish origin, jewish descent, black "
        "ethnicity, white ethnicity, кавказец, азиат, bame, bame flag, racial category, race category, ethnic category, ethnic "
        "heritage, cultural background, ethnic roots, inferred ethnicity, name ethnicity, surname ethnicity, ethnicity guess, "
        "ethnicity score, person color, person of colour, people of color, gypsy, romani, traveller community, skin type, zhuz, juz, "
        "ethno, ethnonym, ethnolinguistic, етно самоопределение, етническо самоопределение, самоопределение, ром, ромка, цигански, "
        "циганин, турски произход, етн самоопределение, этническое самоопределение, этноязыковая, нацменьшинства, жуз, цыган, "
        "цыганский, кавказская внешность, жүзі, жүз руы, ру жүз, руы жүзі, этникалық шығу тегі, этностық, етнокод, mustlane, romi, "
        "etniline enesemääratlus, rahvuslik enesemääratlus, rahvuse enesemääratlus, rassi kood, nahatoon"
    ),
    Meaning.ORIENTATION: (
        "gay club, gay clubs, gay bar, lgbt org, lgbt organisation, гей клуб, гей клубове, гей клубы, geiklubi, geibaar, partner "
        "gender, partner sex, gender partner, gender of partner, sex of partner, partners gender, partners sex, gender interest, "
        "gender sought, seeking gender, interested gender, interested in gender, interested in sex, dating preference, dating "
        "orientation, attracted to, sx orient, sx orientation, same sex, same sex marriage, same sex couple, same sex union, same sex "
        "household, same sex spouse, same gender partner, same gender, grindr, gay app, queer, bisexual, lesbian, lgbt network, lgbt "
        "member, pride network, pride member, sex pref partner, sxl orientation, пол партньор, партньор пол, пол на партньора, пол на "
        "партньор, партньорка пол, еднополов, еднополова, еднополови, еднополов брак, хомосексуален, хомосексуалност, хомосексуалист, "
        "лесбийка, търсен пол, интересува се от пол, предпочитан пол, пол партнера, партнер пол, пол партнёра, однополый, однополая, "
        "однополый брак, однополая пара, гомосексуал, гомосексуальность, нетрадиционная ориентация, предпочитаемый пол, серіктес "
        "жынысы, серігінің жынысы, серіктесінің жынысы, жұбының жынысы, бір жынысты, бір жынысты неке, partneri sugu, kaaslase sugu, "
        "elukaaslase sugu, samasooline, samasooliste, samast soost, samasooline abielu, samasooline paar, homoseksuaalsus, "
        "homoseksuaalne, eelistatud sugu"
    ),
    Meaning.SEX_LIFE: (
        "brothel, brothels, condoms, condom purchases, viagra, sex hotline, phone sex, cam sites, sex cam, webcam sites, affair "
        "partner, lover, lover name, paramour, sexual interests, coming out, бордей, бордеи, презервативи, проститутки, бордель, "
        "публичный дом, презервативы, проститутка, seksiklubi, bordell, bordelli, kondoomid, seksikaubad, жезөкше, dating app, dating "
        "apps, dating site, dating sites, dating service, dating services, dating profile, dating profiles, dating spend, dating "
        "subscription, dating subscriptions, dating account, dating intent, dating status, dating history, online dating, datingapps, "
        "tinder, badoo, bumble, adult service, adult services, adult content, adult site, adult sites, adult website, adult websites, "
        "adult entertainment, adult spend, adult purchases, adult transactions, adult merchant, adult merchants, adult subscription, "
        "adult subscriptions, adult products, adult video, adult videos, adult apps, adult app, porn, pornography, porn spend, porn "
        "sites, escort service, escort services, escort spend, escort payments, escorts, sex shop, sexshop, sex toys, sex work, sex "
        "worker, sex workers, sex services, sexting, strip club, strip clubs, stripclub, onlyfans, erotic, erotica, erotic services, "
        "nudes, swinger, swingers, fetish, casual sex, sxl life, hookup, hookups, extramarital, extramarital affair, infidelity, "
        "contraception, contraceptives, contraceptive, prostitution, number sexual partners, sexually active, intimate partners, "
        "intimate services, libido, sti test, std test, casual partners, adult mcc, mcc adult, приложение запознанства, приложения "
        "запознанства, приложения за запознанства, сайт запознанства, сайтове запознанства, сайтове за запознанства, запознанства, "
        "запознанства харчене, ескорт, ескорт услуги, услуги възрастни, услуги за възрастни, съдържание възрастни, съдържание за "
        "възрастни, сайтове за възрастни, порно, порнография, порносайтове, еротика, еротични, еротично, секс шоп, сексшоп, секс "
        "услуги, секс партньори, любовник, любовница, извънбрачна, извънбрачна връзка, изневяра, стриптийз, проституция, "
        "контрацепция, интимни услуги, интимни, приложения знакомств, приложение знакомств, приложения для знакомств, сайт знакомств, "
        "сайты знакомств, сервисы знакомств, знакомства расходы, эскорт, эскорт услуги, услуги взрослых, услуги для взрослых, контент "
        "взрослых, контент для взрослых, сайты для взрослых, товары для взрослых, порносайты, эротика, эротические, секс партнеры, "
        "половые партнеры, интим услуги, интимные услуги, внебрачная связь, внебрачные связи, супружеская измена, стриптиз, стриптиз "
        "клуб, танысу қосымшалары, танысу қосымшасы, танысу сайты, танысу сайттары, танысу сервисі, ересектер қызметі, ересектерге "
        "арналған қызмет, ересектерге арналған, ересектер контенті, жезөкшелік, ойнас, көңілдес, жыныстық серіктестер, жыныстық "
        "серіктес, интим қызмет, контрацепциясы, nsfw, xxx, sexual wellness, покупки взрослых, покупки для взрослых, товары 18, интим "
        "товары, жыныс бағдар, tutvumisäpp, tutvumisäpid, tutvumisrakendus, tutvumisrakendused, tutvumisportaal, tutvumisportaalid, "
        "tutvumissait, kohtingurakendus, kohtingurakendused, kohtinguäpp, kohtinguäpid, kohtinguportaal, kohtingusait, täiskasvanute "
        "teenused, täiskasvanute sisu, täiskasvanute lehed, täiskasvanute teenuste, pornograafia, eskort, eskortteenus, "
        "eskortteenused, seksipood, sekspood, seksteenus, seksteenused, seksuaalpartnerid, seksuaalpartner, armuke, abieluväline "
        "suhe, abieluväline, strippklubi, stripiklubi, prostitutsioon, erootika, erootiline, intiimteenused, rasestumisvastane"
    ),
    Meaning.SIGN_IN: (
        "touch template, touch id template, touch id token, touch enrolment, touch enrollment, touch login, biometric login, "
        "biometric login template, biometric signin, biometric sign in, biometric unlock, biometric auth, biometric authentication, "
        "biometric credential, biometric credentials, biometric token, biometric key, biometric pin, bio login, bio auth, bio token, "
        "bio unlock, biometric enrolment, biometric enrollment, вход биометрия, биометричен вход, биометричен ключ, биометрично "
        "влизане, биометрический вход, вход по биометрии, биометрический ключ, биометрическая аутентификация, биометрический токен, "
        "biomeetriline sisselogimine, biomeetriline võti, биометриялық кіру, биометриялық кілт"
    ),
    Meaning.BIOMETRIC: (
        "ear print, face landmarks, facial landmarks, ебс шаблон, ебс биометрия, face enrolment, face enrollment, face enrol, face "
        "enroll, face login, face signin, face unlock template, face login template, face signature hash, face vectors, face search, "
        "selfie hash, selfie vec, selfie biometric, selfie descriptor, palm template, palm login, palm enrolment, vein template, "
        "typing rhythm, typing cadence, typing pattern, keystroke profile, keystroke pattern, keystroke timing, keystroke biometrics, "
        "mouse dynamics, swipe dynamics, swipe biometrics, behavioural biometrics, behavioral biometrics, signature biometrics, "
        "клавиатурен почерк, динамика подпис, динамика на подписа, лицева верификация шаблон, вход с лице, вход лице, клавиатурный "
        "почерк, динамика подписи, вход по лицу, образец лица, лицо шаблон, лицо вектор, бет арқылы кіру, бет шаблоны, жүз бейнесі, "
        "näoga sisselogimine, näojälg, näo mall, näoprofiil, klahvivajutuste muster, allkirja dünaamika"
    ),
    Meaning.FINGERPRINT: (
        "finger enrolment, finger enrollment, finger login, finger unlock, finger vector, finger vec, fp enrolment, fp login, fp "
        "unlock, finger id, вход с пръст, вход с отпечатък, отпечатък вход, вход по отпечатку, отпечаток вход, саусақпен кіру, "
        "sõrmega sisselogimine"
    ),
    Meaning.VOICEPRINT: (
        "voice enrolment, voice enrollment, voice login, voice unlock, voice signin, voice passphrase, voice password, voice auth, "
        "voice authentication, voice model id, speaker enrolment, speaker enrollment, speaker profile, speaker vector, voice profile, "
        "вход с глас, гласов вход, гласова парола, гласово влизане, вход по голосу, голосовой пароль, голосовой вход, голосовой "
        "профиль, дауыспен кіру, häälega sisselogimine, häälprofiil, hääleprofiil, hääle mall, häälparool"
    ),
    Meaning.VITALS: (
        "hr bpm, bpm avg, pulse, heart rate, heartrate, pulse bpm, heart bpm, resting hr, avg hr, hr resting, hr avg, resting heart "
        "rate, heart rate avg, heart beat, heartbeat rate, hrv, heart rate variability, pulse rate, resting pulse, spo resting, spo "
        "avg, spo min, spo max, spo level, spo pct, spo percent, spo value, blood oxygen, oxygen saturation, respiratory rate, "
        "respiration rate, breathing rate, body temperature, body temp, skin temperature, sleep stages, sleep quality, sleep hours, "
        "sleep minutes, sleep score, stress level wearable, ecg, ekg, electrocardiogram, step count daily, daily steps, steps daily, "
        "blood glucose, glucose level, пулс, пулс покой, сърдечен ритъм, сърдечна честота, кислород кръв, сатурация, телесна "
        "температура, качество сън, часове сън, пульс, пульс покоя, частота пульса, сердечный ритм, частота сердечных, чсс, кислород "
        "крови, температура тела, качество сна, часы сна, экг, тамыр соғысы, жүрек соғысы, жүрек соғу жиілігі, қан оттегі, дене "
        "қызуы, ұйқы сапасы, südame löögisagedus, pulsisagedus, südamerütm, hapnikutase, vere hapnik, kehatemperatuur, une kvaliteet, "
        "unetunnid"
    ),
    Meaning.GENETIC: (
        "carrier screening, hereditary risk, hereditary risks, inherited risk, ancestry dna, ancestry test, dna ancestry, gene panel, "
        "carrier status, наследствен риск, наследствени рискове, наследственный риск, носитель гена, pärilik risk, pärilikud "
        "haigused, тұқымдық қауіп"
    ),
    Meaning.USERNAME: "portal user, ad account, sam account name, uid name, web account name",
    Meaning.THING: "api, login url, login page, logon url",
}
#: Beside the dictionaries of the languages: where they say something else of a word, these do not count.
OTHERS: dict[Meaning, str] = {
    Meaning.NATIONAL_ID: "nic, nic no, cnic, national identity card number, ид номер лица, егнномер, иинномер",
    Meaning.EMAIL: "em id, email id, eml id, mail id, epost nr",
    Meaning.PERSON: (
        "reporter, accused, suspect, victim, requester, requestor, informant, complainant, complainants, petitioner, whistleblower, "
        "depositor, tenant, landlord, cohabitee, cohabitant, nominee, appraiser, valuer, interpreter, translator, neighbour, "
        "neighbor, colleague, executor, deceased, decedent, ward, judge, arbitrator, mediator, pawner, pledger, mortgagor, disputant, "
        "referee person, introducer, co owner, inheritor, съсед, колега, приятел, депозант, наемодател, съсобственик, настойник, "
        "попечител, арбитър, медиатор, съдия, оценител, преводач, шофьор, касиер, залогодател, ответник, ищец, взискател, заместник, "
        "приносител, сънаследник, истец, ответчик, судья, взыскатель, сосед, коллега, вкладчик, арендодатель, арендатор, опекун, "
        "попечитель, наследодатель, оценщик, переводчик, водитель, кассир, предъявитель, судебный исполнитель, чси, заместитель, физ "
        "лиц, физлиц, физлица, залогодатель, совладелец, жалобщик, арызданушы, шағымданушы, талапкер, жауапкер, мұрагер, қорғаншы, "
        "көрші, әріптес, досы, жүргізуші, аудармашы, бағалаушы, кепіл беруші, өтініш беруші, kaebaja, kaebuse esitaja, hageja, "
        "kostja, kohtunik, naaber, kolleeg, sõber, eestkostja, üürnik, üürileandja, tõlk, hindaja, kassapidaja, pantija, volitatu, "
        "kaasomanik"
    ),
    Meaning.AUTHOR: (
        "decided by, reviewer, posted by, actor, approver, analyst user, handled user, released by, blocked by, unblocked by, granted by, "
        "refused by, "
        "authorised user id, escalated to, escalated by, reviewed user, investigated by, exported by, imported by, printed by, решил, "
        "взел решението, издал, кем решено, кем одобрена, кем отменено, кто одобрил, кто решил, otsustas, otsustaja, шешкен, "
        "мақұлдаған"
    ),
    Meaning.USERNAME: (
        "handle, user handle, social handle, nick, nickname login, account login, portal login, bank login, ibank login, web user, db "
        "user, domain user, ad login, ad user, windows login, os user, app user, system user, winlogin, samaccountname, upn, "
        "потребителски логин, потребителски идентификатор, логин служител, домейн потребител, логин клиента, логин сотрудника, "
        "доменное имя пользователя, логин ибанк, имя входа, имя учетной записи, имя для входа, kasutajakonto, sisselogimisnimi, "
        "domeenikasutaja, kasutaja login, логин аты, кіру аты, қолданушы логині, пайдаланушы логині"
    ),
    Meaning.PASSWORD: (
        "password reset hash, crypted password, password crypt, encrypted pass, pass crypt, pwd enc, pwd crypt, pwhash, passphrase "
        "hash, legacy password, old password, prev password, password previous, хеширана парола, стара парола, парола криптирана, "
        "старый пароль, пароль зашифрован, vana parool, krüptitud parool, ескі құпиясөз"
    ),
    Meaning.SECRET: (
        "confirmation token, reset password token, password reset token, unlock token, verification token, verify token, invitation "
        "token, invite token, remember token, magic link, magic link token, activation token, activation key, csrf token, token hash, "
        "refresh token hash, access token hash, session token hash, api token, api secret, client secret hash, bearer, passkey, "
        "passkey id, webauthn credential, totp, totp seed, mfa seed, otp seed, hotp, recovery codes, recovery key, reset digest, "
        "remember digest, secret hash, oauth token, id token, personal access token, signing key, pattern lock, unlock pattern, токен "
        "достъп, токен за достъп, ключ достъп, токен нулиране, код активация, код за вход, токен доступа, токен обновления, токен "
        "сброса, токен сессии, код входа, код активации, ключ подписи, pääsutõend, juurdepääsutõend, lähtestuskood, aktiveerimiskood, "
        "қолжеткізу токені, кіру коды, белсендіру коды"
    ),
    Meaning.PHONE: (
        "contact mob, emergency no, emergency number, emergency tel, sms destination, destination msisdn, msisdn a, msisdn b, "
        "whatsapp number, whatsapp id, telegram phone, signal number, viber number, call to number, dialled phone, dialed phone, "
        "number dialled, number called, call number, called no, calling no, caller no, called phone, calling phone, phone called, "
        "phone to, phone from, num phone, mobiel, celular, celnum, sim number, simcard number, phone norm, phone normalized, phone "
        "normalised, phone e, phone raw, phone intl, phone clean, phone digits, mob nomer, звънено на, обаден номер, номер обаждане, "
        "номер на клиента тел, ном тел, тел ном, телна, резервен телефон, тел резервен, друг телефон, телефони други, тел други, "
        "спешен контакт тел, gsm втори, нов телефон, стар телефон, звонок номер, номер куда, номер откуда, номер исходящий, номер "
        "входящий, запасной телефон, резервный телефон, другой телефон, новый телефон, старый телефон, прежний телефон, тел прежний, "
        "тел доп, тел родных, тел работы, моб номер, uus telefon, vana telefon, varasem telefon, muu telefon, tagavaratelefon, "
        "hädaabi kontakt telefon, kõne number, жаңа телефон, ескі телефон, қосымша телефон, қосымша тел, байланыс нөмірі, қоңырау "
        "нөмірі, ұялы нөмірі, ұялы нөмір"
    ),
    Meaning.VEHICLE: (
        "техпаспорт, тех паспорт, техпасп, тех пасп, номер техпаспорта, свидетельство тс, свидетельство регистрации тс, свид тс, стс, "
        "стс номер, номер свидетельства тс, птс, номер птс, номер стс, сртс, талон мпс, регистрационен талон, рег талон, голям талон, "
        "малък талон, tehpasp, tehpass, tehnopass, tehnopassi, tehnopassi nr, tehniline pass, tehnilise passi nr, sõiduki "
        "registreerimistunnistus, registreerimistunnistus, registreerimistunnistuse nr, техникалық паспорт, техникалық паспорты, "
        "тіркеу куәлігі көлік, logbook no, log book no, vehicle logbook, vehicle title no, registration certificate no, vehicle "
        "certificate, vehicle passport, car passport, tech passport, techpassport, tech pass, techpass, technical passport"
    ),
    Meaning.ID_CARD: (
        "id doc, id document, id doc no, identification document, уд номер, ном уд, номер уд, permit number, permit nbr, residence "
        "permit, work permit, newborn certificate, birth certificate, birth cert, birth certificate id, certificate birth, "
        "certificate of birth, refugee certificate, residence card, residence card no, stay permit, visa sticker no, акт раждане, "
        "удостоверение за раждане, разрешение пребиваване номер, свидетельство о рождении, св рожд, свид о рожд, разрешение на "
        "пребывание, номер разрешения, вид на жительство номер, sünnitunnistus, sünniakt, elamisloa kood, elamisloakaart, туу "
        "куәлігі, тұруға рұқсат, ыхтиярхат"
    ),
    Meaning.ACCOUNT: (
        "old account, old account no, old account number, new account no, prev account, payout iban, refund account, disbursement "
        "account, disb acct, repayment account, wage account, salary acct, стара сметка, нова сметка, стар номер сметка, старый счет, "
        "новый счет, прежний счет, зарплатный счет, счет погашения, vana konto, uus konto, palgakonto, ескі шот, жаңа шот, жалақы "
        "шоты"
    ),
    Meaning.NUMBER: (
        "old number, new number, prev number, previous number, former number, legacy number, old no, new no, prev no, стар номер, нов "
        "номер, предишен номер, старый номер, новый номер, прежний номер, предыдущий номер, vana number, uus number, endine number, "
        "vana nr, uus nr, ескі нөмірі, жаңа нөмірі"
    ),
    Meaning.ORDER: "приход",
    Meaning.THING: ("номер дела, ном дела, дело номер, номер на дело, toimiku number, іс нөмірі, седалище, registered seat, company seat"),
    Meaning.BODY: ("house photo, home photo, door photo, property photo, photo house, снимка къща, фото дома, maja foto"),
    Meaning.COUNT: "tokens used, tokens left, token count, tokens count, tokens total",
}

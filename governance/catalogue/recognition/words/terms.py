"""Vocabularies that values are held against: what stands in columns of religion, ethnic origin, parties, unions, health and the like."""

from __future__ import annotations

TERMS: dict[str, str] = {
    "religion": (
        "christian, orthodox, eastern orthodox, catholic, roman catholic, protestant, lutheran, baptist, muslim, islam, sunni, shia, "
        "jewish, judaism, buddhist, buddhism, hindu, hinduism, atheist, atheism, agnostic, adventist, pentecostal, evangelical, "
        "methodist, mormon, jehovah witness, christianity, pagan, bahai, catholicism, православие, православен, православна, "
        "православный, православная, католик, католичество, католическо, католицизм, протестант, протестантство, ислям, ислам, "
        "мюсюлманин, мюсюлманско, мусульманин, мусульманка, мусульманство, юдаизъм, иудаизм, иудей, будизъм, буддизм, буддист, атеист, "
        "атеизъм, атеизм, агностик, християнство, християнин, христианство, христианин, лютеран, лютеранин, баптист, адвентист, свидетел "
        "йехова, свидетели иеговы, еврейско вероизповедание, арменска апостолическа, сунит, суннит, шиит, католическа, протестантска, "
        "мұсылман, христиан, православ, исламдық, құдайсыз, luterlane, luterlik, õigeusk, õigeusklik, katoliiklane, katoliku, moslem, "
        "juut, budist, ateist, kristlane, evangeelne, maausk, taarausk, usuleige, uskmatu, õigeusu"
    ),
    "ethnicity": (
        "bulgarian, turkish, turk, roma, gypsy, armenian, jew, kazakh, russian, ukrainian, uzbek, tatar, uyghur, uighur, german, korean, "
        "estonian, finnish, finn, belarusian, pole, polish, chechen, azerbaijani, kyrgyz, kurd, dungan, caucasian, asian, african, black, "
        "white, hispanic, arab, българин, българка, българска, турчин, туркиня, турска, ром, ромка, ромска, циганин, арменец, арменка, "
        "арменска, евреин, еврейка, еврейска, руснак, рускиня, руска, украинец, украинка, влах, каракачанин, помак, татарин, татарка, "
        "македонец, казах, казашка, казашки, русский, русская, узбек, узбечка, уйгур, уйгурка, немец, немка, кореец, кореянка, турок, "
        "турчанка, белорус, белоруска, поляк, полька, чеченец, чеченка, азербайджанец, азербайджанка, киргиз, киргизка, еврей, армянин, "
        "армянка, курд, курдянка, дунганин, дунганка, таджик, таджичка, грек, гречанка, молдаванин, цыган, болгарин, эстонец, эстонка, "
        "қазақ, орыс, өзбек, ұйғыр, украин, неміс, кәріс, түрік, татар, әзербайжан, қырғыз, шешен, дүнген, беларус, күрд, eestlane, "
        "eesti, venelane, vene, ukrainlane, soomlane, valgevenelane, lätlane, leedulane, juut, tatarlane, poolakas, armeenlane, sakslane, "
        "aserbaidžaanlane, mustlane"
    ),
    "politics": (
        "герб, бсп, дпс, възраждане, демократична българия, продължаваме промяната, итн, има такъв народ, сдс, дсб, вмро, атака, синя "
        "коалиция, левица, десница, либерал, консерватор, социалист, комунист, социалдемократ, республиканец, демократ, националист, "
        "монархист, либерален, консервативен, социалистически, аманат, amanat, нұр отан, нур отан, ақ жол, ак жол, ауыл, республика, "
        "respublica, жсдп, осдп, байтақ, единая россия, кпрф, лдпр, справедливая россия, яблоко, народная партия казахстана, кнпк, левый, "
        "правый, центрист, коммунист, либералы, reformierakond, keskerakond, ekre, isamaa, sotsiaaldemokraadid, sde, eesti 200, "
        "parempoolsed, rohelised, vasakpoolne, parempoolne, liberaal, konservatiiv, sotsiaaldemokraatlik erakond, gerb, bsp, dps, left, "
        "right, centre left, center left, centre right, center right, liberal, conservative, socialist, communist, social democrat, "
        "democrat, republican, green party, labour, nationalist, far right, far left, anarchist, labour party, progressive"
    ),
    "union": (
        "кнсб, кт подкрепа, подкрепа, промяна, cntu, citub, podkrepa, knsb, синдикат, синдикат образование, сбу, федерация профсъюзи, "
        "профсоюз, федерация профсоюзов, профсоюз образования, профсоюз горняков, кәсіподақ, eakl, talo, eesti ametiühingute keskliit, "
        "ametiühing, haridustöötajate liit, eametsa ametiühing, trade union, labour union, teachers union, miners union, transport "
        "workers union, fprk, федерация профсоюзов казахстана"
    ),
    "orientation": (
        "hetero, homo, bi, гетеро, гомо, би, хетеро, heterosexual, homosexual, bisexual, gay, lesbian, asexual, pansexual, queer, "
        "straight, хетеросексуален, хетеросексуална, хомосексуален, хомосексуална, бисексуален, бисексуална, гей, лесбийка, "
        "гетеросексуал, гетеросексуальная, гетеросексуальный, гомосексуал, гомосексуальная, гомосексуальный, бисексуал, "
        "бисексуальная, бисексуальный, лесбиянка, heteroseksuaal, heteroseksuaalne, homoseksuaal, homoseksuaalne, biseksuaal, "
        "biseksuaalne, lesbi, асексуал"
    ),
    "sex-life": (
        "casual sex, one night stand, hookup, hookups, open relationship, friends with benefits, polyamory, swinger, swingers, bdsm, "
        "no strings, sugar daddy, секс, интим, секс без обязательств, открытые отношения, свингеры, секс на одну ночь, отворена връзка, "
        "секс без ангажименти, свободна връзка, juhusuhe, avatud suhe, üheöösuhe, ашық қатынас, еркін қатынас"
    ),
    "attraction": (
        "men, women, both, everyone, males, females, men and women, мужчины, женщины, оба, мъже, жени, и двете, mehed, naised, mõlemad, "
        "ерлер, әйелдер, екеуі"
    ),
    "health": (
        "diabetes, hypertension, asthma, depression, cancer, epilepsy, schizophrenia, hepatitis, tuberculosis, pregnancy, pregnant, "
        "disabled, healthy, arthritis, stroke, migraine, anemia, allergy, obesity, pneumonia, copd, dementia, alcoholism, bronchitis, "
        "gastritis, диабет, хипертония, астма, депресия, рак, епилепсия, шизофрения, хепатит, туберкулоза, бременност, инвалидност, "
        "артрит, инсулт, мигрена, анемия, алергия, затлъстяване, пневмония, деменция, здрав, инфаркт, бронхит, гастрит, гипертония, "
        "депрессия, эпилепсия, гепатит, туберкулез, беременность, инвалид, инсульт, мигрень, аллергия, ожирение, здоров, онкология, "
        "остеохондроз, ишемия, қант диабеті, гипертониясы, демікпе, қатерлі ісік, мүгедек, сау, жүктілік, suhkurtõbi, diabeet, "
        "hüpertensioon, kõrgvererõhk, depressioon, vähk, epilepsia, skisofreenia, tuberkuloos, rasedus, puue, terve, migreen, allergia, "
        "kopsupõletik, insult, rasvumine, artriit, bronhiit"
    ),
    "marital": (
        "single, married, divorced, widowed, widow, widower, separated, cohabiting, civil partnership, in relationship, partnered, "
        "unmarried, never married, domestic partnership, женен, неженен, омъжена, неомъжена, разведен, разведена, вдовец, вдовица, "
        "съжителство, фактическо съжителство, семеен, семейна, несемеен, женен омъжена, в брак, женат, замужем, холост, не замужем, в "
        "браке, вдова, гражданский брак, холостой, не женат, холост не замужем, женат замужем, в разводе, үйленген, тұрмыста, бойдақ, "
        "ажырасқан, тұрмысқа шыққан, жесір, үйленбеген, тұрмысқа шықпаған, некеде, некеде тұрмайды, abielus, vallaline, lahutatud, lesk, "
        "kooselu, vabaabielus, abielulahutus, vabaabielu"
    ),
    "gender": (
        "m, f, male, female, man, woman, мъж, жена, мужской, женский, муж, жен, м, ж, mees, naine, ер, әйел, еркек, n, mž, мъжки, женски, "
        "мъжки пол, женски пол, other, unknown, x, u, неизвестно, muu, 0, 1, 2, e"
    ),
}

#: Values that stand for yes and no.
YES_NO = "0 0.0 1 1.0 e ei f false j jah n no off on t true y yes бар д да жоқ ия иә н не нет"

#: Legal forms of firms.
FIRM_FORMS = (
    "ООД ЕООД АД ЕАД ЕТ СД КД ДЗЗД ТОО ЖШС АО АҚ ИП ЖК ОАО ЗАО ПАО ООО НАО РГП ГКП КГУ ГУ OÜ AS FIE MTÜ SA TÜ UÜ Ltd LLC Inc GmbH "
    "EOOD OOD AD EAD ET TOO LLP JSC PLC ЧП Corp Limited Company Bank Банк Банка Pank НЧИ ТД СНТ"
)

#: What stands in addresses beside names and numbers.
ADDRESS_WORDS = (
    "ул улица бул булевард жк кв квартал бл блок вх ет ап апартамент пл площад село община област проспект пр-т мкр мкрн микрорайон "
    "переулок шоссе пгт район квартира көшесі көше даңғылы ауданы қаласы облысы ауылы пәтер tn mnt pst tänav maantee puiestee põik "
    "vald maakond küla korter street st road rd avenue ave apt apartment flat boulevard blvd lane ul bul zhk mkr ulitsa ulica oblast "
    "close court drive terrace crescent gardens grove mews cottage barn көш даң үй шағын обл пер корп наб туп allee tee talu mk общ "
    "straße strasse str platz weg allee iela gatve katu rue via calle"
)

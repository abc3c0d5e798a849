"""Special categories as forms, old files and packaged systems call them, beyond the dictionaries of the languages: cut short, in Latin
letters, by what they are made of."""

from __future__ import annotations

from governance.catalogue.recognition.meanings import Meaning

WORDS: dict[Meaning, str] = {
    Meaning.RELIGION: (
        "faith cd, faith code, relgn cd, religion group, relig grp, religious grp, holy orders, mosque member, synagogue, temple "
        "member, church member, church dues, tithe, lent observance, kirchgemeinde, rel aff, relig affil, religious affil, "
        "spirituality, god belief, вера, вероиспов, верующий, прихожанин, мусульманин, православный, исповедание, отношение к "
        "религии, конфесс, религ, религ убеждения, религиозность, обряд, мечеть, церковь, намаз, веровис, вероизп, вероизпов, религ "
        "принадл, религиозни, изповядва, изповедание, молитвен, джамия, църква, църковен, вярващ, вяра, постене, рел принадлежност, "
        "usk, usutunnistuse, usuline, usuline kuuluvus, kirik, kirikuliige, kogudus, koguduse liige, usuvool, usund, usulahk, діни "
        "ұстаным, діни бірлестігі, діни ұйым, дінге көзқарасы, мешіт мүшесі, dini, dini senimi, діндар, dini kozqarasy"
    ),
    Meaning.ETHNICITY: (
        "caste, caste cd, tribe nm, tribal, ethnie, ethnos cd, nationality ethnicity, ethn cd, ethnic grp cd, ethnic grp, race cd, "
        "racial cd, skin tone, complexion, native people, indigenous people, aboriginal, roma community, first nation, mother nation, "
        "национ ть, национальн, нац принад, нац сть клиента, этн, этн группа, этническ, этногруппа, народ, родоплеменная, род племя, "
        "этнич происх, этн происх, малый народ, коренной народ, етн принадл, етн прин, етн произх, етногрупа, народностна "
        "принадлежност, етнич произход, ромски етнос, малцинств, етн малц, rahvusl, rahv, rahvus kood, rahvuse kood, etniline taust, "
        "rahvusline kuuluvus, põlisrahvas, ұлт, ұлты коды, этнос, этн тобы, ulty, ulti, ulty kody, etnosy"
    ),
    Meaning.POLITICS: (
        "party mbr, party mbr ind, party member ind, party card no, partisan, party ticket, party dues, electoral list party, "
        "political side, polit affil, political affil, polit member, polit donor, party youth wing, campaign donor, referendum vote, "
        "voted party, парт билет, партбил, член партии, чл партии, парт принадл, полит взгл, полит взгляд, полит убежд, полит "
        "принадл, политубеждения, партвзносы, партийный стаж, депутат от партии, пол убеждения, партиен член, чл партия, партийна "
        "карта, парт членство, член на партия, гласува за, pol ubezhdenia, pol vazgledi, polit ubezhdeniya, партийни, политически "
        "симпатии, политическо членство, erak liige, erakond liige, poliitilised eelistused, parteipilet, valimiskäitumine, "
        "poliitiline kuuluvus, erakonna nimi, партиялығы, партиясы, партия билеті, саяси бағыты, саяси пікірі, саяси ұстанымдары, "
        "saiasi kozqaras, saiasi partiia, partiialygy"
    ),
    Meaning.UNION: (
        "tu mbr, tu mbr flg, tu member flag, tu dues amt, union mbr, union memb, union dues amt, works council member, collective "
        "bargaining member, staff union, industrial action, strike participation, strike fund, union delegate, labor syndicate, проф "
        "союз, член профс, чл профсоюза, профсоюзн, профвзн, взносы в профсоюз, взнос профсоюз, членство профсоюз, профбил, профорг, "
        "профс внос, профс, синд членство, синдик, синдик член, синд внос, чл внос синдикат, профсъюз член, профс членство, синдик "
        "внос, стачка, стачен комитет, ametiüh, a ühingu liige, aü liige, au liige, ühinguliige, ametiühingu maks, usaldusisik, "
        "streik, кәсіпод, кәсіподақ билеті, кәсіподақ ұйымы, кәсіподақ взносы, kasipodaq, kasipodaq mushesi, кәсіп одақ"
    ),
    Meaning.BIOMETRIC: (
        "face tmpl, face vec, face feat, face embeddings, face match pct, face distance, facial emb, biomet, bio vector, bio match "
        "score, palm scan, ear shape, handwriting dynamics, typing dynamics, gait profile, face recognition id, биометр, биометрия, "
        "биошаблон, био шаблон, биообразец, биометр шаблон, слепок лица, вектор лица, лицевой вектор, дескриптор лица, распознавание "
        "лица, геометрия лица, рисунок вен, дакт карта, биометричен образец, биометр образец, биометрични, лицев вектор, лицев "
        "шаблон, разпознаване лице, лицево разпознаване, геометрия лице, биометр данни, вектор на лице, biomeetria, biomeetriline, "
        "näokujutis, näotuvastus, näomall, näo vektor, näovektor, biomeetr, peopesa, veresoonte muster, биометриялық, бет әлпеті, бет "
        "векторы, бет үлгісі, биометрика, бет тану, алақан, biometriialyq"
    ),
    Meaning.FINGERPRINT: (
        "fp left, fp right, fp thumb, fp index, fp left thumb, fp right thumb, fp image, left thumb, right thumb, right index finger, "
        "finger img, ten print, tenprint, livescan, fingervein, finger vein, дактокарта, дактилоскопия, дактилокарта, дакт карта, отп "
        "пальца, отпеч пальцев, отпечатки, палец, папиллярный узор, пр отпечатък, пръст отпечатък, пръстов, пръстови, отпечатък "
        "пръст, дактилоскопна карта, пръстов отп, sõrmej, sõrmejäljed, sõrmejälje, sõrmejälje mall, sõrm, саусақ ізі, саусақ іздері, "
        "саусақ таңбасы, саусақ, sausaq izi"
    ),
    Meaning.RETINA: (
        "iris cd, iris img, iris tpl, eye template, ocular, сетчатка, радужка, радужная оболочка, скан глаза, ирис скан, ретина, "
        "ирисов код, сканиране око, silmaiiris, võrkkest, vikerkest, iirise kood, көз торы, көздің нұрлы қабығы, көз қарашығы"
    ),
    Meaning.VOICEPRINT: (
        "voice biom, voiceprint ref, voice tpl, voice tmpl, voice model, speaker id, speaker model, голос шаблон, голосовой слепок, "
        "голосовой отпечаток, голосовая биометрия, гласов отпечатък, гласов образец, гласов шаблон, гласова биометрия, häälemuster, "
        "hääljälg, häälemall, hääletuvastus, дауыс үлгісі, дауыс ізі, дауыс биометриясы, voice signature"
    ),
    Meaning.GENETIC: (
        "gen risk score, genetic score, dna kit, dna kit no, dna marker, genotyping, polygenic, polygenic score, gene mutation, "
        "karyotype, allele, haplogroup, family disease history, генетическ, ген риск, ген предрасположенность, днк тест, днк профиль, "
        "ген карта, мутация гена, кариотип, гаплогруппа, генанализ, генет данни, ген изследване, днк проба, днк профил, генетичен "
        "риск, наследствен, ген данни, geneet, dna proov, dna profiil, geenirisk, geeniproov, pärilikkus, geenivaramu, геном, гендік "
        "тест, днқ, генетика, тұқым қуалайтын ауру, genetikalyq"
    ),
    Meaning.SEX_LIFE: (
        "sexual conduct, sexual life details, intimacy, intimate life, number of partners sexual, std history, интим жизнь, интимная, "
        "интим, половая жизнь, сексуальн жизнь, секс жизнь, интимные отношения, половое поведение, интимен, интимен живот, сексуален "
        "живот, полов живот, полово поведение, intiimelu, seksuaalelu, suguelu, сексуалдық өмірі, жыныстық қатынас, жыныс өмірі, "
        "интим өмірі"
    ),
    Meaning.ORIENTATION: (
        "sex orient cd, sexor, lgbti, same sex partner, gender preference partner, orientation sex, секс ориент, сексуальн "
        "ориентация, ориентация сексуальная, лгбт, секс предпочтения, половое предпочтение, сексуална ориент, сексуал ориентация, "
        "seksuaalorientatsioon, sättumus, lgbt, seks sättumus, жыныстық бағдар, жыныстық бейімділік, сексуалдық бағыты, zhynystyq "
        "bagdar"
    ),
    Meaning.PHILOSOPHY: (
        "belief sys, belief system, philos, ethical stance, pacifist, pacifism, veganism, humanist, freemason, conscientious "
        "objector, мировоззрение, филос убеждения, философские взгляды, убежд, убеждения, жизненные убеждения, моральные убеждения, "
        "масон, мироглед, филос убежд, философски възгледи, философски убежд, морални убеждения, светоглед, отказ по съвест, "
        "veendumused, maailmavaade, filosoofilised vaated, elufilosoofia, kõlbelised veendumused, filos veendumus, дүниетанымы, "
        "дүниетаным, философиялық көзқарасы, философиялық сенім, сенім нанымы, наным сенімі, ар ұждан"
    ),
}

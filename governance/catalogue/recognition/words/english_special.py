"""English words for special categories of personal data (GDPR 9), crime and legal capacity."""

from __future__ import annotations

from governance.catalogue.recognition.meanings import Meaning

WORDS: dict[Meaning, str] = {
    Meaning.BIOMETRIC: (
        "biometric, biometrics, biometric data, biometric template, face, face template, face vector, face embedding, facial, facial "
        "template, face id, face descriptor, face print, faceprint, face match, face image, facial image, facial recognition, biometric "
        "hash, liveness, selfie template, palm, palm vein, palm print, hand geometry, face encoding, face map, gait, face hash, face "
        "score, face similarity, biometric score, liveness score, liveness check, keystroke dynamics, signature dynamics, face scan, bio "
        "template, biometric id, face biometric, faceid, bio hash, bio data, bio sample, face emb, biom, biometry, facial features, "
        "facial geometry, facial hash, face token, face signature, selfie vector, selfie embedding, bio tmpl, biotmpl, facetpl, face tpl, "
        "facetmpl, hand geom, vein, vein pattern, vein scan, biometr, facevec, faceprt, facial tmpl"
    ),
    Meaning.FINGERPRINT: (
        "fingerprint, finger print, fingerprints, finger scan, fingerprint template, dactyloscopy, finger, fingerprint hash, finger "
        "template, thumbprint, thumb print, fprint, fprint hash, fingerprt, fprnt, finger image, fingers, fp template, fp tpl, fp tmpl, "
        "fp hash, minutiae, finger minutiae, fngrprt, fgrprt, finger prt, fingprt, fngprt"
    ),
    Meaning.RETINA: "iris, retina, iris scan, iris template, iris code, retina scan, retinal, retinal scan, iris hash, eye scan",
    Meaning.VOICEPRINT: (
        "voice print, voiceprint, voice template, voice biometric, voice biometrics, voice sample, speaker embedding, voice signature, "
        "speaker template, voice embedding, voice vector, speaker verification, voice id"
    ),
    Meaning.HEALTH: (
        "health, health status, health condition, medical, medical condition, medical history, diagnosis, disease, illness, disability, "
        "disabled, invalidity, sick leave, sickness, sick note, hospital, hospitalisation, hospitalization, hospitalized, treatment, "
        "medication, medicine, allergies, allergy, blood type, blood group, pregnancy, pregnant, mental health, medical certificate, "
        "medical record, health note, health notes, health data, icd, icd code, disability group, disability degree, disability level, "
        "handicap, incapacity, work incapacity, hiv, hiv status, vaccination, vaccinated, surgery, therapy, rehabilitation, symptoms, "
        "addiction, alcoholism, drug use, health insurance, health problem, health problems, medical exam, medical card, illnesses, "
        "diseases, diagnoses, chronic disease, chronic illness, diagnosis code, icd10, disability percent, disability pct, doctor, "
        "physician, med record, covid, smoker, health declaration, is disabled, med cond, diagn, disab, patient, maternity leave, medical "
        "leave, hlth, chronic cond, chronic, medical cond, health cond, med notes, med hist, disability grp, disab grp, invalid grp, sick "
        "days, sick leave days, illness days, impairment, impairments, hospitalised, diagnosed, prescription, prescriptions, blood "
        "pressure, bmi, psychiatric, psychological, clinical, vaccine, special needs, care level, medical expenses, dialysis, insulin, "
        "disability status, healthcare, health care, diag code, diag cd, diag, invalid group"
    ),
    Meaning.GENETIC: (
        "genetic, genetic data, genetics, dna, genome, genotype, genetic test, dna profile, genomic, hereditary disease, dna sample, "
        "genetic marker, genetic markers, genetic risk, genetic predisposition, dna hash, dna test, gene, genes, hereditary, snp, dna "
        "sequence, brca, genet test, genetic info, genetic result, gene test, dna code, genom, chromosome, heredity, inherited disease, "
        "genetic disease, genetic screening, genet"
    ),
    Meaning.POLITICS: (
        "political, political opinion, political opinions, political party, political views, political affiliation, politics, political "
        "view, party membership, party member, party affiliation, vote, voting preference, voted for, electoral preference, political "
        "orientation, political preference, member party, political membership, political belief, political beliefs, political activity, "
        "party preference, voted, voter, voter preference, ideology, polit, polit party, polit views, polit aff, party card, party "
        "donation, political leaning, political stance, political donation, political donations, election preference, party aff, aff "
        "party, political aff, pol party, pol views, pol opinion, political donor, political group, party membership no, pol affiliation, "
        "party affiliation code, voting pref, votes for, vote pref, vote intent, polaff, politaff, polparty, party mem, party mbr no, "
        "political donor flag, politvzg, partprin, part prinadl, chlenpart, polit prin"
    ),
    Meaning.PARTY: "party, party name",
    Meaning.RELIGION: (
        "religion, religious, religious belief, religious beliefs, religious affiliation, faith, denomination, confession, church, "
        "religion code, creed, religious views, religious denomination, worship, mosque, relig, rlgn, religiosity, religious community, "
        "church tax, church membership, religious preference, halal, kosher, congregation, religious group, baptised, baptized, relig "
        "aff, religious aff, faith community, spiritual belief, religion name, faith group, konfe, konfession, baptism, christening, "
        "confess, relgn, relgcd, relig code, veroisp, parish member, believer, clergy"
    ),
    Meaning.PHILOSOPHY: (
        "philosophical belief, philosophical beliefs, philosophical, worldview, world view, belief, beliefs, life philosophy, philosophy, "
        "philosophical view, philosophical views, philosophical conviction, philosophical convictions, moral beliefs, philos belief, "
        "personal beliefs, ethical belief, ethical beliefs, life stance, moral convictions, personal convictions, ethical convictions"
    ),
    Meaning.ETHNICITY: (
        "ethnicity, ethnic, ethnic origin, ethnic group, ethnic background, race, racial, racial origin, race ethnicity, racial group, "
        "ethnos, ethnic code, ethnic minority, minority group, skin color, skin colour, ethn, ethnicity code, ethnic identity, ancestry, "
        "tribe, roma origin, minority, race code, ethnic affiliation, ethnic self identification, racial or ethnic origin, ethn grp, ethn "
        "origin, descent, national origin, ethnic cd, ethnic nationality, nationality ethnic, indigenous, ethnic nationality code, roma "
        "flag, is roma, roma ind, roma minority, racky, ethin, ethncty, nacional, natsional, nacion, natsion, etnprin"
    ),
    Meaning.UNION: (
        "trade union, trade unions, trade union membership, labour union, labor union, union member, union membership, union dues, union "
        "name, union card, member union, trade union member, syndicate, syndicate member, union fee, worker union, workers union, "
        "tradeunion, union fees, union, union status, trade union fee, trade union dues, union contribution, union affiliation, in union, "
        "union no, union number, is union member, tu member, union branch, union code, labour union member, union mem, tu membership, "
        "labor union member, union rep, union representative, union subscription, union due, shop steward, union joined, tu dues, tu fee, "
        "tu flag, tu no, tu mem, unionised, unionized, tradeun, profvznos, prof vznos, trade un, union mbr no, unionmbr"
    ),
    Meaning.SEX_LIFE: (
        "sex life, sexual life, sexual behaviour, sexual behavior, intimate life, sexual history, sexual activity, sexual health, sexual "
        "partners, sexual partner, sexual relations, intimate relations, sex partner, sex partners, sexlife"
    ),
    Meaning.ORIENTATION: (
        "sexual orientation, sex orientation, sexual preference, sexual identity, sexual preferences, lgbt, lgbtq, orientation sexual, "
        "gay, homosexual, sexorient, sex orient, sexuality, sexual orient, sexual pref, sex pref, sexual pref code, sxorient"
    ),
    Meaning.CRIMINAL: (
        "criminal, criminal record, criminal records, conviction, convicted, convictions, convictions count, convictions status, criminal "
        "history, criminal conviction, criminal convictions, court conviction, crime, felony, offence, offense, police record, prison, "
        "arrested, imprisonment, criminal case, criminal proceedings, previous convictions, crim record, criminal status, misdemeanor, "
        "probation, jail, has criminal record, offences, prosecution, crim rec, crim history, police clearance, police check, criminal "
        "check, crim conv"
    ),
    Meaning.LEGAL_CAPACITY: (
        "legal capacity, incapacitated, legally incapable, guardianship, capacity restricted, active legal capacity, incapable, under "
        "guardianship"
    ),
}

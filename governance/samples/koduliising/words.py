"""Word lists of the Estonian hire-purchase lender: goods, authorities, databases, what people write. Made up; combines nothing."""

from __future__ import annotations

GOODS = (
    "pesumasin", "külmkapp", "diivan", "jalgratas", "sülearvuti", "televiisor", "nutitelefon", "elektritõukeratas", "muruniiduk",
    "köögimööbel", "õhksoojuspump", "söögilaud",
)  # fmt: skip
REFUSALS = ("ebapiisav sissetulek", "maksehäired", "suur kohustuste koormus", "puudulikud andmed")
AUTHORITIES = ("kohtutäitur", "notar", "maksuhaldur", "maakohus", "uurimisasutus")
DATABASES = ("maksehäireregister", "rahvastikuregister", "töötamise register")
ORIGINS = ("töötasu", "pension", "ettevõtlus", "üüritulu")
TIES = ("osalus äriühingus", "ühine äri", "pereliige", "naaber")
CAMPAIGNS = ("Suvemäng", "Jõulukalender", "Kevadloos", "Õunasügis")
PRIZES = ("võitis kinkekaardi", "ei võitnud", "kogus 40 punkti", "kogus 120 punkti")
PAGES = ("jarelmaks/köögitehnika", "jarelmaks/jalgrattad", "pakkumised/suvi", "mäng/tulemused", "kalkulaator")
HABITS = ("ostab sügisel", "eelistab veebipoodi", "võrdleb hindu", "ostab kingitusi")
OPINIONS = ("kiire teenindus", "ootaksin väiksemat intressi", "leping oli arusaadav", "nõustaja oli sõbralik")
COMPLAINTS = ("intress arvutati valesti", "kaup hilines", "arve saabus kaks korda", "nõustaja oli ebaviisakas")
BREACHES = ("maksed jäid tasumata", "kaup müüdi edasi ilma loata", "esitati võltsitud tõend")
NOTICES = ("maksegraafik", "meeldetuletus", "intressi muutus")
PROCESSORS = (
    "Trükikoda Sinilill",
    "Kõnekeskus Ööbik",
    "Pilvemaja Rukis",
    "Reklaamibüroo Kägu",
    "Arhiiviladu Tamm",
    "Küsitlusbüroo Sõnajalg",
)

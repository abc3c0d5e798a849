"""Word lists of our own for Estonian sample content: names, places, streets, employers, trades.

Common given and family names of Estonia's two large language groups, real towns with a real post code, made-up employers and banks. No
row made of them describes a real person or firm. Does not combine anything; that is `estonian.py`.
"""

from __future__ import annotations

from governance.samples.words import parts

MEN = parts(
    "Aivar Andres Ants Arvo Enn Hannes Indrek Jaan Jüri Kalle Kristjan Kõu Lembit Madis Margus Märt Olev Peeter Priit Rasmus Raul Rein "
    "Sander Sten Tanel Tarmo Toomas Tõnis Tõnu Urmas Vaino Väino Ülo",
)
WOMEN = parts(
    "Aino Anneli Anu Epp Helle Imbi Kadri Karin Katrin Kersti Kristiina Kätlin Külli Laine Liis Maarja Mari Merle Piret Pille Reet Signe "
    "Sirje Tiina Tiiu Triin Urve Õie Õnne Ülle Ülvi",
)
FAMILIES = parts(
    "Aas Aru Haab Hallik Hõbe Ilves Jõesaar Järv Kaasik Kallas Kangur Karu Kask Kivi Koppel Kruus Kukk Kuusk Kõiv Käär Laas Lepik Lõhmus "
    "Luik Mets Mägi Männik Nurk Nõmm Org Paju Parts Põder Pärn Raid Raudsepp Rebane Roos Saar Sepp Soosaar Sööt Tamm Toom Uibo Vaher "
    "Veski Võsu Õunapuu Üprus",
)

# In the Latin spelling of Estonian papers, where š and ž live.
RUSSIAN_MEN = parts(
    "Aleksandr Aleksei Andrei Anton Boriss Deniss Dmitri Igor Ivan Jevgeni Juri Konstantin Maksim Mihhail Nikita Oleg Pavel Roman Sergei "
    "Vadim Valeri Viktor Vladimir"
)
RUSSIAN_WOMEN = parts(
    "Aljona Anna Darja Galina Irina Jekaterina Jelena Julia Ksenia Ljudmilla Maria Marina Nadežda Natalja Olga Snežana Svetlana Tatjana "
    "Valentina Vera Viktoria"
)
RUSSIAN_FAMILIES = parts(  # as a man bears it; a woman's form adds "a"
    "Andrejev Baranov Belov Fjodorov Golubev Grigorjev Ivanov Jegorov Kazakov Kiseljov Kozlov Kuznetsov Medvedev Morozov Nikitin Orlov "
    "Pavlov Petrov Romanov Semjonov Smirnov Sokolov Stepanov Zahharov Šalajev Šarov Šestakov Šubin Tšernov Vassiljev Volkov Žarov "
    "Židkov Žukov"
)

TOWNS = (  # county, town or parish, post code
    ("Harju maakond", "Tallinn", "10115"),
    ("Harju maakond", "Tallinn", "11415"),
    ("Harju maakond", "Tallinn", "13520"),
    ("Harju maakond", "Tallinn", "13914"),
    ("Harju maakond", "Keila", "76606"),
    ("Harju maakond", "Maardu", "74114"),
    ("Harju maakond", "Saue vald", "76505"),
    ("Hiiu maakond", "Kärdla", "92412"),
    ("Ida-Viru maakond", "Jõhvi", "41531"),
    ("Ida-Viru maakond", "Kohtla-Järve", "30328"),
    ("Ida-Viru maakond", "Narva", "20308"),
    ("Ida-Viru maakond", "Sillamäe", "40231"),
    ("Järva maakond", "Paide", "72711"),
    ("Järva maakond", "Türi", "72213"),
    ("Jõgeva maakond", "Põltsamaa", "48105"),
    ("Lääne maakond", "Haapsalu", "90502"),
    ("Lääne-Viru maakond", "Rakvere", "44306"),
    ("Lääne-Viru maakond", "Väike-Maarja", "46202"),
    ("Põlva maakond", "Põlva", "63308"),
    ("Pärnu maakond", "Pärnu", "80010"),
    ("Pärnu maakond", "Pärnu", "80042"),
    ("Rapla maakond", "Rapla", "79512"),
    ("Saare maakond", "Kuressaare", "93813"),
    ("Tartu maakond", "Elva", "61507"),
    ("Tartu maakond", "Tartu", "50103"),
    ("Tartu maakond", "Tartu", "51014"),
    ("Valga maakond", "Otepää", "67404"),
    ("Valga maakond", "Valga", "68204"),
    ("Viljandi maakond", "Viljandi", "71020"),
    ("Võru maakond", "Võru", "65605"),
)
STREETS = parts(
    "Aia,Jõe,Kalda,Kase,Kevade,Kooli,Kraavi,Kuuse,Kõrge,Käo,Lille,Linda,Luha,Lõuna,Metsa,Männi,Mäe,Niidu,Nurme,Oja,Pargi,Posti,Põllu,"
    "Pärna,Ranna,Ringi,Sepa,Sireli,Sõpruse,Tamme,Toome,Tähe,Uus,Vaksali,Veski,Võidu,Õle,Õuna,Ööbiku,Ülase",
    ",",
)

FIRMS = tuple(
    f"{epithet} {thing}"
    for epithet in parts("Sinine Vaikne Varane Helisev Kärme Kivine Suvine Mäeline Õhtune")
    for thing in parts("Viljapeks Süstik Kangastelg Karussell Käsikivi Labidas Ankur Kastekann")
)
FIRM_FORMS = ("OÜ", "AS", "TÜ")
BANKS = ("31", "47", "58", "63", "89", "94")  # bank codes that no bank in Estonia bears

SCHOOLING = ("põhiharidus", "keskharidus", "kutseharidus", "kõrgharidus")
POSITIONS = ("müüja", "keevitaja", "õpetaja", "autojuht", "hooldaja", "raamatupidaja", "elektrik", "köögitöötaja", "müügijuht", "õde")

"""Given names common in Bulgaria, Kazakhstan, Russia and Estonia; what patronymics and family names end in. No entry describes anybody."""

from __future__ import annotations

#: Bulgarian, Russian, Kazakh and Estonian ones, as written at home, and some met with foreigners; transliterations follow from `spelling`.
GIVEN_NAMES = (
    "Александър Александра Алекс Албена Анастасия Ангел Ангелина Андрей Анелия Анна Ана Антоанета Антон Антония Асен Атанас Биляна "
    "Благовест Бисер Боби Богдан Божидар Бойко Бойка Борислав Борис Боряна Валентин Валентина Валери Валерия Ваня Васил Василка "
    "Велизар Велина Венцислав Вера Веселин Веселина Веселка Виктор Виктория Виолета Владимир Владислав Галина Ганка Гергана Георги "
    "Гинка Господин Данаил Даниел Даниела Дарина Деница Десислава Диана Димитър Димитрина Димо Добри Добромир Донка Дора Драгомир "
    "Евгени Евгения Екатерина Елена Елеонора Ели Елисавета Елица Емил Емилия Емануил Живко Жана Женя Жасмина Захари Здравка Здравко "
    "Златка Зорница Ива Иван Иванка Иво Ивайло Ивелин Ивелина Ивет Ивета Илия Илиана Илиян Ирена Ирина Искра Йоана Йордан Йорданка "
    "Калин Калина Калоян Камелия Камен Катерина Катя Кирил Коста Костадин Красимир Красимира Кремена Кристиан Кристина Кристияна Крум "
    "Лидия Лилия Лиляна Любен Любка Любомир Людмил Людмила Магдалена Мая Малина Манол Маргарита Мариана Марин Марина Мария Марияна "
    "Мартин Мариела Методи Миглена Мила Милен Милена Мира Мирослав Мирослава Мирела Митко Михаела Михаил Моника Момчил Надежда Надя "
    "Найден Наталия Невена Недялка Нели Никола Николай Николета Николина Огнян Олга Орлин Павел Павлина Панайот Пенка Пенчо Петко "
    "Петър Петранка Петя Пламен Пламена Полина Преслав Преслава Рада Ради Радка Радослав Радослава Радостина Райна Ралица Рая Росен "
    "Росица Румен Румяна Светла Светлана Светлин Светослав Севдалин Силвия Силвана Симеон Симона Славчо Слави Снежана София Спас "
    "Стамен Станимир Станислав Станислава Стела Стефан Стефани Стефка Стефания Стоил Стоян Стоянка Тани Таня Татяна Тема Теодор "
    "Теодора Тереза Тинка Тихомир Тодор Тодорка Траян Филип Христина Христо Цанка Цветан Цветана Цветанка Цветелина Цветомир Цонка "
    "Чавдар Юлия Юлиан Юлияна Явор Яна Янка Яни Янко Ясен Алевтина Алексей Алексий Алена Алина Алиса Алла Анатолий Анжела Антонина "
    "Аркадий Арсений Артем Артур Вадим Валерий Варвара Василий Василиса Вероника Виталий Владлен Вячеслав Геннадий Георгий Герман "
    "Глеб Григорий Дарья Денис Дмитрий Евгений Егор Елизавета Ефим Жанна Зинаида Зоя Игорь Илья Инна Иннокентий Карина Кирилл Клавдия "
    "Константин Ксения Лариса Лев Леонид Любовь Макар Максим Марк Матвей Наталья Никита Нина Оксана Олег Олеся Ольга Петр Прасковья "
    "Раиса Регина Роман Руслан Савелий Семен Сергей Серафима Софья Степан Тамара Тарас Татьяна Тимофей Тимур Ульяна Федор Фома Эдуард "
    "Элеонора Эльвира Эмма Юрий Яков Ярослав Захар Филипп Всеволод Пётр Фёдор Артём Семён Алёна Абай Абылай Айбек Айгерим Айгүл "
    "Айгуль Айдана Айдар Айдос Айжан Айзере Айнұр Айнур Айсұлу Айсулу Ақбота Акбота Ақмарал Алиәсқар Алия Алмас Алмаз Алтынай Алтын "
    "Аманжол Анар Арай Арайлым Арман Арсен Асан Асель Асхат Асқар Аскар Асылбек Асыл Ахмет Аяулым Аян Әлия Әли Әйгерім Әсел Әлібек "
    "Алибек Әсет Асет Бақыт Бахыт Бақытжан Бақытгүл Батырхан Бауыржан Бауржан Бекзат Бекболат Берік Берик Болат Ботагөз Ботагоз "
    "Бибігүл Гаухар Гүлбану Гүлдана Гүлжан Гүлмира Гульмира Гүлнар Гульнара Гүлнәр Гүлназ Гүлшат Гүлсім Данияр Дамир Дана Даурен "
    "Дәурен Дастан Дарига Дидар Дина Динара Диас Досжан Думан Ерасыл Ербол Ерболат Ержан Ерке Еркебұлан Еркін Еркин Ерлан Ермек Ернар "
    "Ерсін Есен Есенгүл Жанар Жанат Жандос Жансая Жанібек Жанибек Жұлдыз Жулдыз Жазира Жасұлан Жомарт Зарина Зәуре Заура Зере Индира "
    "Ислам Кайрат Қайрат Қанат Канат Қарлығаш Карлыгаш Қуаныш Куаныш Құралай Куралай Кәмила Камила Лаура Ләззат Ляззат Мадина Мадияр "
    "Мақсат Максат Малика Марат Марал Мәдина Мейрам Меруерт Мерей Мұрат Мурат Мұхтар Мухтар Назгүл Назгуль Назым Нұрбек Нурбек "
    "Нұрболат Нұрғиса Нұрғали Нұрлан Нурлан Нұржан Нуржан Нұрсұлтан Нурсултан Нургуль Нұргүл Нұрлы Олжас Оразбек Орынбасар Перизат "
    "Рахат Рауан Раушан Рустам Рустем Роза Сабина Сабыр Салтанат Самал Самат Санжар Сания Сара Сауле Сәуле Серік Серик Серікбай "
    "Сұлтан Султан Сымбат Талғат Талгат Темір Темирлан Темірлан Тоғжан Толқын Төлеген Толеген Томирис Тұрар Ұлан Улан Ұлжан Ұлпан "
    "Фариза Шолпан Шыңғыс Чингиз Шынар Эльмира Асия Айша Әмина Амина Әміре Ғалым Галым Ғани Ғалия Галия Мөлдір Молдир Өмір Ақерке "
    "Aadu Aare Aarne Aet Age Agu Ago Ain Aino Aime Aive Aivar Aivo Ahti Aksel Alar Aleksander Aleksandra Allan Alo Anete Andra Andre "
    "Andres Andrus Ando Ane Anna Anneli Annika Anne Annely Ann Anni Anu Ants Ardi Argo Arno Artur Arvi Arvo Asko Astrid Ave Birgit "
    "Carmen Diana Egert Egle Eha Eerik Eero Eevi Eike Elina Elis Elise Ellen Elo Elle Ene Endel Enn Epp Erika Erki Erik Ester Eva Eve "
    "Eveli Evelin Gert Geidi Grete Gunnar Hanna Hanno Hannes Hans Harri Heidi Heiki Heiko Heili Helen Helena Heli Helgi Helle Helmut "
    "Hendrik Henri Henry Henn Hele Helju Hille Hilja Igor Ilmar Ilme Ilona Imbi Indrek Inga Inge Ingrid Ingmar Irja Ivo Jaan Jaak "
    "Jaanika Jaanus Jaana Janar Jane Janek Janika Janne Jarek Jelena Joel Johanna Johannes Joonas Joosep Juhan Juku Jüri Kadi Kadri "
    "Kai Kaia Kaido Kaie Kaire Kairi Kairit Kaisa Kaidi Kalev Kalle Kalju Karin Kaarel Karl Karmen Karoliina Karolin Karel Katrin "
    "Katre Kati Kärt Kaur Kerli Kersti Kertu Kerttu Ketlin Kevin Kristel Kristi Kristiina Kristina Kristjan Kristo Kristofer Külli "
    "Küllike Laine Laura Lauri Leelo Leida Lea Leho Lembit Lenna Liina Liis Liisa Liisi Liisu Liis-Marii Lii Liivi Linda Maali "
    "Maarika Maarja Madis Mai Maie Maire Mait Maris Marek Maret Margus Margit Mari Marika Mariliis Marge Marju Markus Martin Marko "
    "Mart Mati Mats Meelis Meeli Merike Merle Merlin Merit Mihkel Mikk Milvi Mirjam Moonika Natalja Neeme Nele Oliver Olev Olga Oskar "
    "Ott Otto Paavo Paul Peep Peeter Piret Priit Pille Piia Pilvi Raido Raigo Raili Raimo Raimond Rain Raivo Rasmus Raul Rauno "
    "Reelika Reet Rein Reimo Reigo Riho Riina Riin Riinu Rita Risto Robert Robin Ruth Romet Ruta Sander Sandra Sille Silver Silvi "
    "Silvia Sirje Siim Siiri Signe Sigrid Sten Stella Svetlana Taavi Taavet Tambet Tanel Taimi Tarmo Tarvi Tatjana Tauno Tauri Terje "
    "Teele Teet Tiina Tiit Tiia Tiiu Tiivi Timo Toivo Toomas Tõnis Tõnu Triin Triinu Tuuli Ulvi Urmas Urve Uku Uno Ursula Üllar Ülle "
    "Ülo Vahur Vaike Valdur Valter Veiko Vello Viive Viivi Viljar Virge Villu Õie Õnne Kuldar Imre Ranno Egon Mattias Ralf Hugo "
    "Sebastian Lisette Eliise Mia Emma Sofia Nora Saara John Mary James David Michael Sarah Peter Thomas William George Elizabeth "
    "Oliver Harry Jack Jacob Noah Logan Lucas Ethan Liam Mason Dylan Luke Owen Ryan Adam Aaron Alan Albert Alex Arthur Benjamin Bruce "
    "Cameron Carl Chris Colin Connor Craig Dennis Derek Donald Douglas Eric Eugene Gareth Gary Gavin Glenn Gordon Graham Gregory Howard "
    "Ian Isaac Jason Jeffrey Jeremy Jerry Joe Jonathan Jordan Joshua Justin Keith Kenneth Lawrence Leonard Louis Malcolm Neil Nicholas "
    "Nigel Patrick Ralph Raymond Rodney Roger Ronald Roy Russell Samuel Scott Sean Shane Shaun Simon Stanley Stuart Terence Timothy Todd "
    "Travis Tyler Vincent Walter Wayne Zachary Abigail Alison Amanda Amelia Amy Andrea Angela Anita Annabel Ashley Beatrice Bethany "
    "Bridget Carol Caroline Catherine Charlotte Cheryl Chloe Christine Claire Deborah Denise Donna Dorothy Eleanor Ella Evelyn Fiona "
    "Florence Frances Freya Georgia Gillian Gloria Grace Hannah Harriet Hazel Heather Irene Isabella Jacqueline Janet Jean Jill Joan "
    "Joanna Joanne Josephine Joyce Judith Judy Kathleen Kelly Kimberly Kirsty Lauren Leah Linda Lorraine Louise Lucy Lynn Maria Martha "
    "Megan Melissa Michelle Molly Naomi Natalie Olivia Pamela Paula Phoebe Rachel Rebecca Rosemary Ruby Sally Samantha Shirley Sharon "
    "Sheila Sophia Sophie Stephanie Teresa Tracy Valerie Vanessa Victoria Vivian Wendy Yvonne Zoe Zara Juan Carlos Jose Luis Pedro Luca "
    "Giulia Marco Paolo Giovanni Francesca Pierre Hans Jürgen Wolfgang Klaus Ursula Heinz Uwe Pekka Matti Juha Timo Mika Aino Jari "
    "Piotr Krzysztof Agnieszka Małgorzata Tomasz Jānis Andris Ilze Inga Jonas Vytautas Rasa Emre Murat Mehmed Fatih Zeynep Elif Murad "
    "Ринат Ильдар Рафаэль Марсель Айрат Рашид Шамиль Магомед Родион Савва Платон Валентин Вероника Снежана Инесса Марфа Людмила Лилия "
    "Алия Эмилия Стефания Милана Камила Ясмина Арина Мирон Демьян Лука Елисей Гордей Всеволод Ростислав Святослав Мирослава Злата "
    "Айлин Бюлент Ружди Севда Велин Мирчо Явор Калоян Ивета Нурай Неджмие Юсеин Али Сали Метин Шенол Гюлай Фикрет Джевдет Илхан "
    "Божана Веска Наталия Ивана Виктория Рая Симона Преслава Деян Пресиян Сава Боян Людмил Кръстьо Вълчо Колю Гошо Пенко Минчо "
    "Рысбек Қайсар Жәнібек Мирас Алдияр Ниязбек Сұңғат Тілек Інжу Балжан Аида Айару Айша Ақжан Әмір Алихан Әлихан Бейбіт Бекжан "
    "Бақтияр Дәулет Даулет Ғабит Ғалымжан Жақсылық Жомарт Қуандық Қайрат Мағжан Мейіржан Нұрдәулет Оралбек Рамазан Сәкен Сұлтанбек "
    "Талап Төрехан Шерхан Ілияс Ильяс Ысқақ Аружан Айнаш Бану Гүлайым Данагүл Еңлік Жанерке Зейнеп Күләш Маржан Нұрай Сәния Торғын "
    "Anthony Charles Daniel Emily Jennifer Jessica Lisa Mark Nicole Patricia Richard Stephen Susan Alice Andrew Barbara Brian "
    "Christopher Edward Frank Joseph Julia Karen Margaret Matthew Nancy Philip Simon Steven Ahmed Ali Mehmet Ayse Fatma Mustafa Hasan "
    "Ismail Ibrahim Мехмед Ахмед Мустафа Айше Фатме Исмаил Ибрахим Хасан Осман Емине Хатидже Сабрие Гюлсюм Рамадан"
)

#: What patronymics end in, as keys: -ovich, -evna, -uly, -kyzy.
PATRONYMIC_ENDINGS = ("ovich", "evich", "ovna", "evna", "ichna", "uli", "kizi", "kisi", "ovits", "izi")

#: What family names end in, as keys; weaker: names of towns end alike.
FAMILY_ENDINGS = (
    "ov",
    "ova",
    "ev",
    "eva",
    "ski",
    "ska",
    "skaia",
    "skii",
    "tski",
    "tska",
    "chki",
    "chka",
    "in",
    "ina",
    "enko",
    "chuk",
    "uk",
    "ian",
    "baev",
    "baeva",
    "bai",
    "bek",
    "bekov",
    "bekova",
    "ulu",
    "ich",
    "shvili",
    "dze",
    "off",
    "shki",
    "shka",
    "nov",
    "nova",
    "ushki",
    "hin",
)

#: What given names of several parts end in, as keys: -слав and -мир, and what Kazakh ones are made of.
GIVEN_ENDINGS = (
    "slav", "slava", "mira", "mil", "zhan", "gul", "bolat", "sulu", "gali", "bergen", "geldi", "keldi", "murat", "sultan", "bek", "temir",
    "nur", "nar", "nara", "naz", "ghali", "kozha", "tai",
)  # fmt: skip

#: What family names end in beside those of `FAMILY_ENDINGS`, as keys; too many other words do to tell a name by itself.
FAMILY_ENDINGS_ABROAD = (
    "son", "sen", "sson", "man", "mann", "berg", "stein", "ton", "ham", "vorth", "smith", "vell", "lei", "vich", "vicz", "czik", "czak",
    "nen", "ius", "ienas", "auskas", "aite", "iene", "ins", "oglu", "poulos", "idis", "akis", "escu", "enko", "iuk", "chik", "uli", "nko",
    "oia", "bacher", "meier", "dottir", "vala", "ez", "illo", "etti", "elli", "ini", "vood", "field", "vai", "bridge", "maian", "kh",
    "maki", "magi", "mae", "maa", "mets", "salu", "oia", "pold", "vali", "soo", "iarv", "kivi", "nurm", "pere", "ste", "oks", "orav", "iste",
)  # fmt: skip

#: Family names of Estonia end in nothing of their own; the common ones are listed.
FAMILY_NAMES = (
    "Tamm Saar Sepp Mägi Kask Kukk Rebane Ilves Pärn Koppel Luik Oja Raudsepp Lepik Kuusk Karu Kütt Põder Vaher Lepp Kivi Org Mets "
    "Mänd Teder Kuusik Kallas Kangur Kruus Lõhmus Peterson Jõgi Sild Laur Toom Tomson Roos Hein Rand Raud Pihlak Põld Jürgenson Allik "
    "Nurk Leppik Arro Aas Liiv Lind Laas Kala Kaasik Jakobson Hansen Pukk Roosileht Puusepp Saks Sarapuu Soosaar Tali Talts Vares "
    "Volmer Unt Uibo Toome Tõnisson Kurg Kull Kikas Käär Hunt Härm Ots Palm Mölder Murumets Merilo Möldre Männik Niit Nõmm Orav Paju "
    "Pärtel Pääsuke Rätsep Rohtla Salu Sikk Soo Sõber Tooming Tuisk Urb Valk Vahter Veski Viira Võsu Õunapuu Ööbik Kõiv Kuuse Kass "
    "Eller Elken Adamson Smith Jones Taylor Brown Williams Wilson Johnson Davies Davis Robinson Wright Thompson Evans Walker Roberts "
    "Clarke Jackson Harris Clark Turner Hughes Edwards Parker Cooper Bennett Fletcher Ward Baker Morgan Murphy Kelly Miller Moore Anderson "
    "Thomas Lewis Allen Young Mitchell Campbell Carter Phillips Collins Stewart Morris Rogers Reed Cook Bailey Richardson Watson Gray "
    "Garcia Martinez Rodriguez Lopez Müller Schmidt Schneider Korhonen Virtanen"
)

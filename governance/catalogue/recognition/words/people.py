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
    "Ismail Ibrahim Мехмед Ахмед Мустафа Айше Фатме Исмаил Ибрахим Хасан Осман Емине Хатидже Сабрие Гюлсюм Рамадан "
    "Апостол Бойчо Ванко Ваньо Върбан Вълкан Вълчан Герасим Герган Гено Геновева Генчо Гичка Гроздан Дамян Дафина Дечко Дечо Дилян "
    "Диляна Димка Динко Дойчин Дончо Дочка Драган Драгой Евлоги Евстати Евдокия Ефтим Жарко Желязко Жечка Живка Запрян Захарина "
    "Златан Златина Златко Здравелина Зюмбюл Ивайла Игнатий Игнат Илко Илинка Йово Йонка Йосиф Йоско Кана Калинка Калчо Керка Кина "
    "Кирчо Климент Койчо Коко Кольо Комна Кръстина Кунка Лазар Ламби Лало Лена Лило Лозан Лозко Любчо Люба Манолка Марийка Марчо "
    "Матей Мильо Милко Милка Мина Минка Митра Младен Младенка Найда Нанко Наско Начо Невяна Неда Недка Недко Нено Неделчо Неофит "
    "Нешка Нонка Огнемир Ончо Орлинка Павлин Панко Парашкева Пейо Пена Пепа Пейчо Пеньо Петрана Петрунка Пеша Първан Първолета "
    "Радан Радко Радул Радой Райко Райчо Рангел Росинка Росина Руска Румянка Сашо Саша Свилен Свилена Сийка Симо Славея Славейка "
    "Славка Смарагда Станка Станчо Стайко Стана Стоимен Стойна Стойчо Съби Тано Тануш Тенчо Тодорина Тоня Тотка Тошко Трендафил "
    "Трифон Тронка Фани Федя Фидана Филка Хараламби Харалампи Хриска Христалина Христинка Христомир Цана Цано Цветко Цвета Цвятко "
    "Цеца Цоло Цонко Църко Чудомир Щерьо Щилян Юли Юлка Яким Яница Янита Янчо Ясена Айсел Айтен Алейна Арзу Асие Ашкън Бахар Бахри "
    "Бейхан Берна Билял Вели Гюлшен Гюлтен Гюнер Джансел Джейхан Джемал Джемиле Ебру Ейлем Емел Емин Ердинч Ергин Ерол Есра Етем "
    "Ферди Февзи Феим Фераде Ферхан Халил Хамди Хава Хайрие Хайри Хафизе Хюсеин Хюсню Хикмет Хъкмет Ибрям Идрис Илкнур Исмет Кадрие "
    "Кемал Кенан Левент Лютви Мелек Мелиха Мерал Мюмюн Мюрвет Муса Мухамед Назифе Назмие Недрет Неджат Нериман Нефизе Нуртен Нури "
    "Огуз Оргюн Орхан Раиф Рамис Рейхан Реджеп Ремзи Рифат Сабри Салих Себахат Севгин Севинч Сезгин Селим Сенем Сердар Синан "
    "Сюлейман Тансел Танер Тургай Тургут Тюркян Улви Фахри Фезиле Хабибе Шабан Шазие Шериф Шукри Шюкрие Юмер Юксел Юлвие Юсуф Яшар "
    "Зейнеб Зекие Зюлфие Агата Агафья Агния Адам Аделина Азалия Аксинья Акулина Альберт Альбина Анисья Антип Анфиса Ариадна "
    "Аристарх Архип Афанасий Богдана Болеслав Бронислав Валериан Варлам Василина Виолетта Виссарион Влас Владислава Галактион "
    "Гелена Глафира Давид Давыд Демид Дмитриан Домна Евдоким Евпраксия Ерофей Емельян Есения Ефросинья Захария Зиновий Зоряна "
    "Зульфия Изабелла Изольда Илларион Иосиф Ираида Ипполит Иулиания Капитолина Капитон Каролина Клим Климентина Кузьма Лаврентий "
    "Леонтий Леся Лиана Лукерья Лукьян Любомира Майя Марианна Мелания Милица Митрофан Модест Моисей Назар Нелли Нестор Никанор "
    "Никифор Никодим Никон Нонна Олимпиада Остап Пантелей Пелагея Пимен Поликарп Потап Прохор Прокофий Ремир Римма Рената Розалия "
    "Ростислава Рудольф Самуил Святослава Севастьян Серафим Соломон Сусанна Таисия Тихон Трофим Устин Устинья Фаддей Фаина Федот "
    "Фекла Феликс Феодор Ферапонт Харитон Христофор Чеслав Эдгар Эдита Эмиль Эраст Эрик Эрнест Юлиана Юстина Янина Ярослава Залина "
    "Заур Руслана Тимерлан Ильяна Марьяна Марьям Гузель Резеда Фарид Фаниль Алсу Ренат Наиль Рамиль Равиль Ильгиз Шамсутдин Гульназ "
    "Абдолла Абдрахман Абзал Абылхан Адия Адина Ажар Азамат Азат Айтолқын Айбар Айбол Айберген Айгерім Айдын Айзада Айзат Айкен "
    "Айқын Айлана Аймира Аймұрат Айна Айнагүл Айсұлтан Айтбек Айтмұхамбет Ақан Ақбар Ақботагөз Ақгүл Ақжүніс Ақжол Ақлима Ақниет "
    "Ақсәуле Ақтілек Ақтоты Ақшолпан Алдаберген Алмагүл Алмахан Алма Алпамыс Алтынгүл Алтынбек Алуа Амангелді Амангүл Амангельды "
    "Амира Ануар Арайлы Ардақ Армангүл Арнұр Арслан Асанали Асыланбек Асылжан Асылзат Атымтай Аягөз Әбдіғали Әділ Әділбек Әділет "
    "Әлішер Әлім Әмірбек Әмірхан Әсемгүл Әсем Әселхан Әшірбек Бағдат Бағдагүл Бағлан Бағила Бақберген Бақтыбек Бақтыгүл Балқия "
    "Балнұр Баянды Баянгүл Бегайым Бегімай Бейбарыс Бекарыс Бекбол Бекзада Бекмұрат Бексұлтан Бектас Бердібек Бибинұр Бибісара "
    "Бигайша Болатбек Бөкенбай Ғазиз Ғазиза Ғайни Ғайша Ғалымбек Ғалымқызы Ғафур Гүлайша Гүлбақыт Гүлдария Гүлжайна Гүлжанат "
    "Гүлжауһар Гүлзат Гүлзира Гүлім Гүлмарал Гүлнұр Гүлсара Гүлфайруз Гүлфия Гүльжан Дариға Дархан Дархат Дәрия Дәмелі Дәметкен "
    "Дәулетбек Дәулетгүл Динмұхамед Дінмұхаммед Досай Досан Досым Досмұхамед Ділдә Дүйсен Дүйсенбек Ғизат Елдос Елнұр Ердәулет "
    "Ерден Ержігіт Ержанат Еркеғали Еркежан Еркебулан Ермұрат Ерназар Ерсұлтан Ерхан Есенжан Есет Жадыра Жазгүл Жайна Жайнагүл "
    "Жақып Жалғас Жамал Жамиля Жамила Жаңыл Жанайдар Жанаргүл Жанболат Жангүл Жандарбек Жаннат Жания Жансерік Жантөре Жарас Жасмин "
    "Жасарал Жеңіс Жеңісбек Жиенбай Жолдас Жұмабай Жұмабек Жұмагүл Жұмаш Жүніс Жүсіп Зәбира Зейнолла Зинат Зияда Зұлпықар Зылиха "
    "Ибраһим Иманғали Инабат Инкар Исабек Исатай Кайыржан Каламкас Кәрім Кәмшат Кеңес Кенже Кенжебек Кенжегүл Кенжетай Күләй Күлпәш "
    "Күлән Күлжан Күмісай Күнікей Күнсұлу Қабдолла Қадыр Қадырбек Қайыргелді Қалампыр Қаламқас Қалихан Қамар Қанағат Қанипа Қарақат "
    "Қасым Қасымхан Қожахмет Қойшыбай Құдайберген Құлпынай Құмар Құсман Қуанышбек Қыдырбек Лаззат Ләйлә Ләтипа Ляйля Мағрипа Мағира "
    "Мадиярбек Мақпал Малик Манас Манат Мансұр Мариям Марғұлан Махамбет Мәдияр Мәлік Мәншүк Мәриям Мейірбек Мейірім Меңдібай "
    "Мұқағали Мұқтар Мұрагер Мұстафа Мырзабек Мырзахан Назерке Назира Назымгүл Нариман Нәзгүл Нұрасыл Нұрайша Нұрайым Нұрбақыт "
    "Нұрбану Нұрболсын Нұрғазы Нұргелді Нұрдана Нұрила Нұркен Нұрқанат Нұрлыбек Нұрмұхамед Нұрсая Нұрсәуле Нұрсейіт Нұртай Нұртас "
    "Нұршат Нұрым Оразай Оразгүл Ораз Орынгүл Орынша Өмірбек Өмірзақ Өркен Өрік Пернебек Разия Райымбек Рақымжан Расул Райхан "
    "Рәбиға Рәшида Ризабек Рысты Рысгүл Рүстем Сабыржан Сағадат Сағыныш Сағынтай Сайлау Салиха Самұрық Санат Сапаргүл Сарсен "
    "Сарсенбай Сатыбалды Саят Сәбит Сәбира Сәлима Сәндігүл Сәрсен Сәруар Сейдахмет Сейілхан Серікжан Сержан Сейітжан Смағұл "
    "Сүйінбай Сүндет Таңсұлу Тәттігүл Темірбек Темірболат Тілеген Тілеуберді Тоқтар Толғанай Толқынай Төрегелді Төре Төлеу "
    "Тұрсынбек Тұрсынгүл Тұрсын Ғұмар Ұлданай Ұлмекен Ұлболсын Үміт Үмбет Үсен Фарабй Фархад Фатима Феруза Хадиша Халел Хамит Хасен "
    "Хафиза Ханзада Хибат Чоқан Шаттық Шәмшия Шәкәрім Шәрипа Шерубай Шәріп Шахмардан Шахназ Шырайлым Шырын Шұғыла Шынболат Ырза "
    "Ырысбек Ырысты Ізгүл Інкәр Ілиян Дильназ Диляра Дияра Искандер Карима Каримат Махаббат Зухра Равшан Эльнара Эльнур Ясмин Aada "
    "Aado Aaro Adele Agnes Agur Ailar Ailan Aira Airi Aita Aivi Albin Aleksandr Alide Alvar Alvi Anastassia Anders Andero Andrei "
    "Andri Anneliis Annemari Anto Arles Armin Arnold Aron Artjom Arved Atko Aune Avely Bert Berit Birgitta Boris Brigitta Bruno "
    "Cardo Carmel Cathy Christiin Daisi Dagmar Daniil Darja Dmitri Dagne Edgar Edvin Eino Eivo Eliisabet Elfriede Elju Ellinor "
    "Elmar Elmo Elna Elsa Elsbet Elve Emil Emilia Enno Erich Erna Ernst Ervin Erlend Etti Eugen Eva-Maria Evi Felix Ferdinand "
    "Florentine Frida Friedrich Fred Galina Georg Gerda Gerli Gerd Getter Getlin Ginger Greete Grethe Guido Gustav Hans-Erik Hardi "
    "Harald Hedi Hedvig Heigo Heimar Heino Heinar Heinrich Helari Helina Helmi Helve Herbert Hermann Hilda Hillar Hilma Holger "
    "Hubert Iia Iida Iivi Ilja Ilmi Ilse Ilvi Inna Irena Irina Irma Ivar Ivan Ivi Jaagup Jaanis Jaano Jako Jakob Jan Jana Jandra "
    "Jarmo Jass Jekaterina Jevgeni Joakim Johan Jorma Jüriado Juta Kaarin Kadre Kaili Kairo Kait Kaja Kaljo Kalmer Kalmet Karina "
    "Karita Karla Karli Karlis Karoli Kaspar Katariina Katerina Katja Katlin Katrina Kelli Kenno Keit Keiu Kermo Kert Ketter Kirill "
    "Kirsi Kirsti Konstantin Krista Kristiine Kristin Kreet Kustas Küllo Lagle Laila Lars Laurits Leena Leeni Lehte Leili Leini "
    "Lemme Lenne Leonhard Lia Liana Liia Lille Lilia Lilli Liliana Liisbet Loreta Ludmilla Luise Maaja Maanus Maarit Maarius Magda "
    "Magnus Maidu Maili Maimu Maksim Malle Manivald Mareks Marianne Mariann Marie Mariell Marii Marina Marjan Marjana Markko Markos "
    "Marleen Marta Marten Martti Marvi Melita Merili Merilin Merje Mihhail Mihail Miia Mikael Miko Milla Milja Minna Mirko Monika "
    "Märt Märten Nadežda Neidi Nelli Nikita Nikolai Nils Norman Oksana Oleg Oskari Ove Paap Paavel Pavel Pärja Peedu Pearu Petra "
    "Priidik Priidu Püve Raissa Raiko Ranek Ragne Ragnar Randel Rannar Reena Reesi Regina Reiko Remi Rene Renee Renna Reti Rihard "
    "Roland Romi Rosanne Rudolf Ruslan Ruudi Saale Saamuel Saima Salme Sandor Selma Senta Sergei Sigrit Silja Silvar Simmo Simone "
    "Sirli Solvi Stanislav Stefan Stiina Sulev Sven Svea Taimo Taisi Taniel Tanja Tarvo Teesi Tene Tenno Teodor Terhi Theodor Tiino "
    "Timmo Tobias Tomi Triine Tuuliki Tõnn Uudo Ulla Ulrika Ulvar Urho Ursel Vadim Valdek Valdo Valentin Valeri Valli Vambola Veera "
    "Veigo Veljo Verner Verni Viiu Viire Viljo Vilja Villem Virgo Virve Vladimir Voldemar Ürjo Ülvi Ülar Õilme Õnneleid Ööle Äli "
    "Abel Abdul Abdullah Adelaide Adrian Adriana Aidan Aisha Alana Alastair Alberto Alejandro Alessandro Alessia Alfred Alfie "
    "Alistair Alonso Alvin Ambrose Amir Ana Anastasia Andreas Angus Annabelle Antoine Antonio Archibald Archie Ariana Armando "
    "Audrey Ava Barnaby Barry Bartholomew Basil Beatriz Becky Belinda Bella Benedict Bernadette Bernard Bertram Bettina Bianca "
    "Bonnie Bradley Brandon Brenda Brendan Brent Brett Briony Bryan Byron Callum Calvin Camille Carla Cassandra Cecilia Cedric "
    "Celia Celine Charlie Chiara Christian Christina Ciara Clara Clarence Clarissa Claudia Clifford Clive Clyde Conrad Constance "
    "Cordelia Corey Cornelius Courtney Cuthbert Cynthia Cyril Damian Damien Danielle Daphne Darren Darryl Deirdre Delia Delphine "
    "Desmond Dirk Dominic Dominique Dora Doreen Doris Duncan Dustin Dwayne Edith Edmund Edna Edwin Eileen Elaine Eleanora Elena Eli "
    "Elias Eliot Elisa Elliot Elsie Elvira Emeka Emilio Enid Enrique Erica Ernest Esme Esther Ethel Evan Fatima Felicity Fergus "
    "Fernando Flora Florian Francesco Francis Franz Fraser Freddie Frederick Gabriel Gabriela Gemma Geoffrey Gerald Geraldine "
    "Gerard Giacomo Giles Gina Gisela Giuseppe Godfrey Greta Guillaume Gus Gwen Gwendolyn Hamish Harold Harvey Hector Heike Helga "
    "Henrietta Hilary Honor Horace Hugh Humphrey Ignacio Imogen Ines Isaiah Isabel Ivy Jade Jaime Jake Janice Jasmine Jasper Javier "
    "Jeanette Jenna Jenny Jeremiah Jerome Jesse Jessie Joachim Joaquin Jodie Johann Jorge Josef Josie Juanita Julian Juliana Julie "
    "Juliet Kasper Kate Katharina Katherine Katie Kay Keira Kendra Kerry Kieran Kirk Kofi Konrad Kristen Kurt Kyle Kwame Lachlan "
    "Lana Laurence Laurie Leanne Leila Lena Leon Leona Leopold Leslie Lewis Liesl Lila Lily Lionel Lorcan Lorenzo Loretta Lottie "
    "Louisa Lucia Lucian Lucille Luigi Luther Lydia Mabel Maeve Maisie Manuel Marcel Marcia Marcus Marguerite Marian Mario Marion "
    "Marjorie Marlene Marlon Martina Marvin Matilda Matteo Maude Maureen Maurice Mavis Maxine Maxwell Melanie Melvin Meredith "
    "Miguel Mildred Miles Millie Mina Miranda Miriam Moira Monica Morgana Morris Mortimer Muriel Myra Nadia Nadine Nathan Nathaniel "
    "Neville Ngozi Niamh Nicola Nicolas Nina Norah Octavia Odette Oonagh Orla Oscar Osvaldo Oswald Otis Pablo Paulina Pauline Peggy "
    "Penelope Percival Percy Philippa Phyllis Piers Polly Portia Priscilla Quentin Rafael Ramona Ramon Raphael Raquel Rebekah "
    "Reginald Renata Rhiannon Rhys Ricardo Roberta Roberto Roderick Rodrigo Rolf Roman Romeo Ronan Rosa Rosalind Rosalie Rosamund "
    "Rosanna Rosie Rowena Roxanne Rufus Rupert Russel Sabrina Sandy Saoirse Selina Serena Sergio Seth Seamus Siegfried Silas Sinead "
    "Siobhan Sonia Spencer Stefanie Stewart Sybil Sylvia Tabitha Tamsin Tanya Terry Tessa Thelma Theo Theodore Theresa Tiffany Tina "
    "Toby Tony Trevor Tristan Trudy Valentina Vera Vernon Veronica Victor Viola Virginia Vito Wallace Wanda Wilfred Wilhelm Willa "
    "Wilma Winifred Winston Xavier Yasmin Yolanda Yusuf Yvette Zelda Aarav Abdulaziz Abena Adaeze Aditi Aditya Ahmad Aiko Ajay "
    "Akash Akira Akshay Amina Amit Amrita Anand Ananya Anil Anika Anjali Ankit Anusha Arjun Arun Arvind Asha Ashok Ayesha Bharat "
    "Bhavna Binh Chandra Chen Chidi Chika Chinedu Deepa Deepak Dinesh Dung Eun Faisal Farah Farhan Fatou Femi Folake Ganesh Gaurav "
    "Gita Gopal Gurpreet Habiba Hamza Haruka Haruto Harpreet Hassan Hiroshi Hoang Huong Hussein Ifeoma Imran Indira Ishaan Jamal "
    "Jaspreet Jaya Kabir Kamal Kamala Kareem Karim Karthik Kavita Kavya Kazuki Keiko Kenji Khalid Khadija Kiran Krishna Kumar Kunal "
    "Lakshmi Lata Layla Linh Mahmoud Manish Manoj Mariam Maryam Meena Meera Mehdi Minh Mohamed Mohammed Mohammad Mohan Mukesh Nabil "
    "Naoko Naveen Neha Nasreen Nguyen Nikhil Nisha Nitin Nkechi Obinna Olumide Omar Pooja Pradeep Prakash Pranav Prasad Preeti "
    "Priya Priyanka Qing Rahul Rajesh Rajiv Rakesh Ramesh Rani Rashid Ravi Rekha Ritu Rohan Rohit Sachin Sadia Sakura Salim Salma "
    "Samir Sanjay Sanjana Santosh Sarita Satoshi Seema Shanti Sharmila Shreya Sita Sneha Sofiane Sunil Sunita Suresh Swati Tariq "
    "Tomoko Tuan Uche Usha Varun Vijay Vikram Vinod Vishal Vivek Xiao Yasmine Ying Yogesh Yuki Yumi Zahra Zainab Zeynab Zhen "
    "Adalbert Adrien Aldona Alicja Aniela Arkadiusz Beata Bogdan Bogusław Bożena Cezary Czesław Dariusz Dorota Edyta Elżbieta Ewa "
    "Ewelina Filip Franciszek Grażyna Grzegorz Halina Henryk Ireneusz Iwona Izabela Jacek Jadwiga Jakub Janina Janusz Jarosław "
    "Jerzy Jolanta Józef Justyna Kamil Karolina Katarzyna Kazimierz Kinga Krystyna Leszek Lucyna Łukasz Maciej Magdalena Marcin "
    "Marzena Mateusz Mirosław Paweł Przemysław Radosław Ryszard Sławomir Stanisław Szymon Tadeusz Urszula Wacław Waldemar Wiesław "
    "Wioletta Wojciech Zbigniew Zdzisław Zofia Zuzanna Aivars Aija Aigars Ainārs Ainis Alvis Anda Arvis Artūrs Baiba Dace Dainis "
    "Daiga Dzintra Edgars Egils Elīna Ēriks Evita Gatis Guntis Gunta Imants Inese Inguna Ingus Inta Ivars Jekabs Juris Kaspars "
    "Kristaps Lāsma Laima Līga Māris Mārtiņš Normunds Oskars Pēteris Raimonds Rihards Ritvars Sanita Sandis Sintija Uldis Valdis "
    "Vita Zane Algirdas Aušra Danutė Daiva Dalia Darius Eglė Gediminas Gintaras Giedrius Jūratė Kęstutis Laimonas Linas Lina Mantas "
    "Mindaugas Nijolė Rimantas Ramūnas Rūta Saulius Šarūnas Tomas Virginija Žydrūnas Eeva Erkki Esko Heikki Hannu Ilkka Irmeli "
    "Jaakko Jouko Jukka Juhani Kaisu Kari Marjatta Markku Marja Mikko Olavi Olli Päivi Pasi Pentti Pertti Petri Pirkko Raija Reijo "
    "Riitta Seija Seppo Sirpa Tapani Tapio Teemu Tuija Tuomas Tuula Väinö Ville Ahmet Alper Aylin Ayşe Baris Berk Burak Canan Cem "
    "Cengiz Derya Emine Emrah Engin Erdal Ferhat Filiz Gökhan Gülay Hakan Halil Hülya Ilker Kadir Kemal Kerem Koray Leyla Mehtap "
    "Melike Merve Metin Nazan Nesrin Nilgün Nuray Nurcan Okan Onur Orhan Osman Ozlem Özgür Pelin Pinar Ramazan Recep Sedat Selcuk "
    "Selin Serkan Sevgi Sibel Sinem Suleyman Tarik Tolga Tugba Ufuk Ugur Umut Volkan Yasemin Yavuz Yilmaz Zehra Armen Aram Arpine "
    "Artak Ashot Gagik Gayane Gevorg Grigor Hakob Hasmik Hayk Hovhannes Karine Levon Lilit Lusine Nare Narek Nune Ruzanna Samvel "
    "Siranush Suren Tigran Vahan Vardan Zaven Avtandil Bidzina Davit Giorgi Giga Gocha Irakli Ketevan Khatuna Lasha Levan Mamuka "
    "Nino Otar Shota Tamar Temur Tengiz Vakhtang Vazha Zaza Zurab Anvar Aziz Bobur Bekzod Dilbar Dildora Dilshod Farhod Feruza "
    "Gulnora Islom Jahongir Jamshid Kamola Laziz Mavluda Muhammad Nargiza Nodira Odil Otabek Oybek Rustam Sanjar Sardor Shahnoza "
    "Sherzod Shoira Ulugbek Umida Zafar Zarina Ziyoda"
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
    "maki", "magi", "mae", "maa", "mets", "salu", "oia", "pold", "vali", "soo", "iarv", "kivi", "nurm", "pere", "ste", "oks", "orav",
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

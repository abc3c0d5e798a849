"""Words of special categories that have another sense, and the words beside them that tell that sense: a race of processes, a party of
goods, the health of a server. Bare words of five languages; they are compared as keys without their endings."""

from __future__ import annotations

from collections.abc import Mapping

from governance.catalogue.recognition.meanings import Meaning

#: Beside these, an ambiguous word is the name of a system, or a state of one.
TECHNICAL = (
    "server servers service services node nodes host cluster endpoint url uri queue queues channel channels probe ping heartbeat monitor "
    "uptime latency job worker cron version schema module config instance container pod broker topic api webhook backend system systems "
    "port database replica thread process сървър услуга канал опашка очередь система модул модуль узел сервер процесс процес поток kanal "
    "järjekord süsteem moodul server teenus liides серверы кезек жүйе арна жүйесі"
)
_GOODS = (
    "goods batch lot item stock product supplier delivery wholesale товар товара стока стоки поставка склад изделия продукция брой "
    "количество единици бройка kaup kauba toote тауар тауарлар goods договор договора contract третья трета third counter"
)
_COURSE = (  # of a lender, which one language calls by the word for politics
    "кредит кредити кредитна кредитная кредитной krediidi credit ценова ценовая price hinna поверителност конфиденциальность privacy "
    "privaatsus риск рискова рисковая risk version версия версии сигурност безопасность безопасности security сроков retention съхранение "
    "хранения бисквитки cookie учетная счетоводна лихвена процентная intressi възстановяване возврата loan laenu лични personal данни"
)
_DAY = (
    "judgment judgement holiday holidays calendar nonworking празник празници празничен праздник праздники праздничный püha pühad "
    "riigipüha мереке мейрам"
)

#: By meaning: words that are ambiguous, and words beside which they have the other sense. `*`: every word of the meaning.
HOMONYMS: Mapping[Meaning, tuple[str, str]] = {
    Meaning.HEALTH: (
        "health status state healthcheck hlth tervis tervise здоровье здраве treatment зависимость зависимости condition patient is "
        "disabled disable invalid invalidated",
        f"{TECHNICAL} check checks checker tax debt price library package module login logins attempts email feature record records format "
        "value values key keys token request reason",
    ),
    Meaning.RETINA: ("iris iiris ирис", f"{TECHNICAL} flower family dataset petal sepal"),
    Meaning.GENETIC: (
        "gene genes gen ген гена",
        f"{TECHNICAL} code pool algorithm algo programming optimizer optimiser optimization population generation алгоритм алгоритъм",
    ),
    Meaning.SEX_LIFE: (
        "escort escorts ескорт эскорт eskort",
        f"{TECHNICAL} vehicle car convoy ford security cash guard make brand кола автомобил конвой охрана машина инкассация turva auto",
    ),
    Meaning.VITALS: ("pulse пулс пульс pulss", f"{TECHNICAL} survey interval check marketing secure vpn"),
    Meaning.BIOMETRIC: (
        "face liveness palm nägu jüz жүз",
        f"{TECHNICAL} value amount font oil tree beach video videos clip clips видео видеозапис видеозапись",
    ),
    Meaning.PHILOSOPHY: (
        "belief beliefs убеждение",
        f"{TECHNICAL} score prior posterior propagation mass network function probability revision update model confidence weight",
    ),
    Meaning.VOICEPRINT: ("voice id", f"{TECHNICAL} call menu"),
    Meaning.FINGERPRINT: (
        "fingerprint отпечаток отпечатък отпечатъци thumbprint sõrmejälg",
        "ssl tls cert certificate error exception build release ssh key public file document sha md5 commit dataset schema query js ver "
        "lib сертификат сертификата ключ ключа файл файла sertifikaat",
    ),
    Meaning.ETHNICITY: (
        "race rass раса rasa нац nats nac нация nation minority descent ancestry tribe гонка национальный национальная национален "
        "национална national nacional natsional nacionalen riiklik ұлттық rahvuslik nacion natsion народ род",
        f"{TECHNICAL} zero free loader team print parser оператор operator стандарт standard реестр регистър "
        "register registri проект project holiday праздник празник парк park оценка платежная company компания фонд fund "
        "валютный time times exchange stock product чемпионат валютасы банкі international condition conditions detected lap horse track "
        "winner contest валюта валюты валюте currency bank банк банка курс interest shareholder gradient tree",
    ),
    Meaning.UNION: (
        "union syndicate syndicated syndicat sindikat синдикат",
        f"{TECHNICAL} find select all credit query european customs sql loan lender bank pay savings",
    ),
    Meaning.POLITICS: (
        "партия партии partiya partia partiia partei vote voted voter votes voting гласувал гласуване голосование "
        "политика политики политиката poliitika poliitikad",
        f"{_GOODS} {_COURSE} committee board poll survey ensemble ensembles count cnt weight classifier model comment post "
        "article answer комитет комитета съвет комисия komitee rating star rights",
    ),
    Meaning.PARTY: ("party", f"{_GOODS} lhs rhs agreement role type relationship"),
    Meaning.RELIGION: ("*", _DAY),
    Meaning.CRIMINAL: ("probation conviction offence offense prison jail prosecution", "period end months days employment contract date"),
    Meaning.MARITAL: ("брак brak", f"{_GOODS} defect дефект процент percent акт производство производства"),
}

#: What tells a template of a voice or a face from a recording of it.
TEMPLATE = (
    "mfcc template templ tmpl tpl vector vec embedding embeddings descriptor encoding encodings print prt шаблон шаблона "
    "вектор вектора слепок слепка образец образ отпечаток отпечатък mall vektor muster jälg үлгісі үлгі enrol enroll enrolment enrollment "
    "enrolled unlock login signin logon auth authentication разблокировка отключване вход sisselogimine кіру"
)
#: Persons are, and so are accounts, features and records.
SWITCHED_OFF = "disabled disable invalid invalidated"
#: What in a document only keeps the books on it, wherever it stands.
BOOKKEEPING = (
    "created updated modified timestamp ts version schema създаден променен версия създадено създадена создан создано изменен изменено "
    "обновлен loodud muudetud versioon құрылған өзгертілген нұсқа"
)
#: Tables and objects that keep machines: a fingerprint among them is of an error or a key, a race one of threads.
MACHINERY = (
    "keys apikey apikeys error errors exception exceptions stacktrace traceback build builds release deployment deployments pipeline "
    "certificate certificates "
    "cert certs ssl tls ssh keystore theme themes palette queue queues deadlock thread threads crash crashes ошибка ошибки исключение "
    "сборка сборки сертификат сертификаты тема темы очередь очереди грешка грешки изключение сертификат сертификати опашка опашки viga "
    "vead sertifikaat sertifikaadid järjekord teema қате қателер кезек кезектер"
)
#: Beside biometric words: how an app is set, not what a body is like.
SETTINGS = (
    "enabled disabled setting settings config configuration preference threshold required supported "
    "public passkey webauthn fido публичный публичен включено включена включен настройка настройки "
    "порог включване настройките праг разрешен разрешено seaded seadistus seadistused lubatud lävi баптау баптауы баптаулары қосулы"
)
#: Words that tell a special category only together, in one order or the other.
TOGETHER = (
    (
        Meaning.SEX_LIFE,
        "adult adults взрослых възрастни täiskasvanute ересектер",
        "spend spends spending spent merchant merchants mcc category cat content site sites website app apps purchase purchases service "
        "services entertainment subscription video videos товары покупки сайты контент услуги разход разходи расходы "
        "харчене сайтове ostud lehed teenused",
    ),
    (
        Meaning.SEX_LIFE,
        "dating знакомств знакомства запознанства tutvumis kohtingu танысу",
        "app apps application applications site sites spend spends spending share category cat cnt count service services installed usage "
        "приложения приложение сайт сайты сайтове разход разходи расходы трата қосымша rakendus kulu",
    ),
    (
        Meaning.POLITICS,
        "political politics campaign polit election electoral полит политика политически политические erakond erakonna партия партии саяси",
        "donation donations donated donor donors contribution contributions contrib contribs spend fundraising "
        "дарение дарения пожертвование пожертвования взнос взносы вноска annetus annetused қайырымдылық жарна",
    ),
    (
        Meaning.POLITICS,
        "party партия партии erakond erakonda partei партиясы",
        "support supports supported supporter favourite favorite preferred vote voted votes sympathizer sympathiser симпатизира подкрепя "
        "поддерживает поддерживаемая предпочитана предпочитаемая toetab eelistatud қолдайтын",
    ),
    (
        Meaning.FINGERPRINT,
        "thumb finger палец пръст sõrm саусақ",
        "template tmpl tpl enrol enroll enrolment enrollment vector minutiae шаблон вектор mall үлгісі",
    ),
    (
        Meaning.BIOMETRIC,
        "bio face selfie palm лице лицо лица nägu бет",
        "enrol enroll enrolment enrollment enrolled template tmpl tpl vector descriptor embedding шаблон вектор mall",
    ),
)
#: Tables of who is away from work, and why.
ABSENCE = (
    "leave leaves absence absences timeoff vacation vacations отпуск отпуски отпуска отсъствие отсъствия отсутствие отсутствия puhkus "
    "puhkused puudumine puudumised демалыс демалыстар employee employees staff personnel служители сотрудники töötajad қызметкерлер"
)
#: What somebody gives or spends: a column so called holds sums.
PAID = (
    "donation donations donated dues fee fees tax tithe tithes zakat offering contribution contributions contrib spend spends spent "
    "spending paid payment payments amount amt sum total deduction deductions charity дарение дарения вноска вноски внос разход разходи "
    "плащане плащания удръжка удръжки сума пожертвование пожертвования взнос взносы расход расходы платеж платежи удержание удержания "
    "сумма десятина kirikumaks kirikuannetus liikmemaks ametiühingumaks annetus annetused maks maksud kulu kulud makse maksed summa жарна "
    "садақа зекет төлем төлемдер сома қайырымдылық"
)
#: What a fingerprint, `fp` for short, is taken for.
TAKEN_FOR = (
    "clock clocks clocking clockin timeclock attendance punch turnstile enrol enroll enrolled enrolment enrollment template tmpl tpl "
    "minutiae reader scanner thumb finger палец пръст sõrm саусақ турникет шаблон"
)
#: The same among persons; elsewhere a gate may be one of quality, and a false positive stand beside it.
GATES = "gate gates door doors access entry entrance вход дверь врата uks есік"
#: Tables of who came and went; where such a table has an `fp`, it is what they were told by.
CLOCKS = (
    "clock clocks clocking clockings timeclock attendance turnstile timesheet timesheets турникет турникеты явка присъствие "
    "посещаемость проходная tööaeg tööajad läbipääs"
)
#: Beside these it is a false positive, a floating point, a fixed price, a first payment, or what a browser or machine is told by.
FP_ELSE = (
    "rate ratio count cnt num number score threshold false positive positives tp tn fn price fixed payment payments first date amount "
    "amt sum float floating precision device browser canvas webgl audio tls ssl ssh cert certificate key session cookie web agent client "
    "ja js module policy cost franchise"
)

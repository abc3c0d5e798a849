"""Words by which the columns of events go, in five languages: what ends, what is withdrawn, what merely happened.

Each is the beginning that all forms of a word share (`lõpet` for lõpetatud, lõpetamise), in its own letters; transliterations follow from
the spellings the recognisers use. What a word is worth for a start event stands in `starting`.
"""

from __future__ import annotations

from enum import StrEnum


class Event(StrEnum):
    """What the name of a date says has happened, or will."""

    END = "an end"
    WITHDRAWAL = "a withdrawal or objection"
    OUTCOME = "an outcome"
    LIMIT = "a limit in time"
    ACTIVITY = "the last activity"
    RECORD = "something that happened once"
    BEGINNING = "a beginning"
    UPKEEP = "the upkeep of the row"
    EXPECTATION = "an expectation"


STEMS: dict[Event, str] = {
    Event.END: (
        "clos ended ends ending enddate terminat finish complet paidoff payoff paidout repaid settl expir cancel dissol lapse discharg "
        "fulfil "
        "ceas conclu left leave leaving dismiss quit resign archiv inactiv deactiv writeoff written finalis finaliz void limitation "
        "prescrib "
        "achiev reached obligation death died decease without stopped churn matur final end fullyrepaid redeem released "
        "прекрат приключ закри край завърш изтич изтек погас изплат давност напусн освобод прекъс отписа анулир спрян спира унищож "
        "прекращ заверш закрыт закрыв оконч конец конча истек истеч погаш выплач списан уволен аннулир ликвид давност смерт расторг "
        "исполнен "
        "выбыл утратил "
        "аяқта жабыл бітк бітті мерзімі тоқтат өтел шығар "
        "lõpp lõpet suletud sulge aegu tühist tasutud kustut lahku surm kehtetu ülesöel makstud"
    ),
    Event.WITHDRAWAL: (
        "withdr revok object unsubscri optout opted optedout forbid forbad prohib restrict ban banned "
        "оттегл възраз вазраз отказал забран отпис спряно "
        "отозв отзыв возраж запрещ отписал "
        "қайтарып бас тарт тыйым "
        "tagasi võetud tagasivõ keelat keeld vastuväi peatami loobu"
    ),
    Event.OUTCOME: (
        "decid decision resolv resolut answer repl deliver reject refus declin lifted lift assign enforc force judg verdict granted approv "
        "accept sold transferr return recogni admit "
        "решен отговор отказ доставен вдигнат влязл върнат прехвърлен постановен "
        "решен ответ отвеч отказ вступ снят передан вручен возвращ признан удовлетвор переш уступ "
        "шешім жауап берілген "
        "otsus vastat vastus lahenda keeldu jõustu määrat üle antud tagast kätte"
    ),
    Event.LIMIT: (
        "until till validto thru through due deadline term maturity "
        "до срок валиден валидн падеж дължим "
        "срок действ действит дедлайн годен "
        "дейін мерзім "
        "kehtib kuni tähtaeg tähtpäev sissenõut kehtivus"
    ),
    Event.ACTIVITY: ("last lastseen lastlogin latest активн последн последен соңғы viimati viimane viimase"),
    Event.RECORD: (
        "record creat submit receiv register regist enter visit post execut sent send log logged captur taken occur happen event request "
        "queri query process comput calculat book paid pay transact upload import call view seen appl check scan given gave made filed "
        "filled "
        "notif told barred block "
        "създад подад получ постъп постап регистр влизан посет осчетовод изпълнен изпрат заснет записан запис плат направен въведен извърш "
        "изчислен поискан усвоен кандидатств разговор кога проверен образув завед съглас уведом блокир "
        "создан подан получ поступ зарегистр вход посещ провед исполн отправ записан запис оплач сделан внесен совершен вычислен запрош "
        "выезд начат открыто состоял звонок проверен заведен дано когда обращ уведом заблок "
        "жасалған алынған тіркел жіберіл берілді құрыл "
        "loodud esita saadud saade registr sisene külast teost salvest päring vaadat kontroll tasut maksmi algatat kogut edasta tehtud "
        "nõust "
        "osales tuvast kaevat avas teavit"
    ),
    Event.BEGINNING: (
        "sign open start begin began begun conclud disburs issu hire appoint effect valid from since joined active onboard "
        "сключ подпис начал отпус назнач открит издаден считано "
        "заключ подпис начал открыт выдан назнач принят возбужд "
        "басталған қойылған ашыл "
        "sõlmi allkirjast alg avat väljasta"
    ),
    Event.UPKEEP: (
        "updat modif chang load etl sync refresh insert edit migrat version touch deleted "
        "обновен промен актуализ модифиц "
        "обновл измен модифиц загруж синхрон "
        "жаңарт өзгер "
        "muudet uuend laadit"
    ),
    Event.EXPECTATION: (
        "plan expect schedul next estimat future forecast target "
        "планир очакв следващ прогноз "
        "планов ожида следующ прогноз "
        "жоспар келесі "
        "planeer oodat järgmi eelda"
    ),
}

#: A year of accounts: `reporting_year`, `otchetna_godina`, `majandusaasta`.
YEARS = "year godina година год отчётный aasta жыл жылы majandusaasta aruandeaasta fiscalyear"
YEARS_OF_ACCOUNTS = (
    "report fiscal financial account tax отчет счетовод финансов данъч отчёт налог есеп қаржы majandus aruande finants maksu"
)
#: Columns that say in which state a row is.
STATES = (
    "status state stage phase outcome result decision active open closed статус състояние положение решение изход фаза етап активен "
    "состояние статус стадия этап результат итог активный мәртебе күй жай кезең seisund olek staatus seis etapp tulemus otsus aktiivne"
)

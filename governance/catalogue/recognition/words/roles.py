"""Words for those a lender has on its books: who borrows, stands surety, is called about a debt. Not for those who work there."""

from __future__ import annotations

CLIENTS = (
    "client clients customer customers cust cstmr custmr borrower borrowers brwr coborrower debtor debtors dbtr guarantor grntr applicant "
    "applcnt cl clnt subscriber spouse kin nok relative heir consumer cosigner surety pledger mortgagor "
    "клиент клиенти клиентски кредитополучател длъжник поръчител съдлъжник съпруг съпруга роднина наследник заемател кл кредитоискател "
    "клиенты заемщик созаемщик должник поручитель супруг супруга родственник физлицо физ вкладчик залогодатель абонент "
    "клиенті борышкер кепілгер қарызгер туысы жұбайы зайыбы "
    "klient kliendi laenaja laenuvõtja laenusaaja käendaja võlgnik võlgniku kaastaotleja kaaslaenaja abikaasa kontaktisik kontaktisiku "
    "contact контакт контактно контактное контактного kontakt байланыс landlord заемополучател заемоискател созаявитель "
    "taotleja krediidisaaja krediidivõtja lähedane"
)
#: What passes between a lender and others: a phone number in a bureau's report or a shop's referral is not the bureau's or the shop's.
EXCHANGED = (
    "report reports response responses reply replies inquiry inquiries enquiry enquiries referral referrals invite invites invitation "
    "invitations message messages outbox inbox calls request requests order orders application "
    "applications placement placements return returns "
    "отчет отчеты ответ ответы запрос запросы приглашение приглашения рекомендация рекомендации рассылка звонок звонки сообщение сообщения "
    "заявка заявки заказ заказы отчети отговор отговори запитване запитвания покана покани препоръка препоръки обаждане обаждания "
    "съобщение съобщения поръчка поръчки päring päringud vastus vastused aruanne aruanded kutse kutsed soovitus soovitused kõne kõned "
    "sõnum sõnumid taotlus taotlused tellimus есеп есептер жауап жауаптар сұрау сұраулар шақыру шақырулар қоңырау қоңыраулар хабарлама "
    "хабарламалар өтініш өтініштер тапсырыс"
)
#: Titles that persons bear, where another language calls a name by the word.
STANDING = "title caption heading pealkiri"
#: Words for somebody that systems go by as well: who sends a message may be a name that phones show.
SYSTEMS = (
    "sender operator user отправитель оператор пользователь изпращач подател потребител saatja operaator kasutaja жіберуші пайдаланушы"
)
#: Tables of calls and short messages: a number in them is a telephone number.
CALLS = (
    "call calls calllog callback callbacks dialer dialler dialled sms обаждане обаждания звонок звонки обзвон прозвон kõne kõned "
    "қоңырау қоңыраулар"
)
#: Tables of what persons write about themselves on dating sites and social networks.
COURTING = (
    "social socials dating matchmaking romance запознанства знакомства соцсети соцсеть соцмрежи танысу tutvumine kohting sotsiaalmeedia"
)
#: As keys: in such a table, whom somebody is interested in, and what somebody looks for.
LOOKING_FOR = (
    "interested attracted seeks interes interesuva интересува interesuet huvitatud kyzygady",
    "looking seeking seek wants tarsi ishchet ishtet otsib izdeidi",
)
#: Accounts of banks with banks.
NOSTRO = "nostro vostro loro корсчет корсч корреспондентский korsch korschet корсчёт"
#: Beside an account or a line these may be the lender's own.
HOUSE_OWN = "creditor dnis did hotline trunk кредитор kreeditor võlausaldaja"
#: Words of `CLIENTS` for those who are reached for a business partner, too.
REACHED = "contact контакт контактно контактное контактного kontakt байланыс landlord subscriber consumer spouse relative"
#: What systems that keep books call the name of whatever is entered, persons among them.
DESIGNATION = "наименование наименованиеполное"
#: Tables of how persons were identified: a document's number there is an identity card's or passport's.
IDENTIFYING = (
    "ident idents identification identifications kyc onboarding video videoident videoidents liveness verifications "
    "идентификация идентификации идентификациялау tuvastamine tuvastamised isikusamasus"
)

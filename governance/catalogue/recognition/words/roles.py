"""Words for those a lender has on its books: who borrows, stands surety, is called about a debt. Not for those who work there."""

from __future__ import annotations

CLIENTS = (
    "client clients customer customers cust cstmr custmr borrower borrowers brwr coborrower debtor debtors dbtr guarantor grntr applicant "
    "applcnt cl clnt subscriber spouse kin nok relative heir consumer cosigner surety pledger mortgagor "
    "клиент клиенти клиентски кредитополучател длъжник поръчител съдлъжник съпруг съпруга роднина наследник заемател кл кредитоискател "
    "клиенты заемщик созаемщик должник поручитель супруг супруга родственник физлицо физ вкладчик залогодатель абонент "
    "клиенті борышкер кепілгер қарызгер туысы жұбайы зайыбы "
    "klient kliendi laenaja laenuvõtja laenusaaja käendaja võlgnik võlgniku kaastaotleja kaaslaenaja abikaasa kontaktisik kontaktisiku "
    "taotleja krediidisaaja krediidivõtja lähedane"
)

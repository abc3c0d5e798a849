"""Which columns of a proposed dataset speak of others than the row's person, as far as names tell: guarantors, contact persons, payers,
beneficiaries, family. Pure.

What is proposed here is kept out of what a person is given, except in rows where it names that person, so too much costs a question and
too little somebody's secret. Only rows that belong to a subject can speak of others: who applies for work is the person of their row.
"""

from __future__ import annotations

from governance.catalogue.proposal_scope import Scope
from governance.catalogue.recognition.spelling import key, words_of
from governance.catalogue.subjects import THIRD
from governance.catalogue.wording import speaks_of, table_words
from governance.policy.document import covered

#: Of a column: whose it is. Words that also name what is the person's own (a contact phone, the recipient of a notice) are not among them.
_OTHERS = (
    "emergency guarantor cosigner coborrower coapplicant surety pledger beneficiary relative relation spouse husband wife mother father "
    "parent child sibling kin nok heir payer payor payee remitter counterparty counterpart drawer witness bailiff insured addressee "
    "поръчител съдлъжник бенефициент роднина съпруг съпруга наследник платец вносител наредител контрагент издател свидетел майка баща "
    "застраховано представляващ "
    "поручитель созаемщик бенефициар выгодоприобретатель родственник супруг супруга наследник плательщик контрагент свидетель мать отец "
    "исполнитель приходится "
    "кепілгер туыс жұбайы төлеуші мұрагер "
    "käendaja kaastaotleja sugulane abikaasa pärija maksja vastaspool tunnistaja ema isa"
)
#: Two words that together name somebody else.
_REACHED = "contact контакт контактно контактное kontakt байланыс third трето третий третье kolmas"
_PERSON = "person persons people лице лица лицо тұлға адам isik isiku"
_IDENTIFYING = ("user.name", "user.government_id", "user.contact", "user.financial.bank_account", "user.demographic", "user.family")


def third_parties(scope: Scope, table: str) -> tuple[str, ...]:
    """The columns of a table, by its path, in their order."""
    graph = scope.graph
    if table not in graph.paths:
        return ()
    facts = scope.by_path[table]
    decided = {*facts.primary_key, *(name for link in scope.references[table] for name in link.columns)}
    held = {name: own for name, own in scope.held(facts).items() if name not in decided}
    if table != graph.subjects and _of_third_persons(table_words(facts.name)):
        return tuple(held)
    return tuple(name for name, own in held.items() if _identifies(own) and _speaks_of_others(name))


def _of_third_persons(words: tuple[str, ...]) -> bool:
    """A table of contacts is one of contact persons only where it is called so, or nothing else: others are the client's own."""
    said = [word for word in words if speaks_of((word,), THIRD) is not None]
    if said and all(speaks_of((word,), _REACHED) is not None for word in said):
        return len(words) == 1 or speaks_of(words, _PERSON) is not None
    return bool(said)


def _identifies(categories: tuple[str, ...]) -> bool:
    return any(covered(own, base) for own in categories for base in _IDENTIFYING)


def _speaks_of_others(name: str) -> bool:
    words = tuple(key(word) for word in words_of(name))
    if speaks_of(words, _OTHERS) is not None:
        return True
    return speaks_of(words, _REACHED) is not None and speaks_of(words, _PERSON) is not None

"""From what somebody typed, sent or listed to a request the register can take - or every fault of it, each with field, expected, found.

The same for the command line, a YAML or CSV file, the form and the HTTP endpoint: a flat mapping of field names to texts, days and lists.
Nothing that stands in a field is repeated in a fault. Looks at what the request says alone: whether the same person asked before is for
`governance.run.requests`, and whether somebody is who they say they are for those who see a document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, TypeVar, get_args

from governance.catalogue.national_ids import VALIDATORS, birth_date_of
from governance.errors import RequestInvalid
from governance.policy.clocks import clock_for
from governance.policy.pack import PolicyPack, RequestKind
from governance.requests import fields
from governance.requests.fields import Fault, FieldFault
from governance.requests.request import Channel, Correction, Draft, Language, Person, ReplyForm, Representative
from governance.requests.same import same_name

ValueT = TypeVar("ValueT")
#: Every field, in the order in which people are asked for them.
FIELDS = (
    "controller", "kind", "received", "channel", "name", "national_id", "birth_date", "emails", "phones", "contracts", "address",
    "representative_name", "power_of_attorney", "power_of_attorney_until", "reply_form", "language", "description", "purposes",
    "corrections",
)  # fmt: skip
REQUIRED = frozenset({"controller", "kind", "received", "channel", "name", "reply_form", "language", "description"})
#: Kinds that may name purposes: processing for them ends (GDPR 7(3), 21).
OF_PURPOSES: frozenset[RequestKind] = frozenset({"consent-withdrawal", "objection"})
OLDEST = timedelta(days=5 * 366)  # of a letter that is entered now; what is older was mistyped
OLDEST_PERSON = timedelta(days=130 * 366)


def draft_of(values: Mapping[str, Any], pack: PolicyPack, today: date) -> Draft:
    """The request in `values`, by the policy in force; `today` is the day in the controller's calendar. Raises RequestInvalid with every
    fault."""
    reading = _Reading(values, pack, today)
    draft = reading.draft()
    if reading.faults or draft is None:
        raise invalid(reading.faults)
    return draft


def invalid(faults: Iterable[Fault]) -> RequestInvalid:
    """What is raised for faults."""
    told = [str(fault) for fault in faults]
    return RequestInvalid(f"the request is not entered: {'; '.join(told)}", told)


class _Reading:
    """One mapping on its way in. A field that cannot be read is noted, and the next is read."""

    def __init__(self, values: Mapping[str, Any], pack: PolicyPack, today: date) -> None:
        self._values, self._pack, self._today = values, pack, today
        self.faults: list[Fault] = []

    def draft(self) -> Draft | None:
        """The request, or None where a field that it cannot be without is wrong."""
        if any(name not in FIELDS for name in self._values):
            self._wrong("the fields", f"none but {', '.join(FIELDS)}", "another")
        self._controller()
        kind: RequestKind | None = self._field("kind", self._kind)
        received = self._field("received", self._received)
        person = self._person()
        representative = self._representative(person, received)
        draft: dict[str, Any] = {
            "controller": self._pack.controller,
            "kind": kind,
            "received": received,
            "channel": self._field("channel", self._one_of(get_args(Channel))),
            "person": person,
            "reply_form": self._field("reply_form", self._one_of(get_args(ReplyForm))),
            "language": self._field("language", self._one_of(get_args(Language))),
            "description": self._field("description", fields.free_text),
        }
        purposes = self._field("purposes", lambda name, value: fields.several(name, value, self._purpose)) or ()
        corrections = self._field("corrections", self._corrections) or ()
        self._fit(draft, person, purposes, corrections)
        if any(value is None for value in draft.values()):
            return None
        return Draft(**draft, representative=representative, purposes=purposes, corrections=corrections)

    def _person(self) -> Person | None:
        name = self._field("name", fields.person_name)
        national_id = self._field("national_id", self._national_id)
        born = self._field("birth_date", self._birth_date)
        says = birth_date_of(self._pack.country, national_id) if national_id is not None else None
        if says is not None and says > self._today:  # python-stdnum lets days to come pass
            self._wrong("national_id", "a number whose day of birth has come", "a day to come")
        elif says is not None and born is not None and says != born:
            self._wrong("birth_date", "the day of birth that the national id says", "another day")
        found = {
            "emails": self._field("emails", lambda field, value: fields.several(field, value, fields.email)) or (),
            "phones": self._field("phones", lambda field, value: fields.several(field, value, self._phone)) or (),
            "contracts": self._field("contracts", lambda field, value: fields.several(field, value, fields.number)) or (),
        }
        address = self._field("address", fields.line_of_words)
        if not any((national_id, born, *found.values())) and not self.faults:
            # GDPR 11(2), 12(6): by a name alone nobody is found
            self._wrong("national_id", "this, or birth_date, emails, phones or contracts, beside the name", "none of them")
        return None if name is None else Person(name=name, national_id=national_id, birth_date=born, address=address, **found)

    def _representative(self, person: Person | None, received: date | None) -> Representative | None:
        name = self._field("representative_name", fields.person_name)
        paper = self._field("power_of_attorney", fields.line_of_words)
        until = self._field("power_of_attorney_until", fields.day)
        given = {name for name in ("representative_name", "power_of_attorney") if self._given(name)}
        if not given:
            if until is not None:
                self._wrong("representative_name", "a representative where a power of attorney is named", "none")
            return None
        if len(given) == 1:  # koduliising 6.9, credithelp art. 31
            missing = "power_of_attorney" if "representative_name" in given else "representative_name"
            self._wrong(missing, "a representative with an explicit power of attorney", "none")
        if name is None or paper is None:
            return None
        if until is not None and received is not None and until < received:
            self._wrong("power_of_attorney_until", "a power of attorney that was valid on the day of receipt", "one that had expired")
        if person is not None and same_name(name) == same_name(person.name):
            self._wrong("representative_name", "somebody else than the person the request is about", "the same name")
        return Representative(name=name, power_of_attorney=paper, valid_until=until)

    def _fit(self, draft: Mapping[str, Any], person: Person | None, purposes: tuple[str, ...], corrections: tuple[Any, ...]) -> None:
        """What must agree between fields."""
        if draft["kind"] is not None and purposes and draft["kind"] not in OF_PURPOSES:
            self._wrong("purposes", f"none for a request of this kind; they belong to {' and '.join(sorted(OF_PURPOSES))}", "some")
        if draft["kind"] is not None and corrections and draft["kind"] != "rectification":
            self._wrong("corrections", "none for a request of this kind; they belong to rectification", "some")
        if person is not None and draft["reply_form"] == "e-mail" and not person.emails and not self._given("emails"):
            self._wrong("emails", "an address for a reply by e-mail", "none")
        if person is not None and draft["reply_form"] == "paper" and person.address is None and not self._given("address"):
            self._wrong("address", "an address for a reply on paper", "none")

    def _controller(self) -> None:
        if self._values.get("controller") != self._pack.controller:
            self._wrong("controller", self._pack.controller, "another" if self._given("controller") else "none")

    def _kind(self, name: str, value: object) -> RequestKind:
        known = [kind for kind in get_args(RequestKind) if clock_for(self._pack, kind) is not None]
        if value in known:
            return value  # type: ignore[return-value]
        policy = f"the policy of {self._pack.controller}, version {self._pack.version}"
        found = "a kind that it states none for" if value in get_args(RequestKind) else "an unknown kind"
        raise FieldFault(name, f"one of {', '.join(known) or 'no kind at all'}, for which {policy}, states a clock", found)

    def _received(self, name: str, value: object) -> date:
        day = fields.day(name, value)
        if day > self._today:
            raise FieldFault(name, f"a day not after {self._today}", "a day to come")
        if day < self._today - OLDEST:
            raise FieldFault(name, f"a day after {self._today - OLDEST}", "one long ago")
        return day

    def _national_id(self, name: str, value: object) -> str:
        number = fields.text_of(name, value)
        validator = VALIDATORS.get(self._pack.country)
        if not (number.isascii() and number.isdigit()):
            raise FieldFault(name, "digits", "another character")
        if validator is not None and not validator(number):
            raise FieldFault(name, f"a national id of {self._pack.country} with the right check digit", "another number")
        return number

    def _birth_date(self, name: str, value: object) -> date:
        day = fields.day(name, value)
        if day > self._today:
            raise FieldFault(name, "a day of birth that has come", "a day to come")
        if day < self._today - OLDEST_PERSON:
            raise FieldFault(name, f"a day of birth after {self._today - OLDEST_PERSON}", "one before")
        return day

    def _phone(self, name: str, value: object) -> str:
        return fields.phone(name, value, self._pack.country)

    def _purpose(self, name: str, value: object) -> str:
        known = [purpose.id for purpose in self._pack.purposes]
        if not isinstance(value, str) or value.strip() not in known:
            raise FieldFault(name, f"purposes of the policy of {self._pack.controller}: {', '.join(known)}", "another")
        return value.strip()

    def _corrections(self, name: str, value: object) -> tuple[Correction, ...]:
        """A mapping of category to what is right, or `category=value` separated by semicolons or lines."""
        if isinstance(value, str):
            parts = [part.partition("=") for part in value.replace("\n", ";").split(";") if part.strip()]
            if not all(sign for _, sign, _ in parts):
                raise FieldFault(name, "category=value, separated by semicolons", "another form")
            pairs: list[tuple[object, object]] = [(category, right) for category, _, right in parts]
        elif isinstance(value, Mapping):
            pairs = list(value.items())
        else:
            raise FieldFault(name, "a mapping of categories to what is right", f"a {type(value).__name__}")
        if len(pairs) > fields.MOST:
            raise FieldFault(name, f"at most {fields.MOST}", f"{len(pairs):,}")
        found = []
        for n, (category, right) in enumerate(pairs, 1):
            key = category.strip() if isinstance(category, str) else ""
            if key not in self._pack.taxonomy:
                raise FieldFault(f"{name}.{n}", "a data category of the policy, such as user.contact.email", "another")
            found.append(Correction(key, fields.free_text(f"{name}.{n}", right)))
        return tuple(found)

    @staticmethod
    def _one_of(known: tuple[str, ...]) -> Callable[[str, object], str]:
        def read(name: str, value: object) -> str:
            if value not in known:
                raise FieldFault(name, f"one of {', '.join(known)}", "another")
            return str(value)

        return read

    def _given(self, name: str) -> bool:
        value = self._values.get(name)
        return value is not None and value not in ("", [], ()) and not (isinstance(value, str) and not value.strip())

    def _field(self, name: str, read: Callable[[str, object], ValueT]) -> ValueT | None:
        """The field as `read` reads it; None where it is not given, or wrong and noted."""
        if not self._given(name):
            if name in REQUIRED:
                self._wrong(name, "a value", "none")
            return None
        try:
            return read(name, self._values[name])
        except FieldFault as error:
            self.faults.append(error.fault)
            return None

    def _wrong(self, name: str, expected: str, found: str) -> None:
        self.faults.append(Fault(name, expected, found))

"""The draft of a notice of a breach to the authority, in Markdown (GDPR 33(3)), in the controller's language and in English.

A draft and no more: what nobody has written yet stands in it as missing, and a person completes, checks and sends it. It leaves the
register only as a file that somebody asked for, for what people wrote may name persons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from governance.policy.pack import PolicyPack
from governance.run.notice_words import ENGLISH, WORDS
from governance.store.incidents import Incident

#: In the order of GDPR 33(3); what may be left out where it is empty comes last.
_TOLD = (
    "kind", "supposed_at", "found_at", "reported_at", "reported_by", "aware_at", "due_at",
    "nature", "person_categories", "persons", "record_categories", "records", "contact", "consequences", "measures",
)  # fmt: skip
_OPTIONAL = ("delay_reason", "persons_notified_at", "persons_not_notified")


def notice(incident: Incident, pack: PolicyPack) -> str:
    """The whole draft: one part in the first of the pack's languages we have words for, one in English."""
    languages = dict.fromkeys((*(name for name in pack.languages if name in WORDS), ENGLISH))
    first = next(iter(languages))
    return "\n\n---\n\n".join("\n".join(_part(incident, pack, name)) for name in dict.fromkeys((first, ENGLISH))) + "\n"


def _part(incident: Incident, pack: PolicyPack, language: str) -> Iterator[str]:
    words, authority = WORDS[language], pack.supervisory_authority
    named = authority.names.get(language, authority.names[ENGLISH]) if authority is not None else words["missing"]
    yield f"# {words['title']}"
    yield ""
    yield f"_{words['draft']}_"
    yield ""
    yield f"- **{words['to']}:** {named}"
    yield f"- **{words['from']}:** {_plain(pack.title_in(language))}"
    yield f"- **{words['number']}:** {incident.id}"
    for name in (*_TOLD, *_OPTIONAL):
        value = _said(incident, name, words, pack)
        if value is not None or name not in _OPTIONAL:
            yield f"- **{words[name]}:** {value if value is not None else words['missing']}"


def _said(incident: Incident, name: str, words: Mapping[str, str], pack: PolicyPack) -> str | None:
    if name == "contact":
        return None  # who that is stands in no policy pack
    value = getattr(incident, name)
    if name == "kind":
        return words[value]
    if isinstance(value, datetime):
        return f"{value.astimezone(pack.zone):%Y-%m-%d %H:%M} ({pack.time_zone})"
    return None if value is None else _plain(str(value))


def _plain(text: str) -> str:
    """One paragraph, in which nothing is read as Markdown's own."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|" else sign for sign in " ".join(text.split()))

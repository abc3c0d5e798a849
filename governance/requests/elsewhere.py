"""Where else the data of a person stand, as the dataset declares it, and what will happen there: copies, files, recordings; and where they
may be spoken of in words, which no search finds. Pure."""

from __future__ import annotations

from governance.catalogue.governed import GovernedDataset
from governance.policy.document import covered
from governance.requests.columns import free_texts
from governance.requests.located import Elsewhere

NOT_SEARCHED = "not-searched"
_RECORDING = "user.recording"
_AT_ONCE = "PT0S"


def elsewhere_of(dataset: GovernedDataset) -> tuple[Elsewhere, ...]:
    """Copies first, then stores of files, then recordings, which lie in the database itself and go with their row. Nobody having declared
    copies is told as such: that there are none is a thing to be declared."""
    copies = (
        [Elsewhere(dataset.name, "undeclared", "undeclared", None)]
        if dataset.copies is None
        else [
            Elsewhere(dataset.name, copy.name, copy.deletion.value, None if copy.retention is None else str(copy.retention))
            for copy in dataset.copies
        ]
    )
    files = [Elsewhere(dataset.name, f"files in {store}", "with-row", _AT_ONCE) for store in sorted(dataset.stores)]
    recordings = [
        Elsewhere(dataset.name, f"{collection.name}.{name}", "with-row", _AT_ONCE)
        for collection in dataset.collections.values()
        if collection.subject is not None
        for name, field in collection.fields.items()
        if any(covered(own, _RECORDING) for own in field.categories) or name in collection.large_objects
    ]
    return (*copies, *files, *recordings)


def texts_of(dataset: GovernedDataset) -> tuple[Elsewhere, ...]:
    """Texts that are not searched: a person looks there, also where nothing was found."""
    return tuple(Elsewhere(dataset.name, place, NOT_SEARCHED, None) for place in free_texts(dataset))

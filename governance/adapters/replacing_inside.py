"""New texts of JSON documents, by what is to become of the values that paths into them reach. Pure but for the tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from governance.catalogue.actions import ActionKind, FieldAction
from governance.catalogue.governed import Collection
from governance.catalogue.json_documents import changed, parsed, reached, written
from governance.errors import PlanMismatch
from governance.planning.json_values import replaced, texts_to_tokenise
from governance.pseudonym.tokens import Tokeniser


def edited(
    collection: Collection, column: str, edit: FieldAction, texts: Sequence[str | None], tokeniser: Callable[[str], Tokeniser]
) -> list[str | None]:
    """The documents after the edit, as texts; what is no document stays as it is, and so does one that nothing was changed in.

    `tokeniser` is asked for that of a field. Raises PlanMismatch for a document too deep to be taken apart.
    """
    try:
        return _edited(collection, edit, texts, tokeniser)
    except RecursionError:
        at = f"{collection.name}.{column}"
        raise PlanMismatch(f"{at}: a document of more levels than can be taken apart; the chunk was rolled back") from None


def _edited(
    collection: Collection, edit: FieldAction, texts: Sequence[str | None], tokeniser: Callable[[str], Tokeniser]
) -> list[str | None]:
    documents = [_parsed(text) for text in texts]
    for name, action in edit.inside:
        field = collection.fields[name]
        made = _tokens(documents, field.steps, tokeniser(name)) if action.kind is ActionKind.PSEUDONYMISE else {}
        change = partial(replaced, action, field.kind, token=made.__getitem__)
        documents = [changed(document, field.steps, change) for document in documents]
    return [_written(document, text) for document, text in zip(documents, texts, strict=True)]


def _tokens(documents: Sequence[Any], steps: Sequence[str], tokeniser: Tokeniser) -> dict[str, str]:
    """The tokens of all that a path reaches, made together: the same as those of columns of the same domain and kind."""
    texts = list(dict.fromkeys(text for one in documents for value in reached(one, steps) for text in texts_to_tokenise(value)))
    return dict(zip(texts, tokeniser.column(texts), strict=True)) if texts else {}


def _parsed(text: str | None) -> Any:
    try:
        return parsed(text) if text is not None else None
    except ValueError:
        return None


def _written(document: Any, text: str | None) -> str | None:
    """Not written anew where it is the same: what else is in the text, blanks above all, is nobody's business."""
    if text is None or document is None:
        return text
    new = written(document)
    return text if new == written(parsed(text)) else new

"""A list of requests as CSV: one header line with names of fields, one request a line; every fault named by line and column.

Pure: the text is passed in. Columns are the fields of `intake` and `not_duplicate`; several values of a field are separated by semicolons.
Left out, `channel` is `import`. What is wrong is never repeated.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from governance.errors import RequestInvalid
from governance.policy.pack import PolicyPack
from governance.requests.intake import FIELDS, REQUIRED, draft_of
from governance.requests.request import Draft

COLUMNS = (*FIELDS, "not_duplicate")
MOST_LINES = 5_000

Line = tuple[int, Mapping[str, str]]


def drafts_of(text: str, file: str, packs: Mapping[str, PolicyPack], today: Mapping[str, date]) -> Sequence[tuple[str, Draft, str | None]]:
    """Each request with its place, as `FILE: line N`, and the reason for which it is no duplicate. `packs` and `today` by controller.

    Raises RequestInvalid with every fault of every line, as `FILE: line N, column M (field): expected ..., found ...`.
    """
    faults: list[str] = []
    found = []
    header, lines = _lines(text, file, faults)
    for number, values in lines:
        pack = packs.get(values.get("controller", "").strip())
        if pack is None:
            faults.append(_at(file, number, header, f"controller: expected one of {', '.join(packs)}, found another"))
            continue
        plain = {"channel": "import", **{name: value for name, value in values.items() if name != "not_duplicate" and value.strip()}}
        plain["controller"] = pack.controller
        try:
            found.append((f"{file}: line {number}", draft_of(plain, pack, today[pack.controller]), values.get("not_duplicate")))
        except RequestInvalid as error:
            faults += [_at(file, number, header, fault) for fault in error.faults]
    if not found and not faults:
        faults.append(f"{file}: line 2: expected a request, found none")
    if faults:
        raise RequestInvalid(f"nothing is entered: {'; '.join(faults)}", faults)
    return found


def _lines(text: str, file: str, faults: list[str]) -> tuple[Sequence[str], Sequence[Line]]:
    """The header, and each further line that is as long as it, by number."""
    rows = _rows(text, file, faults)
    first = next(rows, None)
    header = [name.strip() for name in first[1]] if first is not None else []
    for n, name in enumerate(header, 1):
        if name not in COLUMNS or name in header[: n - 1]:
            known = f"each of {', '.join(COLUMNS)} at most once"
            faults.append(f"{file}: line 1, column {n}: expected {known}, found {'one again' if name in COLUMNS else 'another name'}")
    if missing := sorted(REQUIRED - {"channel"} - set(header)):
        faults.append(f"{file}: line 1: expected the columns {', '.join(missing)}, found none of that name")
    if faults:
        return header, []
    found: list[Line] = []
    for number, row in rows:
        if not any(value.strip() for value in row):
            continue
        if len(row) != len(header):
            faults.append(f"{file}: line {number}: expected {len(header)} columns, found {len(row)}")
        elif len(found) == MOST_LINES:
            faults.append(f"{file}: line {number}: expected at most {MOST_LINES:,} requests, found more")
            break
        else:
            found.append((number, dict(zip(header, row, strict=True))))
    return header, found


def _rows(text: str, file: str, faults: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line on which they begin."""
    reader = csv.reader(re.split(r"(?<=\n)", text), strict=True)  # other breaks of lines are for `fields` to refuse
    while True:
        number = reader.line_num + 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error:  # its text may quote
            faults.append(f"{file}: line {number}: expected well-formed CSV, values with commas in double quotes, found another form")
            return


def _at(file: str, number: int, header: Sequence[str], fault: str) -> str:
    name = fault.partition(":")[0]
    field = name.partition(".")[0]
    column = f", column {header.index(field) + 1} ({field})" if field in header else ""
    told = fault.partition(": ")[2] if column else fault
    return f"{file}: line {number}{column}: {told}"

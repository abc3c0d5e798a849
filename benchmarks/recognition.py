"""How well the recognisers do: python -m benchmarks.recognition [--set SET] [--write FILE] [--dataset NAME --url URL]

Over the labelled sets of `benchmarks/labelled` that are here (`tuned`, `held-out`, `unseen`, `fourth`, `fifth`), one after the other unless
`--set` names one; or, with `--dataset` and `--url`, over a database with its dataset document as labels (a name out of
governance/catalogue/datasets, or a file).
Prints recall and precision by category, over direct identifiers and over forbidden categories, and every mistake. How a hit is counted
stands in `benchmarks/labelled/scoring.py`.

Goals: direct identifiers with a recall of 97 % and a precision of 95 %, and no forbidden category missed. Told for each set; exit status 1
if one is missed over the tuned set. The held-out and the unseen set have been developed on since rules 6, the fourth since rules 7, the
fifth for forbidden categories since rules 8. What a younger set says is nearest to what a new schema will see, so whoever changes a rule
does not look at its mistakes. `--write` also writes the page docs/recognition.md, with all sets.
"""

from __future__ import annotations

import argparse
import sys
from importlib import resources
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.labelled.loading import SETS, TUNED, labelled_tables
from benchmarks.labelled.measuring import TODAY, measure, measure_database
from benchmarks.labelled.page import page
from benchmarks.labelled.scoring import Result, Score, share
from governance.catalogue.recognition import RULES

WIDTH = 150  # of what is printed where no terminal says its own


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=(*SETS, "all"), default="all", help="the labelled set; all unless told")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page about all labelled sets")
    parser.add_argument("--dataset", help="a dataset of governance/catalogue/datasets, or a file")
    parser.add_argument("--url", help="the database it describes; read only")
    options = parser.parse_args()
    if (options.dataset is None) != (options.url is None) or (options.write and (options.url or options.set != "all")):
        parser.error("--dataset and --url belong together, and --write goes with neither them nor a single set")
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    if options.url is not None:
        show(console, measure_database(options.url, dataset_file(options.dataset)))
        return 0
    results = {name: measure(labelled_tables(name)) for name in SETS if options.set in (name, "all")}
    for name, result in results.items():
        console.rule(f"{name} set")
        show(console, result)
        for line in result.below_goal():
            console.print(f"below goal: {line}")
    if options.write is not None:
        options.write.write_text(page(results, rules=RULES, today=TODAY), encoding="utf-8")
    return 1 if TUNED in results and results[TUNED].below_goal() else 0


def dataset_file(named: str) -> Path:
    """Of a dataset that ships, or the file of that name."""
    shipped = Path(str(resources.files("governance.catalogue") / "datasets")) / f"{named}.yaml"
    return shipped if shipped.exists() else Path(named)


def show(console: Console, result: Result) -> None:
    """The tables: by category, over all, by language, and the mistakes."""
    scores = Table("category", "labelled", "recall", "recognised", "precision", box=None)
    for category, found in result.by_category().items():
        scores.add_row(category, *cells(found))
    scores.add_section()
    scores.add_row("direct identifiers", *cells(result.direct))
    scores.add_row("forbidden categories", *cells(result.forbidden))
    scores.add_row("everything personal", *cells(result.personal))
    languages = Table("tables in", "columns", "direct recall", "precision", "forbidden recall", "mistakes", box=None)
    for name, part in result.by_language().items():
        direct, forbidden = part.direct, part.forbidden
        shares = (share(direct.recall), share(direct.precision), share(forbidden.recall))
        languages.add_row(name, str(len(part.outcomes)), *shares, str(len(part.mistakes())))
    mistakes = Table("table", "column", "label", "recognised as", "certainty", "recogniser", box=None)
    for one in result.mistakes():
        said = ("-", "-", "-") if one.verdict is None else (one.verdict.category or "-", one.verdict.certainty, one.verdict.recogniser)
        mistakes.add_row(one.table, one.column, one.label.principal or "-", *said)
    for table in (scores, languages, mistakes):
        console.print(table, "")
    console.print(f"{len(result.outcomes)} columns, rules version {RULES}")


def cells(found: Score) -> tuple[str, str, str, str]:
    """Of a score, as the table shows it."""
    return str(found.asked), share(found.recall), str(found.told), share(found.precision)


if __name__ == "__main__":
    sys.exit(main())

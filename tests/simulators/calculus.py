"""Generator of governed datasets: `random_documents` writes a policy pack and a dataset as YAML, so that loading and resolving are
part of what is tried. The rows to go with them come from `simulators.calculus_rows`.

Everything comes from one `random.Random`, so a failure is repeated by its seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import yaml

PERSONAL = ["user.name", "user.name.first", "user.contact.email", "user.contact.phone_number", "user.financial", "user.device.ip_address"]
PERIODS = ["P5Y", "P10Y", "P12M", "P6M", "P60D", "P2W", "P0D", "P1Y1M1D"]
CALENDARS = ["from-event", "from-next-year", "from-next-year-after-reporting-period"]
ZONES = ["Europe/Sofia", "Europe/Tallinn", "Asia/Almaty", "America/Havana", "Africa/Cairo", "UTC"]
STATUSES = ["open", "closed", "lost"]

Document = dict[str, Any]


def random_documents(rng: random.Random, *, decided_through_circles: bool = True) -> tuple[str, str]:
    """A pack and a dataset that load. Every form the binding knows occurs with a fair chance.

    Some references close a circle. Where paths lead over them too, a dataset can be judged but nothing deleted: there is no place to cut.
    """
    pack = _pack(rng)
    shapes = _shapes(rng, "ref" if decided_through_circles else "loop")
    collections = {name: _binding(rng, pack, shapes, name) for name in shapes}
    held = [n for n in shapes if n != "c0" and _subject_paths(shapes, n)]
    extensions: Document = {
        extension["id"]: [
            {
                "collection": (holder := rng.choice(held)),
                "subject": rng.choice(_subject_paths(shapes, holder)),
                "active_when": _condition(rng, shapes, holder),
            }
            for _ in range(rng.randint(1, 2))
        ]
        for extension in pack["extensions"]
        if extension["id"] != "e-row" and held
    }
    bindings = {
        "controller": "lender",
        "subjects": "c0",
        "plausible_from": date(1950, 1, 1),
        "extensions": extensions,
        "collections": collections,
    }
    dataset = [{"fides_key": "generated", "collections": [_fideslang(name, fields) for name, fields in shapes.items()]}]
    # Aliases (`&id001`) would be a YAML feature of the generator, not of the documents.
    return _plain_yaml(pack), _plain_yaml({"dataset": dataset, "bindings": bindings})


def _pack(rng: random.Random) -> Document:
    cited = {"clause": "art. 1", "provenance": "derived"}
    extensions = [{"id": name, "title": name, "kind": "legal-dispute", **cited} for name in ("e-one", "e-two", "e-row")]
    classes = []
    for n in range(rng.randint(3, 6)):
        classes.append(
            {
                "id": f"class-{n}",
                "title": f"class {n}",
                "start_event": "something happened",
                "period": rng.choice(PERIODS),
                "calendar": rng.choice(CALENDARS),
                "categories": ["user"],
                "purposes": ["contract"],
                "extended_by": rng.sample(["e-one", "e-two", "e-row"], rng.randint(0, 3)),
                "effect": rng.choice(["must-keep", "must-keep", "must-keep", "may-keep", "must-erase"]),
                **cited,
            }
        )
    classes.append({**classes[0], "id": "class-hours", "period": "PT24H", "calendar": "from-event"})
    actions = ["pseudonymise", "nullify", "generalise"]
    rules = [{**rng.choice(classes), "id": f"minimise-{action}", "action": action} for action in rng.sample(actions, rng.randint(0, 3))]
    return {
        "controller": "lender",
        "title": "A lender that does not exist",
        "version": "1",
        "effective_from": date(2026, 1, 1),
        "country": "BG",
        "time_zone": rng.choice(ZONES),
        "languages": ["en"],
        "reporting_year_ends": rng.choice(["12-31", "12-31", "06-30", "02-29"]),
        "evidence_retention": "P5Y",
        "purposes": [{"id": "contract", "title": "contract", "legal_basis": "contract", **cited}],
        "extensions": extensions,
        "deletion_classes": classes,
        "minimisation_rules": rules,
        "schedule": {"scan": "P1D", "approval": "P0D", "grace": "P1D", "tolerance": "P30D", **cited},
        "caps": {"max_share": 1.0, "max_rows": 1000, **cited},
        "approval": {"mode": "automatic", **cited},
    }


#: collection -> field -> what it is: a start kind, "key", "uuid-key", "part", "string", "flag", "number", "personal:<category>",
#: "ref:<collection>.<key field>", "loop:..." for a reference that no path leads over; the field `<name>_no` holds the second part of the
#: reference that `<name>` begins.
Shapes = dict[str, dict[str, str]]

_QUASI = {"g": "user.demographic.date_of_birth", "h": "user.financial"}


def _shapes(rng: random.Random, closing: str) -> Shapes:
    shapes: Shapes = {}
    for n in range(rng.randint(2, 5)):
        fields = {"id": rng.choice(["key", "key", "uuid-key"])}
        if n and rng.random() < 0.25:
            fields["no"] = "part"  # a key of two columns
        shapes[f"c{n}"] = fields
        for parent in rng.sample(range(n), rng.randint(1, min(n, 2))) if n else []:
            _refer(shapes, f"c{n}", f"r{parent}", f"c{parent}")
        single = [f for f, k in fields.items() if k.startswith("ref:") and not f.endswith("_no") and f"{f}_no" not in fields]
        if single and rng.random() < 0.2:
            fields["again"] = fields[rng.choice(single)]  # two references to one collection
        if rng.random() < 0.2:
            _refer(shapes, f"c{n}", "own", f"c{n}", closing)
        fields |= {"d1": "date", "d2": "date", "t1": "instant", "y1": "year", "s1": "string", "b1": "flag", "n1": "number"}
        for p in range(rng.randint(1, 4)) if n == 0 or rng.random() < 0.9 else []:
            fields[f"p{p}"] = f"personal:{rng.choice(PERSONAL)}"
            quasi = rng.choice([None, None, "g", "h"])
            if quasi:
                fields[f"{quasi}{p}"] = f"personal:{_QUASI[quasi]}"
    if rng.random() < 0.25:
        _refer(shapes, "c0", "back", rng.choice([name for name in shapes if name != "c0"]), closing)  # a cycle, if that one leads to c0
    return shapes


def _refer(shapes: Shapes, name: str, field: str, target: str, kind: str = "ref") -> None:
    shapes[name][field] = f"{kind}:{target}.id"
    if "no" in shapes[target]:
        shapes[name][f"{field}_no"] = f"{kind}:{target}.no"


def _fideslang(name: str, fields: Mapping[str, str]) -> Document:
    def field(name: str, kind: str) -> Document:
        category = kind.removeprefix("personal:") if kind.startswith("personal:") else "system.operations"
        types = {"key": "integer", "part": "integer", "string": "string", "flag": "boolean", "number": "integer", "year": "integer"}
        types |= {"personal:g": "", "personal:h": "integer", "personal:p": "string"}
        meta: Document = {"data_type": types.get(f"personal:{name[0]}" if kind.startswith("personal:") else kind) or None}
        if kind in ("key", "uuid-key", "part"):
            meta["primary_key"] = True
        if kind.startswith(("ref:", "loop:")):
            meta["references"] = [{"dataset": "generated", "field": kind.partition(":")[2]}]
        return {"name": name, "data_categories": [category], "fides_meta": {k: v for k, v in meta.items() if v is not None}}

    return {"name": name, "fields": [field(*item) for item in fields.items()]}


_ACTIONS = {
    "p": ["pseudonymise", "pseudonymise", "nullify", "with-row", "generalise:prefix:3", "generalise:network"],
    "g": ["nullify", "with-row", "generalise:year", "generalise:month"],
    "h": ["nullify", "with-row", "generalise:band:5", "generalise:band:1"],
}


def _binding(rng: random.Random, pack: Document, shapes: Shapes, name: str) -> Document:
    personal = [f for f, kind in shapes[name].items() if kind.startswith("personal:")]
    subjects = _subject_paths(shapes, name)
    binding: Document = {"on_due": {f: rng.choice(_ACTIONS[f[0]]) for f in personal}}
    if name == "c0":
        binding["subject"] = "id"
    elif subjects:
        binding["subject"] = rng.choice(subjects)
    binding["duties"] = [_duty(rng, pack, shapes, name, pack["deletion_classes"]) for _ in range(rng.randint(1, 3))] if personal else []
    for duty in binding["duties"][:1]:
        duty["covers"] = ["user"]  # every personal field needs a duty of its own
    for rule in pack["minimisation_rules"]:
        fitting = [shapes[name][f].removeprefix("personal:") for f in personal if binding["on_due"][f].startswith(rule["action"])]
        fitting = [own for own in fitting if all(binding["on_due"][f].startswith(rule["action"]) for f in _held(shapes, name, own))]
        if fitting and rng.random() < 0.5:
            binding["duties"].append({**_duty(rng, pack, shapes, name, [rule]), "covers": [rng.choice(fitting)]})
    rules = [*pack["deletion_classes"], *pack["minimisation_rules"]]
    by_row = {rule["id"] for rule in rules if "e-row" in rule["extended_by"]}
    if by_row & {duty["class"] for duty in binding["duties"]}:
        binding["extended_when"] = {"e-row": _condition(rng, shapes, name)}
    return binding


def _held(shapes: Shapes, name: str, category: str) -> list[str]:
    """Personal fields of the category, those below it included."""
    wanted = (f"personal:{category}", f"personal:{category}.")
    return [f for f, kind in shapes[name].items() if kind == wanted[0] or kind.startswith(wanted[1])]


def _duty(rng: random.Random, pack: Document, shapes: Shapes, name: str, rules: list[Document]) -> Document:
    rule = rng.choice(rules)
    kind = "instant" if rule["period"] == "PT24H" else rng.choice(["date", "date", "instant", "year"])
    own = sorted({k.removeprefix("personal:") for k in shapes[name].values() if k.startswith("personal:")})
    duty: Document = {
        "class": rule["id"],
        "covers": [rng.choice([*own, "user"])],
        "start": rng.choice(_paths(shapes, name, lambda k: k == kind)),
        "start_kind": kind,
    }
    if rng.random() < 0.4:
        duty["applies_when"] = _condition(rng, shapes, name)
    if rng.random() < 0.4:
        duty["not_started_when"] = _condition(rng, shapes, name)
    for path, target in _references(shapes, name):
        theirs = sorted({k.removeprefix("personal:") for k in shapes[target].values() if k.startswith("personal:")})
        if theirs and rng.random() < 0.5 / (1 + path.count(".")):
            reach = {"via": path, "categories": [rng.choice([*theirs, "user"])]}
            duty.setdefault("erases" if rule["effect"] == "must-erase" else "keeps", []).append(reach)
    return duty


def _condition(rng: random.Random, shapes: Shapes, name: str, depth: int = 0) -> Document:
    simple = ["in", "null", "in", "null", "greater_than", "less_than"]
    form = rng.choice([*simple, "all", "any"] if depth < 2 else simple)
    if form in ("all", "any"):
        return {form: [_condition(rng, shapes, name, depth + 1) for _ in range(rng.randint(1, 3))]}
    if form == "null":
        return {
            "field": rng.choice(_paths(shapes, name, lambda k: not k.startswith(("personal:", "loop:")))),
            "is_null": rng.random() < 0.5,
        }
    if form in ("greater_than", "less_than"):
        return {"field": rng.choice(_paths(shapes, name, lambda k: k == "number")), form: rng.choice([0, 1, -1, 0.5])}
    path = rng.choice(_paths(shapes, name, lambda k: k in ("string", "flag", "number")))
    values: dict[str, list[Any]] = {"s": ["open", "closed", "", "Ъ"], "b": [True, False], "n": [0, 1, 2, -1]}
    choices = values[path.rpartition(".")[2][0]]
    return {"field": path, "in": rng.sample(choices, rng.randint(1, len(choices)))}


def _references(shapes: Shapes, name: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every path that ends with a reference, up to three hops, and the collection it leads to."""
    for field, kind in shapes[name].items():
        if kind.startswith("ref:") and not field.endswith("_no"):
            target = kind.removeprefix("ref:").partition(".")[0]
            step = f"{field}+{field}_no" if f"{field}_no" in shapes[name] else field
            yield step, target
            if depth < 2:
                yield from ((f"{step}.{path}", end) for path, end in _references(shapes, target, depth + 1))


def _paths(shapes: Shapes, name: str, wanted: Callable[[str], bool]) -> list[str]:
    steps = [("", name), *((f"{path}.", target) for path, target in _references(shapes, name))]
    return [f"{prefix}{field}" for prefix, holder in steps for field, kind in shapes[holder].items() if wanted(kind)]


def _subject_paths(shapes: Shapes, name: str) -> list[str]:
    return [path for path, end in _references(shapes, name) if end == "c0"]


def _plain_yaml(document: Document) -> str:
    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    return str(yaml.dump(document, Dumper=Plain, sort_keys=False, allow_unicode=True))

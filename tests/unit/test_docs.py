"""The documents keep their promises: links lead somewhere, YAML parses, and every error, command and DAG is explained.

Left to readers: whether the explanations are any good.
"""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from governance import errors
from governance.catalogue.resolve import govern

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = sorted([CHECKOUT / "README.md", *(CHECKOUT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def ids(page: Path) -> str:
    return str(page.relative_to(CHECKOUT))


def broken_links(page: Path, text: str) -> Iterator[str]:
    for target in LINK.findall(FENCE.sub("", text)):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        if not aim.exists():
            yield f"{target}: nothing there"
        elif anchor and anchor not in anchors(aim.read_text(encoding="utf-8")):
            yield f"{target}: no such heading"


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_relative_links_lead_somewhere(page: Path) -> None:
    assert list(broken_links(page, page.read_text(encoding="utf-8"))) == []


def test_a_broken_link_is_found() -> None:
    page = CHECKOUT / "README.md"
    assert list(broken_links(page, "[a](docs/nothing.md)")) == ["docs/nothing.md: nothing there"]
    assert list(broken_links(page, "[a](docs/operating.md#no-such)")) == ["docs/operating.md#no-such: no such heading"]
    assert list(broken_links(page, "[a](docs/operating.md#2-letheyaml) [b](https://example.org/)")) == []


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_yaml_in_the_pages_parses(page: Path) -> None:
    for language, block in FENCE.findall(page.read_text(encoding="utf-8")):
        assert language, "a code block that does not say what it is"
        if language == "yaml":
            assert isinstance(yaml.safe_load(block), dict)


def test_the_pack_and_the_dataset_of_the_guide_fit_together() -> None:
    blocks = [
        block for language, block in FENCE.findall((CHECKOUT / "docs/operating.md").read_text(encoding="utf-8")) if language == "yaml"
    ]
    pack = next(block for block in blocks if "deletion_classes:" in block)
    dataset = next(block for block in blocks if "bindings:" in block)
    governed = govern(dataset, "docs/operating.md", pack, "docs/operating.md")
    assert set(governed.collections) == {"clients", "contracts", "disputes"}


def explained(page: str) -> set[str]:
    """What stands in code form in the first column of a table."""
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    return {name.removeprefix("governance ") for name in re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)}


def test_every_error_is_explained() -> None:
    classes = {name for name, item in vars(errors).items() if isinstance(item, type) and issubclass(item, errors.LetheError)}
    assert classes - explained("docs/operating.md") == set()
    assert {name for name in explained("docs/operating.md") if name[0].isupper()} - classes == set()


def test_the_tree_of_errors_is_drawn_as_it_is() -> None:
    drawn = set(re.findall(r"\b[A-Z][A-Za-z]+\b(?=\s{2,}|\n)", (errors.__doc__ or "").split("Messages name")[0]))
    classes = {name for name, item in vars(errors).items() if isinstance(item, type) and issubclass(item, errors.LetheError)}
    assert classes - drawn == set()


def commands() -> set[str]:
    if importlib.util.find_spec("governance.cli") is None:
        pytest.skip("governance/cli.py is not there yet")
    from typer.main import get_command

    from governance.cli import app

    return set(_leaves(get_command(app), ""))


def _leaves(command: object, name: str) -> Iterator[str]:
    below = getattr(command, "commands", None)
    if not below:
        yield name.strip()
        return
    for word, item in below.items():
        yield from _leaves(item, f"{name} {word}")


def test_every_command_is_listed_and_every_listed_command_exists() -> None:
    rows = re.findall(r"^\| (`governance [^|]+) \|", (CHECKOUT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"`governance ([^`]+)`", row)}
    assert listed == commands()


def test_every_command_in_a_shell_block_exists() -> None:
    known = commands()
    for page in PAGES:
        for language, block in FENCE.findall(page.read_text(encoding="utf-8")):
            if language == "sh":
                written = re.sub(r"#.*", "", block)
                for call in re.findall(
                    r"(?<![\w./-])governance "
                    r"((?:(?:dataset|finding|hold|incident|inventory|keys|policy|protocol|request) )?[a-z]+(?:-[a-z]+)*)",
                    written,
                ):
                    assert call in known, f"{ids(page)}: governance {call}"


def dag_ids(folder: Path) -> set[str]:
    """Ids given to `@dag(...)` or `DAG(...)` as a literal, or the decorated function's name. Parses, imports nothing."""
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for decorator in node.decorator_list:
                    name = decorator.func if isinstance(decorator, ast.Call) else decorator
                    if getattr(name, "id", "") == "dag":
                        found.add(_given_id(decorator) or node.name)
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DAG":
                found.add(_given_id(node) or "")
    return found


def _given_id(call: ast.expr) -> str | None:
    if not isinstance(call, ast.Call):
        return None
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "dag_id")]
    return next((str(item.value) for item in given if isinstance(item, ast.Constant)), None)


def test_every_dag_is_listed_and_every_listed_dag_exists() -> None:
    found = dag_ids(CHECKOUT / "dags")
    if not found:
        pytest.skip("there is no DAG yet")
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    table = text[text.index("| DAG |") : text.index("## Where things lie")]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == found


def test_dag_ids_are_read_off_the_source(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "@dag(dag_id='one')\ndef f(): ...\n@dag\ndef two(): ...\nDAG('three')\n@dag(schedule=None)\ndef four(): ...\n"
    )
    assert dag_ids(tmp_path) == {"one", "two", "three", "four"}


def test_every_decision_is_in_the_index_and_has_its_parts() -> None:
    folder = CHECKOUT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    pages = sorted(folder.glob("[0-9]*.md"))
    assert [page.name[:4] for page in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert f"]({page.name})" in index
        assert text.startswith(f"# {page.name[:4]} ")
        for part in ("**Question.**", "**Options**", "**Decision.**", "**Price"):
            assert part in text, f"{page.name}: no {part}"
        assert len(text.splitlines()) <= 60, f"{page.name} is longer than a page"


def test_the_readme_is_short_and_has_a_place_for_the_demo() -> None:
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 200
    assert text.count("<!-- demo-output -->") == text.count("<!-- /demo-output -->") == 1


def test_the_picture_is_well_formed_and_readable_in_the_dark() -> None:
    picture = CHECKOUT / "docs" / "pictures" / "data-flow.svg"
    root = ElementTree.parse(picture).getroot()  # noqa: S314 - our own file
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title") is not None
    style = root.findtext(f"{space}style") or ""
    assert "prefers-color-scheme: dark" in style
    # Without a ground of its own it would vanish on a page whose colour does not follow the reader's system.
    assert "card" in {rect.get("class") for rect in root.iter(f"{space}rect")}
    # A picture on GitHub may load nothing and run nothing.
    assert not {element.tag for element in root.iter()} & {f"{space}script", f"{space}foreignObject", f"{space}image"}

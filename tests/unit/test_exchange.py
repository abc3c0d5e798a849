"""Fides files in and out: nothing a dataset says is lost, what the engine cannot act on stands aside and comes back."""

from __future__ import annotations

import copy
from importlib.resources import files
from typing import Any

import pytest
import yaml
from fideslang.models import DataCategory, Dataset
from policy_support import PACK
from proposal_support import SAMPLES, pack, shipped

from governance.catalogue.binding import load_dataset
from governance.catalogue.exchange import dataset_keys, from_fides, to_fides
from governance.catalogue.resolve import govern
from governance.errors import DocumentError
from governance.policy.document import TAXONOMY

SHOP = """
dataset:
- fides_key: shop
  name: A shop
  data_qualifier: aggregated
  fidesctl_meta: {resource_id: r1}
  fides_meta: {after: [stock]}
  meta: {team: web}
  collections:
  - name: customer
    data_categories: [user.contact]
    fides_meta: {after: [shop.address]}
    fields:
    - name: id
      data_categories: [user.unique_id]
      data_qualifier: identified
      fides_meta: {primary_key: true, data_type: integer, weird: 1}
    - name: info
      fides_meta: {data_type: object}
      fields:
      - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email, data_type: string}}
      - name: deep
        fields: [{name: first, data_categories: [user.name.first]}]
    - name: street
      data_categories: [user.contact.address.street]
"""
SECOND = "- {fides_key: second, collections: []}\nsystem: []\n"


def shop() -> dict[str, Any]:
    return dict(yaml.safe_load(SHOP))


def taken_over(text: str = SHOP) -> tuple[str, dict[str, Any]]:
    document = from_fides(text, "shop.yaml", "small", "shop")
    return document, yaml.safe_load(document)["dataset"][0]


def test_what_comes_in_goes_out_unchanged() -> None:
    assert yaml.safe_load(to_fides(taken_over()[0], "shop.yaml")) == shop()


def test_it_loads_and_its_bindings_are_yet_empty() -> None:
    dataset, bindings = load_dataset(taken_over()[0], "shop.yaml")
    assert (dataset.fides_key, bindings.controller, bindings.collections, dataset.meta["team"]) == ("shop", "small", {}, "web")
    assert dataset.fides_meta is not None
    assert dataset.fides_meta.after == ["stock"]
    assert dataset.collections[0].fides_meta is not None
    assert [key.root if hasattr(key, "root") else str(key) for key in dataset.collections[0].fides_meta.after or ()] == ["shop.address"]


def test_a_column_has_the_categories_of_the_fields_within_it_so_that_it_can_be_governed() -> None:
    text, dataset = taken_over()
    info = dataset["collections"][0]["fields"][1]
    assert info == {"name": "info", "fides_meta": {"data_type": "object"}, "data_categories": ["user.contact.email", "user.name.first"]}
    assert "# Fields within fields stand aside" in text
    document = yaml.safe_load(text)
    document["bindings"]["collections"]["customer"] = {
        "duties": [{"class": "decisions", "covers": ["user"], "start": "id"}],
    }
    collection = govern(yaml.safe_dump(document), "shop.yaml", PACK, "small.yaml").collections["customer"]
    assert set(collection.personal_fields) == {"id", "info", "street"}


def test_categories_of_a_collection_are_those_of_its_fields() -> None:
    source = shop()
    del source["dataset"][0]["collections"][0]["fields"][2]["data_categories"]
    _, dataset = taken_over(yaml.safe_dump(source))
    assert dataset["collections"][0]["fields"][2]["data_categories"] == ["user.contact"]


def test_the_old_name_of_fides_meta_is_read() -> None:
    source = SHOP.replace("fides_meta: {primary_key: true, data_type: integer, weird: 1}", "fidesops_meta: {primary_key: true}")
    field = load_dataset(taken_over(source)[0], "x")[0].collections[0].fields[0]
    assert (field.name, field.fides_meta.primary_key if field.fides_meta else None) == ("id", True)


def test_one_of_several_datasets_is_taken_and_the_rest_is_told() -> None:
    both = SHOP + SECOND
    assert dataset_keys(both, "shop.yaml") == ("shop", "second")
    assert "# REVIEW: not taken over, for a document holds one dataset and nothing else: second, system" in taken_over(both)[0]
    for key in (None, "third"):
        with pytest.raises(DocumentError, match="the key of one of these datasets: shop, second"):
            from_fides(both, "shop.yaml", "small", key)


def test_what_keeps_it_from_being_governed_is_told() -> None:
    source = shop()
    fields = source["dataset"][0]["collections"][0]["fields"]
    del source["dataset"][0]["collections"][0]["data_categories"], fields[2]["data_categories"], fields[0]["fides_meta"]["primary_key"]
    fields[0]["fides_meta"]["references"] = [{"dataset": "stock", "field": "parts.id", "direction": "to"}]
    fields[0]["data_categories"] = ["user.loyalty"]
    text = taken_over(yaml.safe_dump(source))[0]
    for told in (
        "REVIEW: each needs a category before anything can be governed: collections.customer.fields.street",
        "REVIEW: each needs a field with fides_meta.primary_key: collections.customer",
        "REVIEW: the engine follows references within a dataset alone; these lead out of it: collections.customer.fields.id",
        "Categories that fideslang has not; the policy pack must declare them: user.loyalty",
    ):
        assert f"# {told}" in text


@pytest.mark.parametrize("text", ["dataset: []", "system: []", "dataset: [1]", "dataset: [{fides_key: a b, collections: []}]", "[]"])
def test_what_is_no_fides_file_is_refused(text: str) -> None:
    with pytest.raises(DocumentError):
        from_fides(text, "shop.yaml", "small")


def test_what_was_put_aside_for_a_column_that_is_gone_stays_away() -> None:
    document = yaml.safe_load(taken_over()[0])
    document["dataset"][0]["collections"][0]["fields"] = document["dataset"][0]["collections"][0]["fields"][2:]
    written = yaml.safe_load(to_fides(yaml.safe_dump(document), "shop.yaml"))["dataset"][0]
    assert [field["name"] for field in written["collections"][0]["fields"]] == ["street"]
    assert written["meta"] == {"team": "web"}


@pytest.mark.parametrize("sample", SAMPLES)
def test_shipped_datasets_go_out_as_fides_reads_them_with_their_own_categories(sample: str) -> None:
    text = files("governance.catalogue").joinpath("datasets", f"{sample}.yaml").read_text(encoding="utf-8")
    exported = yaml.safe_load(to_fides(text, sample, pack(sample)))
    assert set(exported) == {"dataset", "data_category"}
    assert Dataset(**copy.deepcopy(exported["dataset"][0])) == shipped(sample)[0]
    own = [DataCategory(**item) for item in exported["data_category"]]
    assert {item.fides_key for item in own} >= {item.key for item in pack(sample).categories}
    known = set(TAXONOMY)
    for item in own:  # a server takes parents before children
        assert item.parent_key in known
        assert item.name
        known.add(item.fides_key)
    assert yaml.safe_load(from_fides(to_fides(text, sample), sample, "small"))["dataset"] == exported["dataset"]


def test_without_a_pack_only_what_is_used_is_exported_with_its_parents() -> None:
    text = SHOP.replace("[user.contact.address.street]", "[user.recording.voice, user.financial.salary]")
    exported = yaml.safe_load(to_fides(taken_over(text)[0], "shop.yaml"))
    assert [item["fides_key"] for item in exported["data_category"]] == ["user.financial.salary", "user.recording", "user.recording.voice"]
    assert exported["data_category"][2] == {"fides_key": "user.recording.voice", "name": "Recorded voice", "parent_key": "user.recording"}
    assert "data_category" not in yaml.safe_load(to_fides(taken_over()[0], "shop.yaml"))

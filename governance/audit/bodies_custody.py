"""What is told of keys, of the documents that decide, and of people who were shown a record: who had what in hand, and when it changed."""

from __future__ import annotations

from typing import ClassVar, Literal

from governance.audit.body import Body, Count, Digest, Name


class KeyChanged(Body):
    """A key differs from what the log was last told. `key` is a public name: `root` and its version, or name and key id of a signer.

    `introduced`: it is there for the first time; `current`: new tokens and references are made with it from now on; `withdrawn`: it is no
    longer there; `replaced`: another secret stands under the same version, and what was made with the one before can no longer be joined.
    `by` is the account that made it with a command of the tool; null where it was found changed.
    """

    kind: ClassVar[str] = "key.changed"
    purpose: Literal["pseudonyms", "checkpoints"]
    key: Name
    change: Literal["introduced", "current", "withdrawn", "replaced"]
    by: Name | None


class ConfigurationChanged(Body):
    """A document differs, by the SHA-256 of its content, from what the log was last told: lethe.yaml (`deployment`), a policy pack, a
    dataset or a suite. `before` is null for one that is new, `after` for one that is gone. `of` is the dataset it belongs to, null for all.
    """

    kind: ClassVar[str] = "configuration.changed"
    document: Literal["deployment", "policy", "dataset", "suite"]
    of: Name | None
    name: Name
    before: Digest | None
    after: Digest | None


class DataAccessed(Body):
    """A person was shown something of personal records by a command of the tool. `key_ref` names the record, null for several: then
    `records` counts them. `by` is the account at the machine, the operating system's or Airflow's; never a name that somebody typed."""

    kind: ClassVar[str] = "data.accessed"
    command: Name
    purpose: Name
    collection: Name
    key_ref: Name | None
    records: Count
    by: Name


KINDS: tuple[type[Body], ...] = (KeyChanged, ConfigurationChanged, DataAccessed)

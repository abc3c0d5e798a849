"""The approval in the DAG of requests: recorded by the account that answers, bound to the draft's digest; a rejection fails the task, and
so does a person who may not. The tasks around it are those of tests/integration/test_requests_decided.py."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from simulators.lender import drop_lender, make_lender

from embedded.postgres import EmbeddedPostgres
from governance.requests.request import Person, Stage

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_who_answers_decides_and_a_rejection_fails(
    postgres: EmbeddedPostgres, tmp_path: Path, airflow_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("plugins", "tests/integration"):
        monkeypatch.syspath_prepend(str(ROOT / folder))
    from airflow.sdk.exceptions import AirflowFailException
    from decision_support import asked, desk_of, requests_of
    from lethe_decisions import DecisionApproval, login

    lender = make_lender(postgres, tmp_path, tiny=True)
    desk = desk_of(lender)
    monkeypatch.setenv("LETHE_HOME", str(lender.home))
    ids = asked(lender, *(Person(name=f"Никой {n} Никоев", emails=(f"nobody{n}@example.invalid",)) for n in range(2)))
    desk.locate(ids, by="drafter")
    first, second = (desk.decide([one], by="drafter")[0].decision for one in ids)

    def answered(request: Any, digest: str, option: str, who: str) -> Any:
        run = SimpleNamespace(run_after=datetime.now(UTC), triggering_user_name="starter")
        context: Any = {"dag": SimpleNamespace(dag_id="answer_request"), "dag_run": run, "params": {"request": str(request)}}
        assert login(context) == "starter"
        event = {
            "chosen_options": [option],
            "params_input": {},
            "responded_at": datetime.now(UTC),
            "responded_by_user": {"id": "7", "name": who},
        }
        return DecisionApproval(task_id="approve", digest=digest).execute_complete(context, event)

    for who in ("clerk", "counter", "drafter", ""):
        with pytest.raises(AirflowFailException, match="RequestRefused"):
            answered(ids[0], first.digest, "Approve", who)
    with pytest.raises(AirflowFailException, match="the draft that waits is"):
        answered(ids[0], second.digest, "Approve", "officer")
    assert answered(ids[0], first.digest, "Approve", "officer") == first.digest
    assert answered(ids[0], first.digest, "Approve", "officer") == first.digest  # the answer of a resumed task, once more
    with pytest.raises(AirflowFailException, match="was rejected; nothing was done"):
        answered(ids[1], second.digest, "Reject", "officer")
    with pytest.raises(AirflowFailException, match="RequestUnknown") as refused:
        answered("Иван Иванов 7552010005", first.digest, "Approve", "officer")
    assert "7552010005" not in str(refused.value)
    register = requests_of(lender)
    assert [register.get(one).stage for one in ids] == [Stage.DECIDED, Stage.LOCATED]
    assert desk.drafted(ids[0]).approved_by == "officer"  # type: ignore[union-attr]
    sys.modules.pop("lethe_decisions", None)
    drop_lender(lender)

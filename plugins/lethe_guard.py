"""What may be sent to Airflow's API about the DAG of requests, looked at before Airflow sees it.

Airflow writes what it is sent into its log of actions, also what it then refuses, and a run keeps its `conf` and notes for good and shows
them to everybody. People type names into such fields. So a run of `answer_request` is given the id of a request and nothing else, and no
note, name of a run, input beside an answer, or XCom may be written to it. What is refused is not repeated.

Does not look at Airflow's command line, whose log of actions bears its arguments (`airflow dags trigger --conf`): use REST or the page. The
bulk endpoints over all DAGs (`~`) are left alone as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any

from airflow.plugins_manager import AirflowPlugin

DAG = "answer_request"
#: What the id of a request looks like (RFC 9562), for parameters.
REQUEST_ID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
LARGEST = 64 * 1024  # bytes of a body
_ABOUT = re.compile(rf"/api/v2/dags/{DAG}/(?P<rest>.+?)/?$")
_BACKFILLS = re.compile(r"/api/v2/backfills(/dry_run)?/?$")
_WRITING = frozenset({"POST", "PATCH", "PUT"})
_DATES = frozenset({"logical_date", "run_after", "data_interval_start", "data_interval_end"})
_WORDS = frozenset({"dag_run_id", "note", "partition_key"})  # of a new run, in which people write

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def fault_of(path: str, document: Any) -> str | None:
    """What is wrong with a document that is about to be written to an address of the DAG; None: nothing, or it is about another DAG."""
    if _BACKFILLS.search(path):
        about = isinstance(document, dict) and document.get("dag_id") == DAG
        return f"{DAG}: expected a run for one request, found a backfill" if about else None
    found = _ABOUT.search(path)
    if found is None:
        return None
    if found["rest"] == "dagRuns":
        return _fault_of_run(document)
    if "xcomEntries" in found["rest"]:
        return f"{DAG}: expected no XCom from outside, found one"
    return _fault_of_words(document)


def _fault_of_run(document: Any) -> str | None:
    if not isinstance(document, dict) or any(name not in {"conf", *_DATES, *_WORDS} for name in document):
        return f"{DAG}: expected an object of {', '.join(sorted({'conf', *_DATES, *_WORDS}))}, found another form"
    for name in sorted(_WORDS & document.keys()):
        if document[name] not in (None, ""):
            return f"{DAG}: {name}: expected none, for people write names there, found some"
    for name in sorted(_DATES & document.keys()):
        if document[name] is not None and not _instant(document[name]):
            return f"{DAG}: {name}: expected an instant, found another form"
    conf = document.get("conf")
    given = conf.get("request") if isinstance(conf, dict) and len(conf) == 1 else None
    if not isinstance(given, str) or re.fullmatch(REQUEST_ID, given) is None:
        return (
            f"{DAG}: conf: expected the id of a request alone, as `governance request list --json` shows it "
            '({"request": "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"}), found something else'
        )
    return None


def _fault_of_words(document: Any) -> str | None:
    """Notes of runs and tasks, and input beside an answer, at any depth."""
    waiting = [document]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            for name in ("note", "params_input"):
                if item.get(name) not in (None, "", {}):
                    return f"{DAG}: {name}: expected none, for people write names there, found some"
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
    return None


def _instant(value: object) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value) is not None
    except ValueError:
        return False


class RequestGuard:
    """ASGI middleware: answers 400 to what has a fault, 413 to what is too large, and passes all else on untouched."""

    def __init__(self, app: Callable[[Message, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request."""
        path = str(scope.get("path", ""))
        if scope["type"] != "http" or scope["method"] not in _WRITING or not (_ABOUT.search(path) or _BACKFILLS.search(path)):
            await self._app(scope, receive, send)
            return
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] != "http.request":  # who asked is gone
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > LARGEST:
                await _refuse(send, 413, f"{DAG}: expected at most {LARGEST:,} bytes, found more")
                return
        try:
            document = json.loads(body) if body else None
        except (ValueError, RecursionError):
            await _refuse(send, 400, f"{DAG}: expected JSON, found another form")
            return
        fault = fault_of(path, document)
        if fault is not None:
            await _refuse(send, 400, fault)
            return
        waiting: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def again() -> Message:
            return waiting.pop() if waiting else await receive()

        await self._app(scope, again, send)


async def _refuse(send: Send, status: int, detail: str) -> None:
    body = json.dumps({"detail": detail}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class LetheGuard(AirflowPlugin):
    """What Airflow asks a plugin for."""

    name = "lethe_guard"
    fastapi_root_middlewares = [  # noqa: RUF012 - Airflow's way
        {"middleware": RequestGuard, "args": [], "kwargs": {}, "name": "What may be sent about requests of persons"}
    ]

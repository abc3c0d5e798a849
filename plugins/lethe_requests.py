"""The Governance pages of requests inside Airflow, and an HTTP endpoint that takes one in. Logic lives in `governance`.

    GET  /governance/requests        open requests with their clocks; nobody's identity
    GET  /governance/requests/{id}   one of them: its clock, the draft of its decision, what was done; nobody's identity
    GET  /governance/requests/new    the form
    POST /governance/requests/new    what was typed into it
    POST /governance/api/requests    a JSON object of the fields; answers {"id": ...} and nothing else

Everything is behind Airflow's own login: looking needs the right to see plugins, entering and a decision the right to start runs of
`watch_requests`.
The login is who acts. The form bears a token signed for that login, valid for an hour; the endpoint takes `application/json` alone, which
no page from elsewhere can send. What was typed goes back to the person who typed it, and into the register, encrypted; nothing of it into
an address, a log, XCom or Airflow's database. Annotations are not put off here: FastAPI could not find names of a function.
"""

import json
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs

from airflow.plugins_manager import AirflowPlugin

LARGEST = 512 * 1024  # bytes of a body: the longest description, percent-encoded, and then some
VALID_SECONDS = 3600
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def make_app() -> Any:
    """The application; what it needs is imported here, for every component of Airflow reads the plugins and one of them serves."""
    from airflow.api_fastapi.auth.managers.models.resource_details import AccessView, DagAccessEntity
    from airflow.api_fastapi.core_api.security import get_user, requires_access_dag, requires_access_view
    from airflow.configuration import conf
    from fastapi import Depends, FastAPI, HTTPException, Request
    from fastapi.responses import HTMLResponse, JSONResponse, Response
    from itsdangerous import BadSignature, URLSafeTimedSerializer
    from lethe_airflow import deployment

    from governance.errors import LetheError, RequestInvalid, RequestRefused, RequestUnknown, untold
    from governance.rendering_decision_page import request_page
    from governance.rendering_request_pages import ASKED, entered_page, fault_page, form_page, list_page
    from governance.requests.intake import FIELDS
    from governance.workplace_decisions import DecisionDesk, request_id_of
    from governance.workplace_requests import RequestDesk

    app = FastAPI(title="Governance", docs_url=None, redoc_url=None, openapi_url=None)
    may_look = Depends(requires_access_view(AccessView.PLUGINS))
    may_enter = Depends(requires_access_dag("POST", DagAccessEntity.RUN, "watch_requests"))
    tokens = URLSafeTimedSerializer(conf.get("api", "secret_key"), salt="lethe-requests-form")

    def login(user: Any = Depends(get_user)) -> str:  # noqa: B008 - FastAPI's way
        return str(user.get_name())

    async def content(request: Request) -> bytes:
        found = bytearray()
        async for part in request.stream():
            found += part
            if len(found) > LARGEST:
                raise HTTPException(413, f"expected at most {LARGEST:,} bytes, found more")
        return bytes(found)

    def desk(by: str) -> RequestDesk:
        return RequestDesk(deployment(), f"http-request-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}", by=by)

    def page(text: str, status: int = 200) -> Response:
        return HTMLResponse(text, status, headers=HEADERS)

    @app.get("/requests", dependencies=[may_look])
    def listed(by: str = Depends(login)) -> Response:
        try:
            return page(list_page(desk(by).pending()))
        except Exception as error:
            return page(fault_page(_said(error)), 503)

    @app.get("/requests/new", dependencies=[may_look, may_enter])
    def form(by: str = Depends(login)) -> Response:
        try:
            return page(form_page(tokens.dumps(by), sorted(desk(by).packs), {}, ()))
        except Exception as error:
            return page(fault_page(_said(error)), 503)

    @app.get("/requests/{request_id}", dependencies=[may_look, may_enter])
    def one(request_id: str, by: str = Depends(login)) -> Response:
        try:
            at, meant = desk(by), request_id_of(request_id)
            drafted = DecisionDesk(deployment(), "http-request").drafted(meant)
            return page(request_page(at.standing(meant), at.register.history(meant), drafted))
        except Exception as error:
            return page(fault_page(_said(error)), 404 if isinstance(error, RequestUnknown) else 503)

    @app.post("/requests/new", dependencies=[may_look, may_enter])
    def typed(request: Request, body: bytes = Depends(content), by: str = Depends(login)) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
            return page(fault_page("expected a form, found another type of content"), 415)
        try:
            given = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=2 * len(ASKED))
        except ValueError:
            return page(fault_page("expected a form in UTF-8, found another form"), 400)
        try:
            signed_for = tokens.loads(given.get("csrf", [""])[0], max_age=VALID_SECONDS)
        except BadSignature:
            signed_for = None
        if signed_for != by:
            return page(fault_page("expected the form as it was given to this login within the hour; open it anew"), 403)
        values = {name: given[name][-1] for name in ASKED if name in given}
        at = desk(by)
        try:
            entered = at.receive(
                {name: values[name] for name in FIELDS if name in values}, channel="form", not_duplicate=values.get("not_duplicate")
            )
        except RequestInvalid as error:
            return page(form_page(tokens.dumps(by), sorted(at.packs), values, error.faults), 422)
        except Exception as error:
            return page(fault_page(_said(error)), 409 if isinstance(error, RequestRefused) else 503)
        return page(entered_page(entered.number, entered.controller, str(entered.id), entered.due.isoformat()), 201)

    @app.post("/api/requests", dependencies=[may_look, may_enter])
    def sent(request: Request, body: bytes = Depends(content), by: str = Depends(login)) -> Response:
        def answer(document: dict[str, Any], status: int) -> Response:
            return JSONResponse(document, status, headers=HEADERS)

        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return answer({"faults": ["expected application/json, found another type of content"]}, 415)
        try:
            values = json.loads(body)
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict):
            return answer({"faults": ["expected a JSON object of the fields, found another form"]}, 400)
        why = values.pop("not_duplicate", None)
        if why is not None and not isinstance(why, str):
            return answer({"faults": ["not_duplicate: expected a text, found another form"]}, 422)
        try:
            entered = desk(by).receive(values, channel="api", not_duplicate=why)
        except RequestInvalid as error:
            return answer({"faults": list(error.faults)}, 422)
        except Exception as error:
            return answer({"faults": [_said(error)]}, 409 if isinstance(error, RequestRefused) else 503)
        return answer({"id": str(entered.id)}, 201)

    def _said(error: Exception) -> str:
        """Our own errors in their words, others by type and place: their text might quote what was typed."""
        return f"{type(error).__name__}: {error}" if isinstance(error, LetheError) else untold(error)

    return app


class LetheRequests(AirflowPlugin):
    """What Airflow asks a plugin for."""

    name = "lethe_requests"
    external_views = [  # noqa: RUF012 - Airflow's way
        {"name": "Requests", "href": "/governance/requests", "destination": "nav", "url_route": "requests"}
    ]

    @cached_property
    def fastapi_apps(self) -> list[dict[str, Any]]:  # type: ignore[override]
        """Made when the component that serves asks for it."""
        return [{"app": make_app(), "url_prefix": "/governance", "name": "Governance"}]

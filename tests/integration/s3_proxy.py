"""An HTTP proxy between an S3 client and a real S3 server, to see what is asked and to answer some of it otherwise.

Stands in for what no server on this machine does: conflicts between writers (409), a store that is full (507), Amazon's refusal to
shorten or weaken a compliance lock, and a network that fails: a connection that is cut (`hang up`), an answer that is lost although
the request was served (`lose answer`), one that ends in its middle (`cut short`) or in a lie about its length (`shorten`).
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Literal
from urllib.parse import urlsplit

Failure = Literal["hang up", "lose answer", "cut short", "shorten"]
Verdict = tuple[int, str] | Failure | None  # status and S3 error code; None lets the request through


@dataclass
class Proxy:
    """`drop`, `forget`: what headers of answers, or of requests, begin with that do not come through.

    `asked`: every request as `METHOD path?query`. `judge`: decides over a request by method and path with query."""

    url: str
    asked: list[str] = field(default_factory=list)
    judge: Callable[[str, str], Verdict] = lambda method, path: None
    drop: str | None = None
    forget: str | None = None


@contextmanager
def s3_proxy(upstream: str) -> Iterator[Proxy]:
    """Run a proxy in front of the server at `upstream`."""
    target = urlsplit(upstream)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            proxy.asked.append(f"{self.command} {self.path}")
            verdict = proxy.judge(self.command, self.path)
            if verdict == "hang up":
                self.close_connection = True
                return
            if isinstance(verdict, tuple):
                status, code = verdict
                content = f"<Error><Code>{code}</Code><Message>about key AKIA-SECRET</Message></Error>".encode()
                self._answer(status, {"Content-Type": "application/xml"}, content)
                return
            connection = http.client.HTTPConnection(str(target.hostname), target.port, timeout=30)
            sent = {key: value for key, value in self.headers.items() if not proxy.forget or not key.lower().startswith(proxy.forget)}
            connection.request(self.command, self.path, body, sent)
            response = connection.getresponse()
            content = response.read()
            connection.close()
            headers = {key: value for key, value in response.getheaders() if key.lower() not in HOP}
            if proxy.drop is not None:
                headers = {key: value for key, value in headers.items() if not key.lower().startswith(proxy.drop)}
            if verdict in ("cut short", "lose answer"):
                self.close_connection = True
            if verdict == "lose answer":
                return
            if verdict == "shorten":
                headers = {key: value for key, value in headers.items() if key.lower() != "content-length"}
            self._answer(response.status, headers, content[: len(content) // 2] if verdict in ("cut short", "shorten") else content)

        def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
            self.send_response_only(status)
            for key, value in headers.items():
                self.send_header(key, value)
            if "content-length" not in {key.lower() for key in headers}:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_PUT = do_DELETE = do_HEAD = do_POST = _serve  # noqa: N815 - names the base class asks for

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy = Proxy(f"http://127.0.0.1:{server.server_port}")
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()


HOP = {"transfer-encoding", "connection", "date", "server", "keep-alive"}

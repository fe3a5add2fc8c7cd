"""A FHIR server on this machine that answers searches for patients, and misbehaves on request."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class FhirServer:
    """Patients by id; ``pages`` of two; ``failing`` requests are answered with 500 first."""

    def __init__(self) -> None:
        self.patients: dict[str, dict[str, Any]] = {}
        self.failing = 0
        self.elsewhere = ""
        self.asked: list[dict[str, list[str]]] = []
        self.headers: list[dict[str, str]] = []
        self.base = ""

    def answer(self, path: str) -> tuple[int, Any]:
        """Status and body."""
        query = parse_qs(urlsplit(path).query)
        self.asked.append(query)
        if self.failing:
            self.failing -= 1
            return 500, {"resourceType": "OperationOutcome"}
        since = query.get("_lastUpdated", ["ge"])[0][2:]
        changed = [
            one
            for one in self.patients.values()
            if one["meta"]["lastUpdated"] >= since.replace("+00:00", "Z")
        ]
        changed.sort(key=lambda one: str(one["meta"]["lastUpdated"]))
        at = int(query.get("at", ["0"])[0])
        bundle: dict[str, Any] = {
            "resourceType": "Bundle",
            "type": "searchset",
            "entry": [{"resource": one, "search": {"mode": "match"}} for one in changed[at : at + 2]],
        }
        bundle["entry"].append(
            {"resource": {"resourceType": "OperationOutcome"}, "search": {"mode": "outcome"}}
        )
        if len(changed) > at + 2:
            start = f"{self.elsewhere or self.base}/Patient?at={at + 2}"
            kept = f"&_lastUpdated=ge{since}" if since else ""
            bundle["link"] = [{"relation": "next", "url": start + kept.replace("+", "%2B")}]
        return 200, bundle


@contextmanager
def fhir_server() -> Iterator[FhirServer]:
    """A server on a free port of this machine."""
    held = FhirServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            held.headers.append(dict(self.headers))
            status, body = held.answer(self.path)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""HTTP to one judged address: no redirects, no proxies, no name that is resolved a second time."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2

from porion.services.errors import NodeFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from porion.services.remote_ports import Target

# Seconds: to connect, and between two pieces of an answer.
_CONNECTS, _READS = 10.0, 60.0


class Connection:
    """Requests below a node's base address, over one connection that is kept."""

    def __init__(self, target: Target, client: httpx2.Client) -> None:
        self.name = target.node.name
        parts = urlsplit(target.node.dicomweb)
        self._host = parts.hostname or ""
        address = f"[{target.web_address}]" if ":" in target.web_address else target.web_address
        self._base = parts._replace(netloc=f"{address}:{parts.port}" if parts.port else address).geturl()
        self._headers = {"Host": parts.netloc}
        if target.node.token:
            self._headers["Authorization"] = f"Bearer {target.node.token}"
        self._client = client

    @contextmanager
    def get(
        self, path: str, accept: str, params: Mapping[str, str] | None = None
    ) -> Iterator[httpx2.Response]:
        """A response, its body not read yet; NodeFailed for every status that is no success."""
        request = self._client.build_request(
            "GET", self._base + path, params=params, headers={**self._headers, "Accept": accept}
        )
        # The certificate is held against the name, though the address is what is connected to.
        request.extensions = {**request.extensions, "sni_hostname": self._host}
        try:
            response = self._client.send(request, stream=True)
            try:
                self._must_be_success(response)
                yield response
            finally:
                response.close()
        except httpx2.HTTPError as error:
            raise NodeFailed(f"{self.name}: {_why(error)}.") from error

    def _must_be_success(self, response: httpx2.Response) -> None:
        if response.status_code in (401, 403):
            raise NodeFailed(
                f"{self.name} refuses: its DICOMweb wants another token ({response.status_code})."
            )
        if not response.is_success:
            raise NodeFailed(f"{self.name} answers over DICOMweb with status {response.status_code}.")


@contextmanager
def connected(target: Target) -> Iterator[Connection]:
    """A connection to a node's DICOMweb."""
    if not target.web_address:
        raise NodeFailed(f"{target.node.name} has no DICOMweb address.")
    timeout = httpx2.Timeout(_READS, connect=_CONNECTS)
    with httpx2.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client:
        yield Connection(target, client)


def _why(error: httpx2.HTTPError) -> str:
    if isinstance(error, httpx2.ConnectTimeout):
        return "its DICOMweb does not answer: is it switched on?"
    if isinstance(error, httpx2.TimeoutException):
        return f"its DICOMweb was silent for {_READS:.0f} s"
    if isinstance(error, httpx2.ConnectError):
        return f"its DICOMweb cannot be reached ({error})"
    return f"its DICOMweb broke off ({type(error).__name__})"

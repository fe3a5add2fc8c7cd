"""The door's settings: a cookie that only TLS may carry, wherever TLS is."""

from __future__ import annotations

from porion.http.door import HttpSettings


def test_the_session_cookie_belongs_to_the_host_alone_over_tls() -> None:
    assert HttpSettings(hosts=frozenset()).cookie.startswith("__Host-")


def test_on_this_machine_itself_the_cookie_goes_without_tls() -> None:
    assert not HttpSettings(hosts=frozenset(), secure_cookies=False).cookie.startswith("__Host-")

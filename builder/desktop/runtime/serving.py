"""How an app is served to its own window: Flask by Waitress, Flet by its own web server."""

from __future__ import annotations

import importlib
import os
import runpy
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from .about import About

READY_SECONDS = 60.0


def load(about: About) -> Any:
    """The WSGI app of a Flask project: its module is imported, a factory is called."""
    # Otherwise `app.run()` at the end of a module would serve it, and never return.
    os.environ["FLASK_RUN_FROM_CLI"] = "true"
    setattr(importlib.import_module("waitress"), "serve", _served_already)  # noqa: B010 - typed
    module = importlib.import_module(about.module)
    name, is_called, arguments = about.call.partition("(")
    found = getattr(module, name)
    if not is_called:
        return found
    # What stands between the brackets comes from the project's own settings or code.
    return eval(f"found({arguments}", {"found": found})


def _served_already(*_: object, **__: object) -> None:
    """Stands in for Waitress's own, which a module may call that is imported to be served."""


def serve_flask(about: About, app: Any, port: int) -> tuple[str, Callable[[], None]]:
    """Begin to serve; the address, and what ends it. Raises OSError when the port is taken."""
    import waitress  # type: ignore[import-untyped]

    server = waitress.create_server(
        app,
        host=about.host,
        port=port,
        threads=about.threads,
        ident=" ".join(about.name.encode("ascii", "replace").decode().split()),
    )
    threading.Thread(target=server.run, name="server", daemon=True).start()
    return _address(server), server.close


def _address(server: Any) -> str:
    """Where a browser of this computer finds it; a name may stand for several addresses."""
    # Waitress tells of them in two ways: a server for several addresses is a class of its own.
    listens = getattr(server, "effective_listen", None) or [
        (server.effective_host, server.effective_port)
    ]
    host, port = min(listens, key=lambda one: (":" in one[0], one))
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def run_flet(about: About) -> None:
    """Run the app's own start file as Python would; returns when the app ends."""
    sys.argv = [about.module, *sys.argv[1:]]
    runpy.run_module(about.module, run_name="__main__", alter_sys=True)


def flet_address() -> str:
    """Make Flet serve the app to a browser here, whatever its code says; where that will be."""
    port = free_port()
    os.environ.update(
        FLET_FORCE_WEB_SERVER="true",
        FLET_SERVER_IP="127.0.0.1",
        FLET_SERVER_PORT=str(port),
        FLET_WEB_RENDERER="canvaskit",
        FLET_WEB_NO_CDN="true",
    )
    return f"http://127.0.0.1:{port}/"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(address: str, seconds: float = READY_SECONDS) -> bool:
    """Wait until something answers there, with whatever status."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if first_answer(address):
            return True
        time.sleep(0.05)
    return False


def first_answer(address: str) -> int:
    """The status with which the first page answers; 0 when nothing does."""
    import urllib.error  # here: an app that nobody has to wait for starts without them
    import urllib.request

    # Never by a proxy: it is this computer.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=READY_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0

"""One run of the engine for a command: who listens, who may stop it, and how it ends.

`hello` comes first and `done` last, exactly once, whatever happens between. This is the one place
that turns exceptions into an exit status and an event.
"""

from __future__ import annotations

import errno
import json
import os
import platform
import shutil
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from builder import __version__, events, host, redaction
from builder.cancel import Canceller
from builder.history import LogFile
from builder.problems import (
    EXIT_CANCELLED,
    EXIT_COMPUTER,
    EXIT_DONE,
    EXIT_OURS,
    Cancelled,
    Problem,
    SlipwayError,
)
from builder.process import Tools
from builder.speech import Listener, Speech, json_to
from builder.terminal import Face


class Session:
    """What a command works with: `say` to speak, `tools` to run things, `log` for the record."""

    def __init__(self, *, speaks_json: bool, verbose: bool = False) -> None:
        self._started = time.monotonic()
        self._redactor = redaction.from_environment()
        self._log: LogFile | None = None
        self._face: Face | None = None
        self.tools = Tools(guarded=True)
        listener = self._json_listener() if speaks_json else self._terminal_listener(verbose)
        self._speech = Speech([listener], self._redactor)
        self.say = self._speech.say
        self._canceller = Canceller(self.tools, self._last_word)
        if threading.current_thread() is threading.main_thread():
            self._canceller.hear_signals()
        if speaks_json:
            self._canceller.hear_stdin()
        self.say(events.Hello(__version__, platform.python_version(), host.current()))

    def keep_secret(self, *secrets: str) -> None:
        """From now on strike these out of all that is said and written."""
        for secret in secrets:
            self._redactor.add(secret)

    def listen(self, listener: Listener) -> None:
        """Hand all that is said from now on to `listener`, too, with the secrets struck out."""
        self._speech.listen(listener)

    def keep_log(self, name: str) -> None:
        """Write a log of this run into the user's data folder, where that can be written to."""
        try:
            self._log = LogFile(name)
        except OSError as error:
            self.say(events.Log("", "own", (f"There is no log file of this run: {error}",)))
            return
        self._speech.listen(self._log)
        if self._face:
            self._face.tell_log(str(self._log.path))

    def run(self, command: Callable[[Session], int]) -> int:
        """Run a command to its end and say the last word; the exit status of the engine."""
        status = self._exit_of(command)
        self._canceller.over()
        self._speech.finish(self._done(status))
        self.tools.close()
        if self._log:
            self._log.close()
        return status

    def _exit_of(self, command: Callable[[Session], int]) -> int:
        try:
            status = command(self)
            self.tools.check_stopped()
        except Cancelled as cancelled:
            return cancelled.exit
        except SlipwayError as error:
            if self._log and error.exit == EXIT_OURS:
                self._write_traceback(error)
            self.say(events.ProblemFound(error.problem))
            return error.exit
        except Exception as error:  # noqa: BLE001 - the top of the engine: a crash becomes a problem
            self._write_traceback(error)
            if isinstance(error, OSError) and (place := _no_room_for(error)) is not None:
                self.say(events.ProblemFound(_disk_full(place)))
                return EXIT_COMPUTER
            self.say(events.ProblemFound(self._crash(error)))
            return EXIT_OURS
        return status

    def _write_traceback(self, error: BaseException) -> None:
        text = self._redactor.text("".join(traceback.format_exception(error)))
        if self._log:
            self._log.text(text)

    def _crash(self, error: Exception) -> Problem:
        where = f"What happened exactly is in {self._log.path}. " if self._log else ""
        return Problem(
            "internal",
            "Slipway made a mistake and had to stop",
            f"This is not your project's fault ({type(error).__name__}). Your previous result is "
            "as it was.",
            f"{where}Build again; if it happens again, please report it with that file.",
        )

    def _done(self, status: int) -> events.Done:
        seconds = time.monotonic() - self._started
        if status == EXIT_DONE:
            return events.Done("ok", status, seconds)
        return events.Done("cancelled" if status == EXIT_CANCELLED else "failed", status, seconds)

    def _last_word(self) -> None:
        self._speech.finish(self._done(EXIT_CANCELLED), timeout=0.2)

    def _json_listener(self) -> Listener:
        out = sys.stdout.buffer
        # Whatever prints by mistake must not break the protocol.
        sys.stdout = sys.stderr
        return json_to(out, on_broken=lambda: self._canceller.request())

    def _terminal_listener(self, verbose: bool) -> Listener:
        self._face = Face(verbose=verbose)
        return self._face


_FULL = (errno.ENOSPC, errno.EDQUOT)


def _no_room_for(error: OSError) -> str | None:
    """What a full disk had no room for, "" when that is not known; None for any other error."""
    if isinstance(error, shutil.Error):
        # From copying a folder: each file with its own error, as text.
        failed: object = error.args[0] if error.args else None
        entries = failed if isinstance(failed, list) else []
        full = [to for _, to, why in entries if any(f"[Errno {n}]" in str(why) for n in _FULL)]
        return str(full[0]) if full else None
    if error.errno not in _FULL:
        return None
    return os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else ""


def _disk_full(place: str) -> Problem:
    """A disk may fill up anywhere, so no stage has to think of it."""
    return Problem(
        "disk-full",
        "The disk became full during the build",
        f"There was no room for {place or 'the next file'}. Your previous result is as it was.",
        "Free some space, and build again.",
        where=place,
    )


def print_json(document: Mapping[str, Any]) -> None:
    """One JSON document on stdout, for a command that has no more to say."""
    json.dump(document, sys.stdout, indent=2)
    sys.stdout.write("\n")
    sys.stdout.flush()

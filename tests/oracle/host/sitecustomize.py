"""Makes a Python believe that it runs on `TEST_HOST` (Linux, Darwin or Windows).

Lies on PYTHONPATH of both engines, so that every target can be compared on any computer.
"""

import os
import platform

HOST = os.environ.get("TEST_HOST")

if HOST:
    platform.system = lambda: str(HOST)
if HOST == "Windows" and os.name != "nt":
    import ctypes
    from unittest import mock  # takes longer than all the rest

    # Flet's tools ask Windows for the code page of its console.
    ctypes.windll = mock.MagicMock()  # type: ignore[attr-defined]
    ctypes.windll.kernel32.GetConsoleOutputCP.return_value = 65001  # type: ignore[attr-defined]
    ctypes.windll.kernel32.GetACP.return_value = 65001  # type: ignore[attr-defined]

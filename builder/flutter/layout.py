"""Where things lie in the work folder of a build with Flutter; the names are those of `flet build`.

`serious_python` and the template are told these places by environment variables.
"""

from __future__ import annotations

FLUTTER = "flutter"
"""The Flutter project."""

PUBSPEC = "pubspec.yaml"
"""What makes a folder a Flutter project, or a Dart package."""

SITE_PACKAGES = "site-packages"
"""The packages of the app; for Android a folder for each kind of processor."""

PYTHON_APP = "python-app"
"""The app, as it is put into the bundle; not for the web, where it is `flutter/app/app.zip`."""

FLUTTER_PACKAGES = "flutter-packages"
"""The Flutter sides of the app's extensions, one Dart package a folder."""

FLUTTER_PACKAGES_TEMP = "flutter-packages-temp"
"""The same as `serious_python` leaves them, until they are registered."""

SPM_KEY_FILE = ".serious_python_spm_key"

COLLECTED = "collected"
"""What is handed over."""

"""Words that a system or a language keeps for itself, so that no name may be one of them."""

from __future__ import annotations

_JAVA = """
    abstract assert boolean break byte case catch char class const continue default do double else
    enum extends false final finally float for goto if implements import instanceof int interface
    long native new null package private protected public return short static strictfp super switch
    synchronized this throw throws transient true try void volatile while
"""

# Kotlin's hard keywords: the app's frame for Android has a Kotlin file in the app's package.
_KOTLIN = """
    as break class continue do else false for fun if in interface is null object package return
    super this throw true try typealias typeof val var when while
"""

# Dart's reserved words and built-in identifiers, as `flutter create` refuses them.
_DART = """
    abstract as assert async await break case catch class const continue covariant default deferred
    do dynamic else enum export extends extension external factory false final finally for function
    get hide if implements import in inout interface is late library mixin native new null of on
    operator out part patch required rethrow return set show source static super switch sync this
    throw true try typedef var void while with yield
"""

# Packages that an app made with Flet depends on, directly or through another: an app with the name
# of one of them would depend on itself. Those of `flutter create`, and Flet's own.
_DART_PACKAGES = """
    analyzer args async boolean_selector characters clock collection convert crypto
    cupertino_icons dart fake_async file ffi flet flutter flutter_driver flutter_lints
    flutter_localizations flutter_test flutter_web_plugins front_end html http http_parser intl io
    isolate js kernel logging matcher material_color_utilities meta mime msgpack_dart
    package_info_plus path path_provider platform plugin pool provider screen_retriever
    serious_python shared_preferences sky_engine source_span stack_trace stream_channel
    string_scanner term_glyph test test_api url_launcher url_strategy utf vector_math vm_service
    watcher web web_socket_channel win32 window_manager window_to_front yaml
"""

JAVA_AND_KOTLIN = frozenset(_JAVA.split()) | frozenset(_KOTLIN.split())
DART = frozenset(_DART.split())
DART_PACKAGES = frozenset(_DART_PACKAGES.split())

# Windows takes these for devices, in any folder, in any case and with any extension.
WINDOWS = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{device}{digit}" for device in ("com", "lpt") for digit in "123456789¹²³"}
)

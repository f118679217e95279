"""What Android takes beside plain pictures: the adaptive icon's three layers.

The foreground is a picture like others; the background is a colour; the monochrome layer is the
one that Android 13 colours in to suit the wallpaper.
"""

from __future__ import annotations

from PIL import Image

from builder.images import figure
from builder.images.easel import Easel
from builder.images.framing import ANDROID
from builder.images.slots import ADAPTIVE_DP, ANDROID_RES, DENSITIES, Slot
from builder.images.style import RGB

# A name of our own: that of a template or a plugin may stand in another file of resources, and
# the same name twice ends a build.
COLOUR_NAME = "slipway_icon_background"
COLOUR_PATH = f"{ANDROID_RES}/values/{COLOUR_NAME}.xml"
ADAPTIVE_PATH = f"{ANDROID_RES}/mipmap-anydpi-v26/ic_launcher.xml"

FINE = 2  # parts of a pixel, each way

MONOCHROME = tuple(
    Slot(
        f"{ANDROID_RES}/drawable-{name}/ic_launcher_monochrome.png",
        round(ADAPTIVE_DP * density),
        ANDROID,
    )
    for name, density in DENSITIES.items()
)

ADAPTIVE_ICON = f"""\
<?xml version="1.0" encoding="utf-8"?>
<adaptive-icon xmlns:android="http://schemas.android.com/apk/res/android">
    <background android:drawable="@color/{COLOUR_NAME}" />
    <foreground android:drawable="@drawable/ic_launcher_foreground" />
    <monochrome android:drawable="@drawable/ic_launcher_monochrome" />
</adaptive-icon>
"""


def colour_resource(colour: RGB) -> str:
    """The file that names the colour behind the adaptive icon."""
    return f"""\
<?xml version="1.0" encoding="utf-8"?>
<resources>
    <color name="{COLOUR_NAME}">#{bytes(colour).hex()}</color>
</resources>
"""


def monochrome(easel: Easel, slot: Slot) -> Image.Image:
    """The figure of the icon in white, mode LA, where the foreground has it."""
    # What is told from a ground has hard edges: drawn finer, they come out soft.
    fine = FINE if easel.look.layers and not easel.quick else 1
    art = easel.draw(slot.size * fine, frame=slot.frame)
    alpha = figure.figure(easel.look, art, easel.extent(slot.frame)).reduce(fine)
    return Image.merge("LA", (Image.new("L", alpha.size, 255), alpha))

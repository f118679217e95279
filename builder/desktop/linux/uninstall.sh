#!/bin/sh
# Takes this app away again, as install.sh put it there. What you made with it stays.
set -eu

id=@ID@
name=@NAME@

place=$HOME/.local/lib/$id
data=${XDG_DATA_HOME:-$HOME/.local/share}

take_away() {
    rm -rf "$place"
    rm -f "$data/applications/$id.desktop" "$data"/icons/hicolor/*/apps/"$id".png
    if command -v update-desktop-database > /dev/null; then
        update-desktop-database -q "$data/applications" || true
    fi
    printf '%s is gone from your menu.\n' "$name"
    if [ -d "$data/$id" ]; then printf 'What you made with it is still in %s\n' "$data/$id"; fi
}

take_away; exit # on one line, because this file goes away with the rest

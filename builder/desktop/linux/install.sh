#!/bin/sh
# Puts this app among your own programs and into the menu of your desktop. It needs no password and
# touches nothing but your own folders; uninstall.sh takes everything away again.
set -eu

id=@ID@
name=@NAME@
program=@PROGRAM@

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
place=$HOME/.local/lib/$id
data=${XDG_DATA_HOME:-$HOME/.local/share}

# The program: beside the old one first, so that there is never half of it.
if [ "$here" != "$place" ]; then
    mkdir -p "$HOME/.local/lib"
    rm -rf "$place.new"
    mkdir "$place.new"
    for item in "$program" _internal share install.sh uninstall.sh; do
        if [ -e "$here/$item" ]; then cp -RP "$here/$item" "$place.new/"; fi
    done
    chmod -R u+w "$place.new"
    rm -rf "$place"
    mv "$place.new" "$place"
fi

# The menu: the entry with the full path of the program, quoted as the desktop wants it.
command=$(printf '%s' "$place/$program" |
    sed -e 's/\\/\\\\\\\\/g' -e 's/["`$]/\\\\&/g' -e 's/%/%%/g')
mkdir -p "$data/applications"
cp -RP "$place/share/icons" "$data/"
while IFS= read -r line; do
    case $line in
        Exec=*) printf 'Exec="%s"\n' "$command" ;;
        *) printf '%s\n' "$line" ;;
    esac
done < "$place/share/applications/$id.desktop" > "$data/applications/$id.desktop"

# The desktop looks again; where these tools are not there it does so by itself.
touch "$data/icons/hicolor"
if command -v update-desktop-database > /dev/null; then
    update-desktop-database -q "$data/applications" || true
fi

printf '%s is in your menu now. This folder is not needed any more.\n' "$name"
printf 'To take it away again: %s\n' "$place/uninstall.sh"

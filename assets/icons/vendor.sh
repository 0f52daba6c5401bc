#!/bin/sh
# Makes this folder again: fetches the locked icon package and packs its fill set as phosphor.gz,
# with LICENSE and icons.lock.json. Needs npm and
# python3. Run by hand when the version changes; never by a build, never by the program.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(sed -n 's/.*"version": "\(.*\)".*/\1/p' "$here/icons.lock.json")
(cd "$work" && npm pack --silent "@phosphor-icons/core@$version" >/dev/null)
python3 "$here/vendor.py" "$work"/*.tgz

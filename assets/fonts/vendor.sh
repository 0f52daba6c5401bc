#!/bin/sh
# Makes this folder again from where its fonts come from: npm packages, one Debian package, and
# fonttools to cut the CJK fonts down. Needs npm, python3 with venv, apt-get and dpkg-deb.
#
#     assets/fonts/vendor.sh            writes the fonts, their licences and fonts.lock.json
#
# Run by hand when a version below changes; never by a build, never by the program. Afterwards
# `git diff --stat assets/fonts` shows what moved: nothing, if no version did.
set -eu

FONTTOOLS=4.68.0
BROTLI=1.2.1
DEBIAN_CJK=1:20220127+repack1-1

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: > "$work/entries"

# carry FOLDER PACKAGE VERSION FAMILY FILE…: the woff2 files of one npm package.
carry() {
    folder=$1 package=$2 version=$3 family=$4
    shift 4
    mkdir -p "$work/$folder" "$here/$folder"
    (cd "$work/$folder" && npm pack --silent "$package@$version" >/dev/null && tar xzf ./*.tgz)
    cp "$work/$folder/package/LICENSE" "$here/$folder/OFL.txt"
    for file in "$@"; do
        cp "$work/$folder/package/files/$file.woff2" "$here/$folder/$file.woff2"
        printf '%s\t%s\t%s\t%s\t%s\n' "$folder" "$package" "$version" "$family" "$file.woff2" \
            >> "$work/entries"
    done
}

carry inter @fontsource-variable/inter 5.3.0 "Inter" \
    inter-latin-opsz-normal inter-latin-ext-opsz-normal inter-vietnamese-opsz-normal \
    inter-cyrillic-opsz-normal inter-cyrillic-ext-opsz-normal \
    inter-greek-opsz-normal inter-greek-ext-opsz-normal
carry fraunces @fontsource-variable/fraunces 5.3.0 "Fraunces" \
    fraunces-latin-opsz-normal fraunces-latin-ext-opsz-normal fraunces-vietnamese-opsz-normal
carry literata @fontsource-variable/literata 5.3.0 "Literata" \
    literata-latin-wght-normal literata-latin-ext-wght-normal literata-vietnamese-wght-normal \
    literata-cyrillic-wght-normal literata-cyrillic-ext-wght-normal \
    literata-greek-wght-normal literata-greek-ext-wght-normal
carry space-grotesk @fontsource-variable/space-grotesk 5.3.0 "Space Grotesk" \
    space-grotesk-latin-wght-normal space-grotesk-latin-ext-wght-normal \
    space-grotesk-vietnamese-wght-normal
carry manrope @fontsource-variable/manrope 5.3.0 "Manrope" \
    manrope-latin-wght-normal manrope-latin-ext-wght-normal manrope-vietnamese-wght-normal \
    manrope-cyrillic-wght-normal manrope-cyrillic-ext-wght-normal manrope-greek-wght-normal
carry bricolage-grotesque @fontsource-variable/bricolage-grotesque 5.3.0 "Bricolage Grotesque" \
    bricolage-grotesque-latin-wght-normal bricolage-grotesque-latin-ext-wght-normal \
    bricolage-grotesque-vietnamese-wght-normal
carry noto-sans-arabic @fontsource-variable/noto-sans-arabic 5.3.0 "Noto Sans Arabic" \
    noto-sans-arabic-arabic-wght-normal
carry noto-sans-hebrew @fontsource-variable/noto-sans-hebrew 5.3.0 "Noto Sans Hebrew" \
    noto-sans-hebrew-hebrew-wght-normal
carry noto-sans-devanagari @fontsource-variable/noto-sans-devanagari 5.3.0 \
    "Noto Sans Devanagari" noto-sans-devanagari-devanagari-wght-normal
carry noto-sans-thai @fontsource-variable/noto-sans-thai 5.3.0 "Noto Sans Thai" \
    noto-sans-thai-thai-wght-normal
carry noto-sans-bengali @fontsource-variable/noto-sans-bengali 5.3.0 "Noto Sans Bengali" \
    noto-sans-bengali-bengali-wght-normal

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "fonttools==$FONTTOOLS" "brotli==$BROTLI"
(cd "$work" && apt-get download --quiet "fonts-noto-cjk=$DEBIAN_CJK" && dpkg-deb -x ./*.deb cjk)
collection=$work/cjk/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc

# cut FOLDER NUMBER LANGUAGE FAMILY: one face of the collection, with one standard's characters.
cut_face() {
    folder=$1 number=$2 language=$3 family=$4
    mkdir -p "$here/$folder"
    python3 "$here/cjk_characters.py" "$language" > "$work/characters"
    "$work/venv/bin/pyftsubset" "$collection" --font-number="$number" \
        --text-file="$work/characters" --layout-features=kern,palt,ccmp --no-hinting \
        --name-IDs=0,1,2,13,14 --flavor=woff2 --output-file="$here/$folder/$folder-bold.woff2"
    printf '%s\t%s\t%s\t%s\t%s\n' "$folder" "debian:fonts-noto-cjk" "$DEBIAN_CJK" "$family" \
        "$folder-bold.woff2" >> "$work/entries"
    # The package has the copyright line in the font and the licence's text in no file of its own.
    { printf 'Copyright 2014-2021 Adobe (http://www.adobe.com/).\n'
      tail -n +2 "$here/noto-sans-hebrew/OFL.txt"; } > "$here/$folder/OFL.txt"
}

cut_face noto-sans-cjk-jp 0 ja "Noto Sans CJK JP"
cut_face noto-sans-cjk-kr 1 ko "Noto Sans CJK KR"
cut_face noto-sans-cjk-sc 2 zh "Noto Sans CJK SC"

python3 - "$here" "$work/entries" <<'EOF'
import hashlib, json, pathlib, sys
here, families = pathlib.Path(sys.argv[1]), []
for line in open(sys.argv[2]):
    folder, package, version, family, file = line.rstrip("\n").split("\t")
    if not families or families[-1]["family"] != family:
        author = (here / folder / "OFL.txt").read_text().splitlines()[0].strip()
        families.append({"family": family, "package": package, "version": version,
                         "licence": "OFL-1.1", "author": author, "folder": folder, "files": []})
    digest = hashlib.sha256((here / folder / file).read_bytes()).hexdigest()
    families[-1]["files"].append({"file": file, "sha256": digest})
(here / "fonts.lock.json").write_text(json.dumps({"families": families}, indent=2) + "\n")
EOF

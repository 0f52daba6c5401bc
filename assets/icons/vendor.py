#!/usr/bin/env python3
"""Packs the fill set of the Phosphor icons for src/ads/icons.

Usage: vendor.py PACKAGE_TARBALL

Checks the tarball against icons.lock.json, leaves out other people's marks, and writes phosphor.gz:
one line an icon, by name: name, kind (o for things, s for signs), tags, path data, split by tabs.
The same tarball gives the same bytes.
"""
import base64
import gzip
import hashlib
import io
import json
import pathlib
import re
import sys
import tarfile

HERE = pathlib.Path(__file__).parent
# Marks that the set files under other categories.
MARKS = {"article-medium", "article-ny-times", "bug-droid", "finn-the-human", "lego", "lego-smiley"}
THINGS = {"NATURE", "OBJECTS", "COMMERCE", "HEALTH", "MAP", "WEATHER", "PEOPLE", "GAMES", "FINANCE",
          "MEDIA", "OFFICE", "COMMUNICATION"}
SIGNS = {"ARROWS", "EDITOR", "DESIGN", "SYSTEM"}


def main() -> None:
    tarball = pathlib.Path(sys.argv[1]).read_bytes()
    lock = json.loads((HERE / "icons.lock.json").read_text())
    found = "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    if found != lock["integrity"]:
        sys.exit(f"not the locked package: {found}")
    files = tarfile.open(fileobj=io.BytesIO(tarball))
    read = lambda path: files.extractfile(f"package/{path}").read().decode()
    rows = []
    for block in re.split(r"(?m)^    readonly name: ", read("dist/icons.d.ts"))[1:]:
        name = re.match(r'"([^"]+)"', block).group(1)
        categories = set(re.findall(r"IconCategory\.(\w+)", block))
        tags = re.findall(r'"([^"]+)"', re.search(r"tags: readonly \[(.*?)\]", block, re.S).group(1))
        if "BRAND" in categories or name in MARKS or name.endswith("-logo"):
            continue
        kind = "s" if categories & SIGNS and not categories & {"OBJECTS", "NATURE"} else "o"
        if not categories & THINGS:
            kind = "s"
        svg = read(f"assets/fill/{name}-fill.svg")
        paths = re.findall(r'<path d="([^"]+)"/>', svg)
        if len(paths) != svg.count("<path"):
            sys.exit(f"{name}: a path with more than its data")
        words = sorted({tag.lower() for tag in tags if not tag.startswith("*")})
        rows.append("\t".join([name, kind, ",".join(words), " ".join(paths)]))
    text = "\n".join(sorted(rows)) + "\n"
    packed = gzip.compress(text.encode(), 9, mtime=0)
    (HERE / "phosphor.gz").write_bytes(packed)
    (HERE / "LICENSE").write_text(read("LICENSE"))
    lock["sha256"] = hashlib.sha256(packed).hexdigest()
    (HERE / "icons.lock.json").write_text(json.dumps(lock, indent=2) + "\n")
    print(f"{len(rows)} icons, {len(text)} bytes, packed {len(packed)}")


main()

"""Writes docs/THIRD-PARTY.md and the licenses.txt that the server shows.

usage: third_party.py [--licenses FILE]
Without arguments the table goes to docs/THIRD-PARTY.md. With --licenses the texts of what is copied
into the web bundle (from web/node_modules) and the names of what is linked go to FILE.
"""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# meson name: (project, SPDX licence, Debian package)
LINKED = {
    "gio-2.0": ("GLib", "LGPL-2.1-or-later", "libglib2.0-0"),
    "gio-unix-2.0": ("GLib", "LGPL-2.1-or-later", "libglib2.0-0"),
    "jansson": ("Jansson", "MIT", "libjansson4"),
    "sqlite3": ("SQLite", "blessing (public domain)", "libsqlite3-0"),
    "libical": ("libical", "MPL-2.0 OR LGPL-2.1-only", "libical3"),
    "uuid": ("libuuid", "BSD-3-Clause", "libuuid1"),
    "csv": ("libcsv", "LGPL-2.1-or-later", "libcsv3"),
    "libsodium": ("libsodium", "ISC", "libsodium23"),
    "gmime-3.0": ("GMime", "LGPL-2.1-or-later", "libgmime-3.0-0"),
    "libcurl": ("curl", "curl", "libcurl4"),
    "libqrencode": ("libqrencode", "LGPL-2.1-or-later", "libqrencode4"),
    "libwebsockets": ("libwebsockets", "MIT", "libwebsockets17"),
    "ev": ("libev", "BSD-2-Clause OR GPL-2.0-or-later", "libev4"),
    "http_parser": ("http-parser", "MIT", "libhttp-parser2.9"),
    "zlib": ("zlib", "Zlib", "zlib1g"),
}
# npm name: (project, SPDX licence, where it ends up)
BUNDLED = {
    "preact": ("Preact", "MIT", "script"),
    "qr": ("qr", "MIT OR Apache-2.0", "script, loaded on demand"),
    "bootstrap-italia": ("Bootstrap Italia, made from Bootstrap", "BSD-3-Clause AND MIT",
                         "style sheet"),
    "@fontsource/titillium-web": ("Titillium Web", "OFL-1.1", "fonts"),
}
LICENCE_FILES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "license", "license.md")


def table():
    lines = ["# Third-party software", "",
             "Made by `python3 docs/third_party.py`; do not edit. Cronotopo itself is EUPL-1.2.", "",
             "Linked dynamically, from Debian:", "",
             "| project | licence | package |", "|---|---|---|"]
    rows = sorted({f"| {name} | {licence} | {package} |" for name, licence, package in LINKED.values()},
                  key=str.lower)
    lines += rows + ["", "Copied into the web pages, from npm:", "",
                     "| project | licence | becomes |", "|---|---|---|"]
    lines += [f"| {name} | {licence} | {place} |" for name, licence, place in BUNDLED.values()]
    return "\n".join(lines) + "\n"


def licence_text(package):
    folder = ROOT / "web/node_modules" / package
    for name in LICENCE_FILES:
        if (folder / name).exists():
            return (folder / name).read_text().strip()
    sys.exit(f"third_party: no licence file in web/node_modules/{package}; run npm ci in web")


def texts():
    parts = ["Cronotopo is EUPL-1.2. It links the following libraries of the system:", ""]
    parts += sorted({f"  {name}: {licence}" for name, licence, _ in LINKED.values()})
    parts += ["", "Its web pages contain the following software."]
    for package, (name, licence, place) in BUNDLED.items():
        parts += ["", "=" * 78, f"{name} ({licence}; {place})", "=" * 78, "", licence_text(package)]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--licenses"]:
        Path(sys.argv[2]).write_text(texts())
    else:
        (ROOT / "docs/THIRD-PARTY.md").write_text(table())

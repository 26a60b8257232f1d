"""Docs name what exists: every `name()` in docs/ARCHITECTURE.md is a function of the sources, and
every `path/file.c` there is a file."""
import re
from pathlib import Path

from tree import files

NAMED = re.compile(r"`([a-z_][a-z0-9_]*)\(\)`")
FILE = re.compile(r"`((?:planner|ics|server|web|tests|docs)/[A-Za-z0-9_./-]+\.[a-z]+)`")


def lint(root):
    document = Path(root) / "docs/ARCHITECTURE.md"
    if not document.exists():
        return ["docs/ARCHITECTURE.md:1: missing"]
    sources = "\n".join((Path(root) / p).read_text() for p in files(root, ".c", ".h", ".ts", ".tsx"))
    findings = []
    for number, line in enumerate(document.read_text().splitlines(), 1):
        for name in NAMED.findall(line):
            if not re.search(rf"\b{name}\s*\(", sources):
                findings.append(f"docs/ARCHITECTURE.md:{number}: no function {name}()")
        for name in FILE.findall(line):
            if not (Path(root) / name).exists():
                findings.append(f"docs/ARCHITECTURE.md:{number}: no file {name}")
    return findings


PLANTED = {"docs/ARCHITECTURE.md": "then `nothing_here()` in `server/gone.c`\n"}
EXPECTED = ["no function nothing_here()", "no file server/gone.c"]

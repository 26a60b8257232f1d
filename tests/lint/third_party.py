"""Third parties: every dependency of meson.build and every runtime dependency of web/package.json
has its row (and licence) in docs/third_party.py, and docs/THIRD-PARTY.md is what that script writes."""
import importlib.util
import json
import re
from pathlib import Path

HERE = Path(__file__).resolve().parents[2] / "docs/third_party.py"
NAMED = re.compile(r"(?:dependency|find_library)\('([^']+)'")
NO_LICENCE = {"threads", "m", "fuzzer"}


def rows():
    spec = importlib.util.spec_from_file_location("third_party_table", HERE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lint(root):
    known = rows()
    findings = []
    meson = Path(root) / "meson.build"
    for number, line in enumerate(meson.read_text().splitlines(), 1) if meson.exists() else []:
        for name in NAMED.findall(line):
            if name not in known.LINKED and name not in NO_LICENCE:
                findings.append(f"meson.build:{number}: '{name}' has no row in docs/third_party.py")
    package = Path(root) / "web/package.json"
    if package.exists():
        for name in json.loads(package.read_text()).get("dependencies", {}):
            if name not in known.BUNDLED:
                findings.append(f"web/package.json:1: '{name}' has no row in docs/third_party.py")
    written = Path(root) / "docs/THIRD-PARTY.md"
    if not written.exists() or written.read_text() != known.table():
        findings.append("docs/THIRD-PARTY.md:1: run python3 docs/third_party.py")
    return findings


PLANTED = {"meson.build": "x = dependency('leftpad')\n",
           "web/package.json": '{"dependencies": {"leftpad": "1.0.0"}}'}
EXPECTED = ["meson.build:1: 'leftpad'", "web/package.json:1: 'leftpad'", "run python3"]

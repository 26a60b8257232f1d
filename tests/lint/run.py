"""Runs every lint on the tree, and each on a planted tree where it must find what was planted.
Last line: N passed, N failed."""
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import arrows
import docs_names
import sizes
import third_party
import words

LINTS = [arrows, sizes, docs_names, third_party, words]


def can_fail(lint):
    """What a lint misses of its own planted faults."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in lint.PLANTED.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        said = "\n".join(lint.lint(folder))
    return [f"{lint.__name__}: did not find a planted fault: {wanted}"
            for wanted in lint.EXPECTED if wanted not in said]


def main():
    root = Path(__file__).resolve().parents[2]
    passed = failed = 0
    for lint in LINTS:
        for findings in (can_fail(lint), lint.lint(root)):
            print("\n".join(findings), end="\n" if findings else "")
            passed, failed = (passed, failed + 1) if findings else (passed + 1, failed)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())

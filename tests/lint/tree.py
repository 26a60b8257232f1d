"""What every lint shares: the files git knows, and findings as `file:line: words`."""
import subprocess
from pathlib import Path


def files(root, *endings):
    """Tracked and new files below root with one of the endings, as paths relative to root."""
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True)
    if listed.returncode == 0 and listed.stdout:
        names = [Path(line) for line in listed.stdout.splitlines()]
    else:  # a planted tree of the self-tests
        names = [path.relative_to(root) for path in sorted(Path(root).rglob("*"))]
    return [n for n in names if n.name.endswith(endings) and (Path(root) / n).is_file()]

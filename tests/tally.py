"""Adds up what the runners of ./dev test counted. Arguments: meson's testlog.json, the folder of
JSON reports, and 1 where a step failed. Last line: N passed, N failed[, N skipped]. With CI=true
what was skipped has failed: nothing that a clean machine lacks may go unnoticed."""
import json
import os
import re
import sys
from pathlib import Path


def meson(path):
    """Counts TAP cases; a program without TAP counts as one."""
    counts = [0, 0, 0]
    for line in Path(path).read_text().splitlines():
        test = json.loads(line)
        cases = re.findall(r"^(ok|not ok)\b(.*)$", test.get("stdout", ""), re.MULTILINE)
        before = list(counts)
        for verdict, rest in cases:
            counts[2 if "# SKIP" in rest else 0 if verdict == "ok" else 1] += 1
        good = test["result"] in ("OK", "EXPECTEDFAIL")
        if test["result"] == "SKIP":
            counts[2] += 1
        elif not good and counts[1] == before[1]:
            counts[1] += 1  # crashed or timed out without a word
        elif good and not cases:
            counts[0] += 1
    return counts


def report(path):
    found = json.loads(Path(path).read_text())
    if "stats" in found:  # Playwright
        stats = found["stats"]
        return [stats["expected"], stats["unexpected"] + stats["flaky"], stats["skipped"]]
    return [found["numPassedTests"], found["numFailedTests"],
            found.get("numPendingTests", 0) + found.get("numTodoTests", 0)]


def main():
    testlog, folder, step_failed = sys.argv[1:]
    wanted = ["web.json", "api.json", "browser.json"]
    total = [0, 0, 0]
    rows = [("unit", meson, Path(testlog))] + [(n, report, Path(folder) / n) for n in wanted]
    for name, count, path in rows:
        counts = count(path) if path.exists() else [0, 1, 0]
        print(f"{name}: {counts[0]} passed, {counts[1]} failed, {counts[2]} skipped")
        total = [a + b for a, b in zip(total, counts)]
    if os.environ.get("CI") == "true":
        total = [total[0], total[1] + total[2], 0]
    if step_failed == "1" and total[1] == 0:
        total[1] = 1  # a lint, or a runner that died outside its tests
    print(f"{total[0]} passed, {total[1]} failed" + (f", {total[2]} skipped" if total[2] else ""))
    return 1 if total[1] else 0


sys.exit(main())

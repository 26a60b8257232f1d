"""Sizes: no function past 100 lines, no file past 1000, nothing deeper than four levels, no line
past 100 columns. A parser table may be longer with `size:` and its reason in a comment on the line
that opens it. C here is formatted by clang-format, so a function's braces stand in column 0."""
from pathlib import Path

from tree import files

FUNCTION_LINES = 100
FILE_LINES = 1000
DEPTH = 4
INDENT = 4


def functions(lines):
    """(first line, last line) of every function body, 1-based."""
    opened = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            opened = number
        elif line == "}" and opened:
            yield opened, number
            opened = None


def depth_of(line):
    """Control-flow depth by indentation, of a line that opens a block."""
    stripped = line.lstrip(" ")
    opens = stripped.startswith(("if ", "for ", "while ", "switch ", "do {"))
    return (len(line) - len(stripped)) // INDENT if opens else 0


def lint(root):
    findings = []
    for path in files(root, ".c", ".h", ".ts", ".tsx", ".py"):
        text = (Path(root) / path).read_text()
        lines = text.splitlines()
        if len(lines) > FILE_LINES:
            findings.append(f"{path}:1: {len(lines)} lines, at most {FILE_LINES}")
        if path.suffix != ".c":
            continue
        for first, last in functions(lines):
            if last - first - 1 > FUNCTION_LINES and "size:" not in lines[max(0, first - 2)]:
                findings.append(f"{path}:{first}: a function of {last - first - 1} lines")
            for number in range(first, last):
                if depth_of(lines[number - 1]) > DEPTH:
                    findings.append(f"{path}:{number}: nested deeper than {DEPTH}")
    return findings


PLANTED = {
    "server/a.c": "static void f(void)\n{\n" + "    x();\n" * 101 + "}\n",
    "server/b.h": "int x;\n" * 1001,
    "server/c.c": "static void f(void)\n{\n" + " " * 20 + "if (x) {\n" + "}\n",
}
EXPECTED = ["a function of 101 lines", "1001 lines", "nested deeper"]

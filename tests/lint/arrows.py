"""Include arrows: a room includes only itself and rooms above it in docs/ARCHITECTURE.md's list,
and some libraries belong to some rooms alone."""
import re
from pathlib import Path

from tree import files

# From the ground floor up.
ROOMS = [
    "planner/civil", "planner/timetable", "planner/timepolicy", "ics", "server/store",
    "server/access", "server/planning", "server/live", "server/mail", "server/paper",
    "server/fetch", "server/jobs", "server/http", "server/api", "server/dav", "server/routes",
    "server/net", "server/cli", "server/main",
]
# Header prefix: the rooms that alone may include it.
ALONE = {
    "libwebsockets": ["server/net"],
    "ev.h": ["server/net"],
    "http_parser.h": ["server/net"],
    "sqlite3.h": ["server/store"],
    "csv.h": ["server/store"],
    "libical/": ["ics"],
    "ical.h": ["ics"],
    "curl/": ["server/mail", "server/fetch"],
    "gmime/": ["server/mail"],
    "libxml/": ["planner/timetable", "server/dav"],
    "qrencode.h": ["server/paper"],
    "cairo": ["server/paper"],
    "pango/": ["server/paper"],
    "sodium.h": ["server/http", "server/access", "server/live", "server/paper", "server/store",
                 "server/api", "server/cli"],
}
NEVER = {"planner/civil": ["jansson.h"]}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of(path):
    text = Path(path).as_posix()
    for room in sorted(ROOMS, key=len, reverse=True):
        if text == room or text.startswith(room + "/") or text.startswith(room + "."):
            return room
    return None


def check_include(path, room, kind, header):
    target = room_of(header) if kind == '"' else None
    if kind == '"' and "/" not in header:
        return f'"{header}": include paths start at the project root'
    if target and ROOMS.index(target) > ROOMS.index(room):
        return f'{room} may not include "{header}": {target} stands above it'
    for prefix, owners in ALONE.items():
        if kind == "<" and header.startswith(prefix) and room not in owners:
            return f"{room} may not include <{header}>: only {', '.join(owners)} may"
    if header in NEVER.get(room, []):
        return f"{room} may not include <{header}>"
    return None


def lint(root):
    """Also: SQL stands in server/store alone."""
    findings = []
    for path in files(root, ".c", ".h"):
        room = room_of(path)
        if path.parts[0] not in ("planner", "ics", "server"):
            continue
        if room is None:
            findings.append(f"{path}:1: belongs to no room of the list")
            continue
        for number, line in enumerate((Path(root) / path).read_text().splitlines(), 1):
            found = INCLUDE.match(line)
            said = found and check_include(path, room, *found.groups())
            if line.startswith("STORE_SQL(") and room != "server/store":
                said = f"{room} may hold no SQL: only server/store may"
            if said:
                findings.append(f"{path}:{number}: {said}")
    return findings


PLANTED = {"planner/civil/date.c": '#include "server/store/db.h"\n',
           "server/api/x.c": "#include <sqlite3.h>\nSTORE_SQL(SQL_X, \"SELECT 1\");\n"}
EXPECTED = ["server/api may hold no SQL", "planner/civil may not include", "server/api may not include <sqlite3.h>"]

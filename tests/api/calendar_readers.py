"""What Debian's icalendar and vobject read in a calendar: JSON on stdout, for calendar.test.ts.
Usage: calendar_readers.py (icalendar|vobject) FILE"""
import json
import sys
from datetime import timezone


def utc(moment):
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def by_icalendar(data):
    import icalendar

    calendar = icalendar.Calendar.from_ical(data)
    events = []
    for event in calendar.walk("VEVENT"):
        row = {
            "uid": str(event["UID"]),
            "summary": str(event["SUMMARY"]),
            "start": utc(event["DTSTART"].dt),
            "end": utc(event["DTEND"].dt),
            "status": str(event["STATUS"]),
            "sequence": int(event["SEQUENCE"]),
        }
        for name in ("location", "description"):
            if name.upper() in event:
                row[name] = str(event[name.upper()])
        if "CATEGORIES" in event:
            row["categories"] = [str(c) for c in event["CATEGORIES"].cats]
        events.append(row)
    return {"name": str(calendar["X-WR-CALNAME"]), "events": events}


def by_vobject(data):
    import vobject

    calendar = vobject.readOne(data.decode())
    events = []
    for event in calendar.vevent_list:
        row = {
            "uid": event.uid.value,
            "summary": event.summary.value,
            "start": utc(event.dtstart.value),
            "end": utc(event.dtend.value),
            "status": event.status.value,
            "sequence": int(event.sequence.value),
        }
        for name in ("location", "description"):
            if hasattr(event, name):
                row[name] = getattr(event, name).value
        if hasattr(event, "categories"):
            row["categories"] = list(event.categories.value)
        events.append(row)
    return {"name": calendar.x_wr_calname.value, "events": events}


READERS = {"icalendar": by_icalendar, "vobject": by_vobject}

if __name__ == "__main__":
    reader, path = sys.argv[1:]
    with open(path, "rb") as file:
        json.dump(READERS[reader](file.read()), sys.stdout)

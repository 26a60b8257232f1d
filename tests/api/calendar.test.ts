// The golden calendar, read by four foreign parsers: each must find the values that went in.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ICAL from "ical.js";
import ical from "node-ical";
import { expect, test } from "vitest";

const golden = join(import.meta.dirname, "..", "golden", "ics");
const file = join(golden, "feed.ics");
const wanted = JSON.parse(readFileSync(join(golden, "feed.json"), "utf8"));

test.each(["icalendar", "vobject"])("%s (Python) reads the golden calendar", (reader) => {
  const script = join(import.meta.dirname, "calendar_readers.py");
  const read = execFileSync("/usr/bin/python3", [script, reader, file], { encoding: "utf8" });
  expect(JSON.parse(read)).toEqual(wanted);
});

test("ical.js reads the golden calendar", () => {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(zone);
  }
  const events = calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    const categories = component.getFirstProperty("categories")?.getValues();
    return {
      uid: event.uid,
      summary: event.summary,
      start: event.startDate.toJSDate().toISOString(),
      end: event.endDate.toJSDate().toISOString(),
      status: component.getFirstPropertyValue("status"),
      sequence: event.sequence,
      ...(event.location ? { location: event.location } : {}),
      ...(event.description ? { description: event.description } : {}),
      ...(categories ? { categories } : {}),
    };
  });
  // ical.js knows no type for X- properties and leaves their escapes.
  const name = String(calendar.getFirstPropertyValue("x-wr-calname")).replaceAll("\\,", ",");
  expect({ name, events }).toEqual(wanted);
});

test("node-ical reads the golden calendar", () => {
  const calendar = ical.sync.parseFile(file) as Record<string, any>;
  const text = (value: any) => (typeof value === "object" ? value.val : value);
  const events = Object.values(calendar)
    .filter((part) => part.type === "VEVENT")
    .map((event) => ({
      uid: event.uid,
      summary: text(event.summary),
      start: new Date(event.start).toISOString(),
      end: new Date(event.end).toISOString(),
      status: event.status,
      sequence: Number(event.sequence),
    }));
  const bare = wanted.events.map(({ location, description, categories, ...rest }: any) => rest);
  expect(events).toEqual(bare);
});

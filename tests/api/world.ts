// Two of everything: two organisations with people of their own, two projects, two trainers, and
// one published session each. What belongs to A must never reach B, and the other way round.
import { execFileSync } from "node:child_process";
import { type Alliance, alliance, link } from "./alliance.ts";
import { Client } from "./openapi.ts";
import { start } from "./server.ts";

export const roles = ["coordinator", "trainer", "contact", "participant", "technician", "inspector", "admin", "stranger"] as const;
export type Role = (typeof roles)[number];

/** One side's rows, by what they are. */
export interface Side {
  comune: string;
  organisation: string;
  contact: string;
  technician: string;
  participant: string;
  trainerPerson: string;
  trainer: string;
  exception: string;
  venue: string;
  room: string;
  virtualRoom: string;
  closure: string;
  service: string;
  project: string;
  activity: string;
  call: string;
  adhesion: string;
  group: string;
  course: string;
  module: string;
  edition: string;
  session: string;
  enrolment: string;
  participantRole: string;
  contactRole: string;
}

export interface World extends Alliance {
  a: Side; // its edition is open to the public
  b: Side; // its edition is not
  clients: Record<Role, Client>; // all of side A, where they have a side
}

async function side(admin: Client, name: string): Promise<Side> {
  const add = async (collection: string, body: object): Promise<string> => (await admin.add(collection, body)).id;
  const comune = await add("territories", { name: `Comune ${name}`, kind: "comune" });
  const organisation = await add("organisations", { name: `Azienda ${name}`, kind: "company", note: `nota ${name}` });
  const person = (who: string): Promise<string> =>
    add("people", { given_name: who, family_name: name, email: `${who}.${name}@example.org`, phone: `02 ${who}`, organisation, comune });
  const contact = await person("contact");
  const participant = await person("participant");
  const technician = await add("people", { given_name: "technician", family_name: name, email: `technician.${name}@example.org` });
  const trainerPerson = await add("people", { given_name: "trainer", family_name: name, email: `trainer.${name}@example.org` });
  const trainer = await add("trainers", { person: trainerPerson, weekly_hours: "Mo-Fr 09:00-18:00" });
  const venue = await add("venues", { name: `Sede ${name}`, organisation, comune });
  const project = await add("projects", { code: name, title: `Progetto ${name}`, lead: organisation, starts_on: "2027-01-01", ends_on: "2027-12-31" });
  const activity = await add("activities", { project, number: 1, title: `Attività ${name}`, starts_on: "2027-01-01", ends_on: "2027-12-31" });
  const call = await add("calls", { activity, title: `Avviso ${name}`, opens_on: "2026-01-01", closes_on: "2028-01-01" });
  const course = await add("courses", { project, code: name, title: `Corso ${name}`, kind: "training" });
  const module = await add("modules", { course, position: 1, title: `Modulo ${name}`, minutes: 240 });
  const edition = await add("editions", { course, code: name, title: `Edizione ${name}`, seats: 10, starts_on: "2027-01-01", ends_on: "2027-12-31", open_to_public: name === "A" });
  const days = { first_date: "2027-08-01", last_date: "2027-08-20" };
  return {
    comune, organisation, contact, participant, technician, trainerPerson, trainer, venue, project, activity, call, course, module, edition,
    exception: await add("availability-exceptions", { trainer, ...days }),
    room: await add("rooms", { venue, name: `Aula ${name}`, capacity: 20 }),
    virtualRoom: await add("virtual-rooms", { name: `Virtuale ${name}`, capacity: 20, join_url: `https://meet.example.org/${name}` }),
    closure: await add("closures", { name: `Chiusura ${name}`, comune, ...days }),
    service: await add("services", { name: `Servizio ${name}`, category: "family", comune, organisation }),
    adhesion: await add("adhesions", { call, organisation }),
    group: await add("guide-groups", { project, name: `Gruppo ${name}`, organisations: [organisation] }),
    session: await add("sessions", { edition, module, position: 1, title: `Incontro ${name}`, length_minutes: 240, modality: "presence" }),
    enrolment: await add("enrolments", { edition, person: participant, organisation }),
    participantRole: await add("roles", { person: participant, role: "participant" }),
    contactRole: await add("roles", { person: contact, role: "contact", organisation }),
  };
}

/** Publishes each side's session, as a release would; the server is not running. */
function publish(db: string, sides: Side[]): void {
  const rows = sides.map((s, i) => ({ ...s, release: `0000000${i}-0000-4000-8000-000000000000` }));
  const script = `
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for s in json.loads(sys.argv[2]):
    db.execute("INSERT INTO release (id, project, number, name, at) VALUES (?, ?, 1, 'Prima', 0)", (s["release"], s["project"]))
    db.execute("""INSERT INTO published (session, release, date, start_minute, length_minutes, starts_at, ends_at, title,
        modality, room, state, changed_at) VALUES (?, ?, '2027-03-01', 540, 240, 1803888000000, 1803902400000, 'Incontro',
        'presence', ?, 'confirmed', 0)""", (s["session"], s["release"], s["room"]))
    db.execute("INSERT INTO published_trainer (session, trainer) VALUES (?, ?)", (s["session"], s["trainer"]))
db.commit()
`;
  execFileSync("python3", ["-c", script, db, JSON.stringify(rows)]);
}

export async function world(): Promise<World> {
  const made = await alliance();
  const { dir, db } = made.server;
  const a = await side(made.admin, "A");
  const b = await side(made.admin, "B");
  for (const s of [a, b]) {
    await made.admin.add("roles", { person: s.technician, role: "technician", territory: s.comune });
  }
  for (const role of ["coordinator", "inspector", "admin"]) {
    const person = await made.admin.add("people", { given_name: role, family_name: "A", email: `${role}.A@example.org` });
    await made.admin.add("roles", { person: person.id, role });
  }
  made.server.child.kill("SIGTERM");
  await new Promise((resolve) => made.server.child.once("close", resolve));
  publish(db, [a, b]);
  const links = new Map<Role, string>();
  for (const role of roles) if (role !== "stranger") links.set(role, link(db, `${role}.a@example.org`));
  const server = await start({ dir, db });
  const clients = Object.fromEntries(
    await Promise.all(
      roles.map(async (role) => {
        const client = new Client(server.url);
        const url = links.get(role);
        return [role, url ? await client.enter(server.url + new URL(url).pathname) : client];
      }),
    ),
  ) as Record<Role, Client>;
  return { server, admin: clients.admin, a, b, clients };
}

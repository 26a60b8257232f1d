/* Shapes of the JSON that crosses the wire, as GET /api/v1/openapi.json describes it. Instants are
 * RFC 3339 with offset, `date` is a civil day, `start` and `end` civil times of the alliance. */
export interface Row {
  id: string;
  version: number;
  created_at?: string;
  updated_at?: string;
}
export interface Items<T> {
  items: T[];
}
export interface Page<T> extends Items<T> {
  next?: string | null;
}

export type Role = 'coordinator' | 'trainer' | 'contact' | 'participant' | 'technician' | 'inspector' | 'admin';
export type Modality = 'presence' | 'remote' | 'hybrid';
export type Kind = 'training' | 'webinar' | 'lab' | 'workshop' | 'table' | 'consultancy';

export interface PersonName {
  id: string;
  given_name: string;
  family_name: string;
}
export interface Alliance {
  name: string;
  time_zone: string;
  language: string;
  demo: boolean;
}
export interface RoleHeld {
  role: Role;
  organisation?: string | null;
  organisation_name?: string | null;
  territory?: string | null;
  territory_name?: string | null;
}
export interface Stranger {
  signed_in: false;
  alliance: Alliance;
  now: string;
}
export interface Member {
  signed_in: true;
  person: PersonName & {
    email: string | null;
    language: string;
    calendar_channel: 'invitations' | 'feed' | 'caldav';
    organisation?: string | null;
    organisation_name?: string | null;
  };
  roles: RoleHeld[];
  trainer: string | null;
  alliance: Alliance;
  now: string;
}
export type Me = Stranger | Member;

/* One thing to do next; the code picks the sentence. */
export interface HomeCard {
  code: string;
  count?: number | null;
  ref?: string | null;
  title?: string | null;
  at?: string | null;
}
export interface Home {
  cards: HomeCard[];
}

export interface Device {
  id: string;
  label: string;
  created_at: string;
  last_seen_at: string;
  current: boolean;
}
export interface Feed {
  id: string;
  kind: string;
  subject: string;
  subject_name?: string | null;
  comment?: string | null;
  url: string;
  webcal_url: string;
  created_at: string;
  last_used_at?: string | null;
}

export interface Published {
  session: string;
  title: string;
  edition: string;
  edition_title: string;
  course: string;
  course_title: string;
  course_kind: Kind;
  project: string;
  date: string;
  start: string;
  end: string;
  starts_at: string;
  ends_at: string;
  length_minutes: number;
  modality: Modality;
  room?: string | null;
  room_name?: string | null;
  venue_name?: string | null;
  venue_address?: string | null;
  virtual_room?: string | null;
  virtual_room_name?: string | null;
  trainers: { id: string; name: string }[];
  state: 'confirmed' | 'cancelled';
  sequence: number;
  changed_at: string;
  release: number | string;
  as?: 'participant' | 'trainer';
  my_minutes?: number | null;
  checked_in?: boolean | null;
}

export interface Trainer extends Row {
  person: string;
  weekly_hours: string;
  max_day_minutes: number;
  max_week_minutes: number;
  given_name?: string;
  family_name?: string;
}
export interface AvailabilityException extends Row {
  trainer: string;
  first_date: string;
  last_date: string;
  hours: string | null;
}

export type PresenceState = 'registered' | 'expected' | 'present' | 'late' | 'left' | 'excused' | 'absent';
export interface LivePerson {
  person: string;
  name: string;
  state: PresenceState;
  since?: string | null;
  minutes: number;
  intervals: [string, string | null][];
  means?: string | null;
  last_event?: number | string | null;
}
export interface LiveCounts {
  expected: number;
  present: number;
  late: number;
  left: number;
  excused: number;
  absent: number;
  remote?: number;
}
export interface LiveSession {
  session: Published;
  counts: LiveCounts;
  people: LivePerson[];
}
export interface LiveDelta {
  counts: LiveCounts;
  people: LivePerson[];
}
export interface CodeStep {
  code: string;
  link: string;
  from: string;
}
export interface LiveCode {
  code: string;
  code_until: string;
  link: string;
  link_until: string;
  now: string;
  next?: CodeStep[];
}
export interface Mark {
  nonce: string;
  people: string[];
  kind: 'in' | 'out' | 'excused' | 'absent' | 'undo';
  at?: string;
  note?: string;
}
export interface CheckIn {
  nonce: string;
  session?: string;
  code?: string;
  claim?: true;
  claimed_at?: string;
  kind?: 'in' | 'out';
}
export interface CheckInAnswer {
  event: number | string;
  session: string;
  title: string;
  kind: 'in' | 'out';
  at: string;
  state: PresenceState;
  replayed: boolean;
}

export interface CaughtMail {
  id: string;
  to_address: string;
  subject: string;
  kind: string;
  created_at: string;
  state: string;
}
export interface CaughtMailParts extends CaughtMail {
  text: string;
  html?: string | null;
  calendar?: string | null;
  raw?: string;
}

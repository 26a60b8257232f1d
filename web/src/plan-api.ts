/* Drafts, plan runs and releases: shapes and calls. */
import { call, get, post, remove } from './api.ts';
import type { Items, Kind, Modality } from './wire.ts';

export interface Conflict {
  rule: string;
  hard: boolean;
  it: string;
  en: string;
  sessions: string[];
  resource?: string;
  count?: number;
}
export interface Demand {
  id: string;
  edition: string;
  edition_code: string;
  edition_title: string;
  course_kind: Kind;
  module_title: string | null;
  phase: string | null;
  title: string;
  position: number;
  length_minutes: number;
  modality: Modality;
  distanced: boolean;
  trainers_needed: number;
  people: number;
  audience: string;
}
export interface Place {
  date: string;
  start: string;
  room: string | null;
  virtual_room: string | null;
  trainers: string[];
}
export interface Placement extends Place {
  session: string;
  pinned: boolean;
  version: number;
  updated_at: string;
  updated_by_name: string | null;
  conflicts: Conflict[];
  published: 'same' | 'changed' | 'new';
}
export interface RuleCount {
  rule: string;
  count: number;
}
export interface Score {
  hard: number;
  unassigned: number;
  soft: number;
  by_rule: RuleCount[];
}
export interface Named {
  id: string;
  name: string;
}
export interface DraftRoom extends Named {
  venue: string;
  venue_name: string;
  capacity: number;
  distanced_capacity: number | null;
}
export interface Busy {
  date: string;
  start: string;
  end: string;
  room: string | null;
  virtual_room: string | null;
  trainers: string[];
}
export interface Step {
  step: number;
  label: string;
  at: string;
  by_name: string | null;
}
export interface Draft {
  plan: string;
  version: number;
  base_release: number;
  latest_release: number;
  step: Step | null;
  sessions: Demand[];
  placements: Placement[];
  unplaced: { session: string; reasons: Conflict[] }[];
  removed: string[];
  busy: Busy[];
  rooms: DraftRoom[];
  virtual_rooms: Named[];
  trainers: (Named & { skills: string[] })[];
  score: Score;
  /* The plan run that goes on, one a project. */
  job: string | null;
}
export interface Slot extends Place {
  soft: number;
  conflicts: Conflict[];
}
export interface BulkState {
  modality: Modality;
  distanced: boolean;
  placed: boolean;
  room: string | null;
  virtual_room: string | null;
}
export interface BulkAnswer {
  changes: {
    session: string;
    kind: 'modality' | 'place' | 'unplaced';
    before: BulkState;
    after: BulkState;
    conflicts: Conflict[];
  }[];
  people_affected: number;
  unplaced: number;
  applied: boolean;
}
export type BulkAction = 'remote' | 'presence' | 'distanced' | 'undistanced';

export interface JobProgress extends Score {
  moves: number;
  seconds: number;
}
export interface JobResult extends Partial<Score> {
  applied?: boolean;
  changed?: string[];
  seconds?: number;
}
export interface Job {
  id: string;
  kind: string;
  state: 'queued' | 'running' | 'done' | 'failed' | 'stopped';
  progress: JobProgress | null;
  result: JobResult | null;
}

/* A session as it was, or will be, published. */
export interface PublishedState {
  date: string;
  start: string;
  length_minutes: number;
  starts_at: string;
  ends_at: string;
  title: string;
  modality: Modality;
  room_name?: string | null;
  virtual_room_name?: string | null;
  trainers?: { id: string; name: string }[];
  state: 'confirmed' | 'cancelled';
}
export type ChangeKind = 'added' | 'moved' | 'place' | 'trainers' | 'modality' | 'title' | 'cancelled' | 'restored';
export interface Change {
  session: string;
  title: string;
  edition_title: string;
  kind: ChangeKind;
  before: PublishedState | null;
  after: PublishedState | null;
  people?: number;
  inside_notice?: boolean;
}
export interface Review {
  version: number;
  base_release: number;
  latest_release: number;
  changes: Change[];
  people_affected: number;
  conflicts_hard: Conflict[];
  reason_required: boolean;
  can_publish: boolean;
}
export interface Release {
  id: string;
  number: number;
  name: string;
  changelog: string | null;
  reason?: string | null;
  at: string;
  by_name: string | null;
  changed: number;
  changes?: Change[];
}
/* What the draft topic tells: which sessions someone changed. */
export interface DraftDelta {
  version: number;
  changed: string[];
  by_name: string | null;
}

const id = encodeURIComponent;
const jobs = (job: string) => `/jobs/${id(job)}`;

export function planOf(project: string) {
  const draft = `/projects/${id(project)}/draft`;
  const placement = (session: string) => `${draft}/placements/${id(session)}`;
  return {
    read: (signal?: AbortSignal) => get<Draft>(draft, signal),
    move: (
      session: string,
      version: number,
      values: Partial<Place> & { date: string; start: string; pinned?: boolean; force?: boolean },
    ) => call<Placement>('PATCH', placement(session), { body: values, version }),
    unplace: (session: string, version: number) => remove(placement(session), version),
    check: (session: string, place: Place, signal?: AbortSignal) =>
      call<{ conflicts: Conflict[] }>('POST', `${draft}/check`, {
        body: { session, ...place },
        ...(signal ? { signal } : {}),
      }),
    bestSlots: (session: string, limit: number) => post<{ slots: Slot[] }>(`${draft}/best-slots`, { session, limit }),
    bulk: (sessions: readonly string[], action: BulkAction, preview: boolean) =>
      post<BulkAnswer>(`${draft}/bulk`, { sessions, action, preview }),
    undo: (step: number) => post<{ version: number }>(`${draft}/undo`, { step }),
    review: (signal?: AbortSignal) => get<Review>(`${draft}/review`, signal),
    run: (seconds: number) => post<{ job: string }>(`/projects/${id(project)}/plan-runs`, { seconds }),
    publish: (version: number, values: { name: string; changelog?: string; reason?: string }) =>
      call<Release>('POST', `/projects/${id(project)}/releases`, { body: values, version }),
    releases: (signal?: AbortSignal) => get<Items<Release>>(`/projects/${id(project)}/releases`, signal),
  };
}
export const release = (which: string) => get<Release>(`/releases/${id(which)}`);
export const job = {
  read: (which: string) => get<Job>(jobs(which)),
  stop: (which: string) => post<Job>(`${jobs(which)}/stop`),
};

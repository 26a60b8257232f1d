/* The draft as the board reads it: rows by id, days of a week, words for a place. Pure. */
import { civilDay, day, noonOf, time } from '../../src/i18n.ts';
import type { Lang } from '../../src/i18n.ts';
import type { Conflict, Demand, Draft, Place, Placement, RuleCount } from '../../src/plan-api.ts';

const DAY_MS = 86_400_000;
export const GRID_MINUTES = 5;

export const addDays = (date: string, n: number): string =>
  new Date(noonOf(date).getTime() + n * DAY_MS).toISOString().slice(0, 10);
/* 0 on Monday. */
export const weekdayOf = (date: string): number => (noonOf(date).getUTCDay() + 6) % 7;
export const mondayOf = (date: string): string => addDays(date, -weekdayOf(date));

export const minutesOf = (start: string): number => Number(start.slice(0, 2)) * 60 + Number(start.slice(3));
export function clock(minutes: number): string {
  const inDay = Math.min(Math.max(minutes, 0), 24 * 60);
  return `${String(Math.floor(inDay / 60)).padStart(2, '0')}:${String(inDay % 60).padStart(2, '0')}`;
}
export const endOf = (start: string, length: number): string => clock(minutesOf(start) + length);

/* "gio 12 nov 2026, 14:30-18:30"; civil times are the alliance's and are not converted. */
export const placeWhen = (place: Pick<Place, 'date' | 'start'>, length: number, lang: Lang): string =>
  `${day(noonOf(place.date), lang)}, ${place.start}-${endOf(place.start, length)}`;

/* "gio 12 nov 2026, 14:30" of an instant. */
export const instantWhen = (instant: string, lang: Lang): string => `${day(instant, lang)}, ${time(instant, lang)}`;

export const say = (conflict: Conflict, lang: Lang): string => (lang === 'en' ? conflict.en : conflict.it);
export const hardFirst = (conflicts: readonly Conflict[]): Conflict[] =>
  [...conflicts].sort((a, b) => Number(b.hard) - Number(a.hard));
export const anyHard = (conflicts: readonly Conflict[]): boolean => conflicts.some(({ hard }) => hard);

/* Rules that are wishes; every other one is binding. */
const WISHES = new Set([
  'person_unavailable',
  'person_travel',
  'edition_day',
  'edition_spread',
  'preferred_hours',
  'lunch',
  'august',
  'room_stability',
  'time_penalty',
  'room_penalty',
  'trainer_penalty',
  'disturbance_time',
  'disturbance_place',
  'pinned',
  'frozen',
]);
export const isWish = ({ rule }: RuleCount): boolean => WISHES.has(rule);

/* The draft with its rows by id. */
export interface Board {
  draft: Draft;
  sessions: ReadonlyMap<string, Demand>;
  placements: ReadonlyMap<string, Placement>;
  names: ReadonlyMap<string, string>;
}

export function boardOf(draft: Draft): Board {
  const names = new Map<string, string>();
  draft.rooms.forEach((room) => names.set(room.id, `${room.name}, ${room.venue_name}`));
  [...draft.virtual_rooms, ...draft.trainers].forEach(({ id, name }) => names.set(id, name));
  return {
    draft,
    sessions: new Map(draft.sessions.map((session) => [session.id, session])),
    placements: new Map(draft.placements.map((placement) => [placement.session, placement])),
    names,
  };
}

/* Rooms, real and virtual, of a place, in words. */
export const whereOf = (board: Board, place: Pick<Place, 'room' | 'virtual_room'>): string =>
  [place.room, place.virtual_room]
    .flatMap((id) => (id ? [board.names.get(id) ?? ''] : []))
    .filter(Boolean)
    .join(' + ');
export const trainersOf = (board: Board, place: Pick<Place, 'trainers'>): string =>
  place.trainers
    .map((id) => board.names.get(id) ?? '')
    .filter(Boolean)
    .join(', ');

/* A placed session with its demand. */
export interface Item {
  session: Demand;
  placement: Placement;
}

/* The placed sessions of an edition (or all) between two days, in order of time. */
export function itemsBetween(board: Board, first: string, last: string, edition: string): Item[] {
  return board.draft.placements
    .flatMap((placement) => {
      const session = board.sessions.get(placement.session);
      const fits =
        session && placement.date >= first && placement.date <= last && (!edition || session.edition === edition);
      return fits ? [{ session, placement }] : [];
    })
    .sort(
      (a, b) => a.placement.date.localeCompare(b.placement.date) || a.placement.start.localeCompare(b.placement.start),
    );
}

/* Monday to Saturday, and Sunday where something stands on it. */
export function daysOfWeek(board: Board, monday: string): string[] {
  const sunday = addDays(monday, 6);
  const days = Array.from({ length: 6 }, (_, i) => addDays(monday, i));
  return board.draft.placements.some(({ date }) => date === sunday) ? [...days, sunday] : days;
}

/* The day the board opens on: the first from today on with something new, else with anything. */
export function firstDay(board: Board, edition: string, today: string): string {
  const coming = itemsBetween(board, today, '9999-12-31', edition);
  const fresh = coming.find(({ placement }) => placement.published !== 'same');
  return (fresh ?? coming[0])?.placement.date ?? today;
}

export const todayOf = (now: number): string => civilDay(now);

/* What a row of the matrix stands for. */
export type Lane = { kind: 'room' | 'virtual_room' | 'trainer'; id: string };

export function inLane(placement: Placement, lane: Lane): boolean {
  return lane.kind === 'trainer' ? placement.trainers.includes(lane.id) : placement[lane.kind] === lane.id;
}

/* The place a session would have if it were dropped on a lane and day, from lane `from`. */
export function droppedPlace(placement: Placement, from: Lane | null, to: Lane | null, date: string): Place {
  const place: Place = {
    date,
    start: placement.start,
    room: placement.room,
    virtual_room: placement.virtual_room,
    trainers: placement.trainers,
  };
  if (!to) {
    return place;
  }
  if (to.kind !== 'trainer') {
    return { ...place, [to.kind]: to.id };
  }
  const others = placement.trainers.filter(
    (id) => id !== (from?.kind === 'trainer' ? from.id : placement.trainers[0]) && id !== to.id,
  );
  return { ...place, trainers: [...others, to.id] };
}

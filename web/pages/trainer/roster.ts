/* What the live board computes from its rows, apart from how it looks. */
import type { LiveCounts, LiveDelta, LivePerson, LiveSession, Mark, PresenceState } from '../../src/wire.ts';

/* Who is in the room now: a latecomer is as present as the others. */
export const here = (counts: LiveCounts): number => counts.present + counts.late;
export const isHere = (state: PresenceState): boolean => state === 'present' || state === 'late';
const isMissing = (state: PresenceState): boolean => state === 'expected' || state === 'registered';

/* The board after a delta: changed rows replaced, new ones added. */
export function applied(board: LiveSession, delta: LiveDelta): LiveSession {
  const changed = new Map(delta.people.map((person) => [person.person, person]));
  const people = board.people.map((person) => changed.get(person.person) ?? person);
  const known = new Set(board.people.map((person) => person.person));
  return {
    ...board,
    counts: delta.counts,
    people: [...people, ...delta.people.filter((person) => !known.has(person.person))],
  };
}

export type Show = 'all' | 'missing' | 'here';

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/* By name, accents aside. */
export function shownPeople(people: readonly LivePerson[], show: Show, sought: string, lang: string): LivePerson[] {
  const wanted = plain(sought.trim());
  return people
    .filter(({ state }) => show === 'all' || (show === 'here' ? isHere(state) : isMissing(state)))
    .filter(({ name }) => plain(name).includes(wanted))
    .sort((a, b) => a.name.localeCompare(b.name, lang));
}

/* The mark that one press makes. */
export const nextMark = (state: PresenceState): Mark['kind'] => (isHere(state) ? 'out' : 'in');

/* Minutes attended as of `now`: the server's figure, which an interval still open outgrows. Time
 * outside the session never counts. */
export function minutesAt(person: LivePerson, starts: number, ends: number, now: number): number {
  if (person.intervals.every(([, to]) => to !== null)) {
    return person.minutes;
  }
  const ms = person.intervals.reduce((sum, [from, to]) => {
    const first = Math.max(Date.parse(from), starts);
    return sum + Math.max(0, Math.min(to ? Date.parse(to) : now, ends) - first);
  }, 0);
  return Math.max(person.minutes, Math.floor(ms / 60_000));
}

export interface Stretch {
  from: number;
  to: number;
}

/* Presence as fractions of the session's length, for a bar; an open interval reaches `now`. */
export function stretches(intervals: LivePerson['intervals'], starts: number, ends: number, now: number): Stretch[] {
  const fraction = (instant: number) => Math.min(1, Math.max(0, (instant - starts) / (ends - starts)));
  return intervals
    .map(([from, to]) => ({ from: fraction(Date.parse(from)), to: fraction(to ? Date.parse(to) : now) }))
    .filter(({ from, to }) => to > from);
}

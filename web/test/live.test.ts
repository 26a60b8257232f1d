/* The live board's arithmetic and the rotating code. */
import { describe, expect, it } from 'vitest';

import { stepAt } from '../pages/trainer/code.tsx';
import { applied, minutesAt, nextMark, shownPeople, stretches } from '../pages/trainer/roster.ts';
import type { LiveCode, LivePerson, LiveSession, Published } from '../src/wire.ts';
import { pathOf } from '../ui/qr.tsx';

const person = (name: string, state: LivePerson['state']): LivePerson => ({
  person: name,
  name,
  state,
  minutes: 0,
  intervals: [],
});
const counts = { expected: 1, present: 1, late: 0, left: 0, excused: 0, absent: 0 };
const board: LiveSession = {
  session: {} as Published,
  counts,
  people: [person("Nicolò D'Amico", 'expected'), person('Anna Bianchi', 'present')],
};

describe('roster', () => {
  it('replaces changed rows, adds new ones, keeps the others', () => {
    const next = applied(board, {
      counts: { ...counts, present: 3 },
      people: [person("Nicolò D'Amico", 'late'), person('Zoe Vitali', 'present')],
    });
    expect(next.people.map(({ name, state }) => [name, state])).toEqual([
      ["Nicolò D'Amico", 'late'],
      ['Anna Bianchi', 'present'],
      ['Zoe Vitali', 'present'],
    ]);
    expect(next.counts.present).toBe(3);
    expect(board.people[0]?.state).toBe('expected');
  });

  it('finds names without their accents, and who is missing', () => {
    expect(shownPeople(board.people, 'all', 'nicolo', 'it').map(({ name }) => name)).toEqual(["Nicolò D'Amico"]);
    expect(shownPeople(board.people, 'missing', '', 'it').map(({ name }) => name)).toEqual(["Nicolò D'Amico"]);
    expect(shownPeople(board.people, 'here', '', 'it').map(({ name }) => name)).toEqual(['Anna Bianchi']);
  });

  it('lets whoever is here leave, and the others come in', () => {
    expect(nextMark('late')).toBe('out');
    expect(nextMark('left')).toBe('in');
    expect(nextMark('absent')).toBe('in');
  });

  it('lets open presences grow, inside the session only', () => {
    const starts = Date.parse('2026-11-20T09:00:00Z');
    const ends = Date.parse('2026-11-20T10:00:00Z');
    const open: LivePerson = { ...person('A', 'present'), minutes: 5, intervals: [['2026-11-20T08:50:00Z', null]] };
    expect(minutesAt(open, starts, ends, Date.parse('2026-11-20T09:20:30Z'))).toBe(20);
    expect(minutesAt(open, starts, ends, Date.parse('2026-11-20T12:00:00Z'))).toBe(60);
    const closed: LivePerson = { ...open, minutes: 7, intervals: [['2026-11-20T09:00:00Z', '2026-11-20T09:20:00Z']] };
    expect(minutesAt(closed, starts, ends, ends)).toBe(7);
  });

  it('keeps bars inside the session', () => {
    const parts = stretches(
      [
        ['2026-11-20T08:00:00Z', '2026-11-20T09:00:00Z'],
        ['2026-11-20T09:30:00Z', null],
      ],
      Date.parse('2026-11-20T08:30:00Z'),
      Date.parse('2026-11-20T10:30:00Z'),
      Date.parse('2026-11-20T12:00:00Z'),
    );
    expect(parts).toEqual([
      { from: 0, to: 0.25 },
      { from: 0.5, to: 1 },
    ]);
  });
});

describe('code', () => {
  const at = (second: number) => new Date(Date.parse('2026-11-20T09:00:00Z') + second * 1000).toISOString();
  const word: LiveCode = {
    code: 'AAAAAA',
    link: 'l0',
    now: at(0),
    link_until: at(15),
    code_until: at(60),
    next: [
      { code: 'AAAAAA', link: 'l1', from: at(15) },
      { code: 'BBBBBB', link: 'l2', from: at(30) },
    ],
  };

  it.each([
    [0, 'l0', 15],
    [14, 'l0', 15],
    [15, 'l1', 30],
    [31, 'l2', 45],
  ])('at second %i shows %s until %i', (second, link, until) => {
    const shown = stepAt(word, Date.parse(at(second)));
    expect(shown.link).toBe(link);
    expect(shown.linkUntil).toBe(Date.parse(at(until)));
    expect(shown.stale).toBe(false);
  });

  it('says so when it has run out of steps', () => {
    expect(stepAt(word, Date.parse(at(47))).stale).toBe(true);
  });
});

describe('QR path', () => {
  it('joins the runs of a row', () => {
    expect(
      pathOf([
        [true, true, false, true],
        [false, false, false, false],
      ]),
    ).toBe('M0 0h2v1h-2zM3 0h1v1h-1z');
  });
});

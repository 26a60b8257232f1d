/* The board's reading of a draft, and the web's knowledge of the planner's rules. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

import english from '../lang/en/rules.en.ts';
import italian from '../lang/it/rules.it.ts';
import {
  addDays,
  boardOf,
  daysOfWeek,
  droppedPlace,
  endOf,
  firstDay,
  isWish,
  itemsBetween,
  mondayOf,
  placeWhen,
} from '../pages/planner/model.ts';
import type { Draft, Placement } from '../src/plan-api.ts';

const RULES = readFileSync(resolve(import.meta.dirname, '../../planner/timetable/rules.c'), 'utf8');
const rows = [...RULES.matchAll(/ROW\(\w+, "(\w+)", (\w+),/g)].map((row) => ({ rule: row[1]!, weight: row[2]! }));

describe('the rules', () => {
  it('have a summary in both languages, and none that the planner does not know', () => {
    const wanted = rows.flatMap(({ rule }) => [`${rule}.one`, `${rule}.other`]).sort();
    expect(rows.length).toBeGreaterThan(30);
    expect(Object.keys(italian).sort()).toEqual(wanted);
    expect(Object.keys(english).sort()).toEqual(wanted);
  });

  it('are wishes where the planner weighs them, and advice where they speak of fixed sessions', () => {
    for (const { rule, weight } of rows) {
      const advice = rule === 'pinned' || rule === 'frozen';
      expect(isWish({ rule, count: 1 }), rule).toBe(weight !== 'HARD' || advice);
    }
  });
});

const placement = (session: string, date: string, more: Partial<Placement> = {}): Placement => ({
  session,
  date,
  start: '14:30',
  room: 'r1',
  virtual_room: null,
  trainers: ['t1', 't2'],
  pinned: false,
  version: 1,
  updated_at: '2026-11-01T10:00:00Z',
  updated_by_name: null,
  conflicts: [],
  published: 'same',
  ...more,
});

function draft(...placements: Placement[]): Draft {
  const demand = { edition: 'e1', edition_code: 'SW-1', title: 'Le regole', length_minutes: 240 };
  return {
    sessions: placements.map(({ session }) => ({ ...demand, id: session })),
    placements,
    rooms: [],
    virtual_rooms: [],
    trainers: [],
  } as unknown as Draft;
}

describe('days', () => {
  it('are civil: a week keeps its Monday across the changes of the clock', () => {
    expect(mondayOf('2026-03-29')).toBe('2026-03-23');
    expect(mondayOf('2026-10-25')).toBe('2026-10-19');
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
    expect(addDays('2026-10-24', 2)).toBe('2026-10-26');
  });

  it('show Sunday only where something stands on it', () => {
    expect(daysOfWeek(boardOf(draft()), '2026-11-09')).toHaveLength(6);
    expect(daysOfWeek(boardOf(draft(placement('a', '2026-11-15'))), '2026-11-09')).toHaveLength(7);
  });

  it('read as the house writes them, in either language', () => {
    expect(placeWhen({ date: '2026-11-12', start: '14:30' }, 240, 'it')).toBe('gio 12 nov 2026, 14:30-18:30');
    expect(endOf('22:00', 120)).toBe('24:00');
  });
});

describe('the board', () => {
  it('opens on the first day with something new', () => {
    const board = boardOf(draft(placement('a', '2026-11-12'), placement('b', '2026-11-20', { published: 'new' })));
    expect(firstDay(board, '', '2026-11-10')).toBe('2026-11-20');
    expect(firstDay(board, '', '2026-11-21')).toBe('2026-11-21');
  });

  it('lists what lies between two days in order of time', () => {
    const board = boardOf(
      draft(
        placement('a', '2026-11-12', { start: '16:00' }),
        placement('b', '2026-11-12'),
        placement('c', '2026-11-30'),
      ),
    );
    expect(itemsBetween(board, '2026-11-09', '2026-11-15', '').map(({ session }) => session.id)).toEqual(['b', 'a']);
  });

  it('keeps time and everything else when a session is dropped on another room', () => {
    const old = placement('a', '2026-11-12');
    expect(droppedPlace(old, { kind: 'room', id: 'r1' }, { kind: 'room', id: 'r2' }, '2026-11-13')).toEqual({
      date: '2026-11-13',
      start: '14:30',
      room: 'r2',
      virtual_room: null,
      trainers: ['t1', 't2'],
    });
  });

  it('hands a session from the trainer it was taken from to the one it is dropped on', () => {
    const dropped = droppedPlace(
      placement('a', '2026-11-12'),
      { kind: 'trainer', id: 't2' },
      { kind: 'trainer', id: 't3' },
      '2026-11-12',
    );
    expect(dropped.trainers).toEqual(['t1', 't3']);
    const same = droppedPlace(
      placement('a', '2026-11-12'),
      { kind: 'trainer', id: 't2' },
      { kind: 'trainer', id: 't2' },
      '2026-11-14',
    );
    expect(same.trainers).toEqual(['t1', 't2']);
  });
});

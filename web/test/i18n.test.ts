/* Dates as the product writes them, with the machine's clock in New York. */
import { describe, expect, it } from 'vitest';

import { civilDay, day, dictionary, duration, fill, noonOf, number, time, when } from '../src/i18n.ts';

describe('times', () => {
  it("really run with another zone than the alliance's", () => {
    expect(Intl.DateTimeFormat().resolvedOptions().timeZone).toBe('America/New_York');
  });

  it('read as the product says', () => {
    expect(when('2026-11-12T14:30:00+01:00', '2026-11-12T18:30:00+01:00', 'it')).toBe('gio 12 nov 2026, 14:30-18:30');
  });

  it('use 24 hours in English too', () => {
    expect(when('2026-11-12T14:30:00+01:00', '2026-11-12T18:30:00+01:00', 'en')).toMatch(
      /^Thu,? 12 Nov 2026, 14:30-18:30$/,
    );
  });

  it('follow the clock on the last Sunday of March', () => {
    expect(time('2026-03-29T00:59:59Z', 'it')).toBe('01:59');
    expect(time('2026-03-29T01:00:00Z', 'it')).toBe('03:00');
  });

  it('follow the clock on the last Sunday of October', () => {
    expect(time('2026-10-25T00:30:00Z', 'it')).toBe('02:30');
    expect(time('2026-10-25T01:30:00Z', 'it')).toBe('02:30');
    expect(time('2026-10-25T02:30:00Z', 'it')).toBe('03:30');
  });

  it('write midnight as 00:00', () => {
    expect(time('2026-11-11T23:00:00Z', 'it')).toBe('00:00');
    expect(time('2026-11-11T23:00:00Z', 'en')).toBe('00:00');
  });

  it('name the civil day of Rome, late in the evening and at noon', () => {
    expect(civilDay('2026-11-11T23:30:00Z')).toBe('2026-11-12');
    expect(day(noonOf('2026-11-12'), 'it')).toBe('gio 12 nov 2026');
  });

  it('write lengths and numbers by Intl', () => {
    expect(duration(232, 'it')).toBe('3 h 52 min');
    expect(duration(45, 'it')).toBe('45 min');
    expect(duration(0, 'it')).toBe('0 min');
    expect(number(12345, 'it')).toBe('12.345');
  });
});

describe('sentences', () => {
  const words = dictionary(
    async () => ({ default: { hello: 'Ciao {name}', 'thing.one': '{n} cosa', 'thing.other': '{n} cose' } as const }),
    async () => ({ default: { hello: 'Hello {name}', 'thing.one': '{n} thing', 'thing.other': '{n} things' } }),
  );

  it('fill their holes and leave unknown ones visible', () => {
    expect(fill('da {a} a {b}', { a: 1 })).toBe('da 1 a {b}');
  });

  it("count by the language's rule", async () => {
    await words.load('it');
    const t = words.of('it');
    expect(t.n('thing', 1)).toBe('1 cosa');
    expect(t.n('thing', 0)).toBe('0 cose');
    expect(t.n('thing', 2)).toBe('2 cose');
    expect(t('hello', { name: 'Anna' })).toBe('Ciao Anna');
    expect(t.maybe('nothing')).toBeUndefined();
  });

  it('refuse to be used before they are loaded', () => {
    expect(() => words.of('en')).toThrow();
  });
});

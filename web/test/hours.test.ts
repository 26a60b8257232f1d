/* Weekly hours: text to rows and back. */
import { describe, expect, it } from 'vitest';

import { formatHours, nextSpan, parseHours, readTime, spanFault, weekMinutes } from '../calendar/hours.ts';

const roundTrip = (text: string) => {
  const hours = parseHours(text);
  return hours && formatHours(hours);
};

describe('hours', () => {
  it.each([
    'Mo-Th 09:00-13:00,14:00-18:00; Fr 09:00-13:00',
    'Mo 09:00-13:00; We 09:00-13:00',
    'off',
    'Mo-Su 00:00-24:00',
    'Sa-Su 10:00-12:00; PH off',
  ])('keep %s', (text) => {
    expect(roundTrip(text)).toBe(text);
  });

  it.each([
    ['Mo,Tu,We 09:00-13:00', 'Mo-We 09:00-13:00'],
    ['Mo-Fr 09:00-18:00; We off', 'Mo-Tu 09:00-18:00; Th-Fr 09:00-18:00'],
    ['Sa-Mo 10:00-12:00', 'Mo 10:00-12:00; Sa-Su 10:00-12:00'],
    ['09:00-12:00', 'Mo-Su 09:00-12:00'],
    ['24/7', 'Mo-Su 00:00-24:00'],
    ['Mo-Fr 09:00-13:00, 14:00-18:00', 'Mo-Fr 09:00-13:00,14:00-18:00'],
  ])('read %s as %s', (text, written) => {
    expect(roundTrip(text)).toBe(written);
  });

  it.each(['Mo 22:00-02:00', 'Jan-Mar Mo 09:00-12:00', 'Mo[1] 09:00-12:00', 'easter 09:00-12:00', 'nonsense'])(
    'leave %s to the text field',
    (text) => {
      expect(parseHours(text)).toBeNull();
    },
  );

  it('count the minutes of a week', () => {
    expect(weekMinutes(parseHours('Mo-Fr 09:00-13:00')!.week)).toBe(1200);
  });

  it('name what is wrong with a day', () => {
    expect(spanFault([{ from: '09:00', to: '' }])).toBe('incomplete');
    expect(spanFault([{ from: '13:00', to: '09:00' }])).toBe('reversed');
    expect(
      spanFault([
        { from: '14:00', to: '18:00' },
        { from: '09:00', to: '14:30' },
      ]),
    ).toBe('overlap');
    expect(
      spanFault([
        { from: '09:00', to: '13:00' },
        { from: '13:00', to: '18:00' },
      ]),
    ).toBeNull();
  });

  it('propose the morning, then the afternoon', () => {
    expect(nextSpan([])).toEqual({ from: '09:00', to: '13:00' });
    expect(nextSpan([{ from: '09:00', to: '13:00' }])).toEqual({ from: '14:00', to: '18:00' });
  });
});

describe('typed times', () => {
  it.each([
    ['9', '09:00'],
    ['930', '09:30'],
    ['9.30', '09:30'],
    ['09:30', '09:30'],
    ['1830', '18:30'],
    ['24', '24:00'],
    [' 8h15', '08:15'],
  ])('%s is %s', (typed, time) => {
    expect(readTime(typed)).toBe(time);
  });

  it.each(['25', '9:75', '2401', 'x', '', '12345'])('%s is none', (typed) => {
    expect(readTime(typed)).toBeNull();
  });
});

/* One value of a row, in words. */
import type { ComponentChildren } from 'preact';

import * as words from '../../lang/office.ts';
import { DAYS, formatHours, parseHours } from '../../calendar/hours.ts';
import { day, duration, monthName, noonOf, number, useLang, weekday } from '../../src/i18n.ts';
import { text } from './entity.ts';
import type { AnyRow, ColumnSpec } from './entity.ts';

const MONDAY_MS = Date.UTC(2024, 0, 1, 12);
const DAY_MS = 86_400_000;
const NOTHING = '–';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const NAMES = new RegExp(`\\b(${[...DAYS, ...MONTHS, 'PH', 'SH', 'off', 'closed', '24/7'].join('|')})\\b`, 'g');

/* Opening hours with the notation's English names in the reader's language: "Mo-Fr 09:00-18:00; PH
 * off" reads "lun-ven 09:00-18:00; festivi chiuso". Times and order stay. */
export function useHours() {
  const t = words.manage.use();
  const lang = useLang();
  const named = (name: string): string => {
    const day = (DAYS as readonly string[]).indexOf(name);
    const month = (MONTHS as readonly string[]).indexOf(name);
    if (day >= 0) {
      return weekday(MONDAY_MS + day * DAY_MS, lang);
    }
    if (month >= 0) {
      return monthName(Date.UTC(2024, month, 15), lang);
    }
    return t(name === 'PH' ? 'hours.ph' : name === 'SH' ? 'hours.sh' : name === '24/7' ? 'hours.all' : 'hours.off');
  };
  return (hours: string): string => {
    const parsed = parseHours(hours);
    return (parsed ? formatHours(parsed) : hours).replace(NAMES, named).replace(/,(?=\d)/g, ', ');
  };
}

export function useDates() {
  const t = words.manage.use();
  const lang = useLang();
  const say = (date: string) => day(noonOf(date), lang);
  return (from: string, to: string): string => {
    if (from && to) {
      return from === to ? say(from) : t('from_to', { from: say(from), to: say(to) });
    }
    return from ? t('from', { from: say(from) }) : to ? t('to', { to: say(to) }) : NOTHING;
  };
}

/* Names by id, for columns of references. */
export type Names = ReadonlyMap<string, string>;

/* What a column shows of a row. */
export function useCell() {
  const t = words.manage.use();
  const lang = useLang();
  const dates = useDates();
  const hours = useHours();
  const kinds: Record<
    NonNullable<ColumnSpec['kind']>,
    (row: AnyRow, column: ColumnSpec, names: Names) => ComponentChildren
  > = {
    text: (row, { from }) =>
      from
        .map((name) => text(row, name))
        .filter(Boolean)
        .join(', '),
    name: (row, { from }) =>
      from
        .map((name) => text(row, name))
        .filter(Boolean)
        .join(' '),
    date: (row, { from }) => dates(text(row, from[0] ?? ''), text(row, from[0] ?? '')),
    dates: (row, { from }) => dates(text(row, from[0] ?? ''), text(row, from[1] ?? '')),
    number: (row, { from }) => (typeof row[from[0] ?? ''] === 'number' ? number(Number(row[from[0] ?? '']), lang) : ''),
    minutes: (row, { from }) =>
      typeof row[from[0] ?? ''] === 'number' ? duration(Number(row[from[0] ?? '']), lang) : '',
    choice: (row, column) => {
      const found = column.choices?.find(({ value }) => value === row[column.from[0] ?? '']);
      return found ? t(found.label as 'yes') : '';
    },
    bool: (row, { from }) => t(row[from[0] ?? ''] ? 'yes' : 'no'),
    hours: (row, { from }) => hours(text(row, from[0] ?? '')),
    url: (row, { from }) => (
      <a href={text(row, from[0] ?? '')} rel="noreferrer">
        {text(row, from[0] ?? '')}
      </a>
    ),
    seats: (row) => {
      const waiting = Number(row['waiting'] ?? 0);
      const seats = t('seats', { seated: text(row, 'seated'), seats: text(row, 'seats') });
      return waiting > 0 ? `${seats}, ${t('wait', { n: waiting })}` : seats;
    },
    refs: (row, { from }, names) => {
      const ids = row[from[0] ?? ''];
      return Array.isArray(ids)
        ? ids
            .map((id) => names.get(String(id)) ?? '')
            .filter(Boolean)
            .join(', ')
        : '';
    },
  };
  return (row: AnyRow, column: ColumnSpec, names: Names): ComponentChildren =>
    kinds[column.kind ?? 'text'](row, column, names) || NOTHING;
}

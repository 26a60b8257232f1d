/* One value of a row, in words. */
import type { ComponentChildren } from 'preact';

import * as words from '../../lang/office.ts';
import { formatSpans, parseHours, DAYS } from '../../calendar/hours.ts';
import { day, duration, noonOf, number, useLang, weekday } from '../../src/i18n.ts';
import type { Lang } from '../../src/i18n.ts';
import { text } from './entity.ts';
import type { AnyRow, ColumnSpec } from './entity.ts';

const MONDAY_MS = Date.UTC(2024, 0, 1, 12);
const DAY_MS = 86_400_000;
const NOTHING = '–';

/* "lun-ven 09:00-18:00; sab 09:00-12:00" for hours that are a plain week; else the text as it is. */
export function hoursText(hours: string, lang: Lang): string {
  const parsed = parseHours(hours);
  if (!parsed || parsed.rest.length > 0) {
    return hours;
  }
  const name = (i: number) => weekday(MONDAY_MS + i * DAY_MS, lang);
  const groups: { from: number; to: number; spans: string }[] = [];
  DAYS.forEach((_, i) => {
    const spans = formatSpans(parsed.week[i] ?? []);
    const last = groups[groups.length - 1];
    if (last?.spans === spans) {
      last.to = i;
    } else {
      groups.push({ from: i, to: i, spans });
    }
  });
  return groups
    .filter(({ spans }) => spans)
    .map(({ from, to, spans }) => `${name(from)}${to > from ? `-${name(to)}` : ''} ${spans.replaceAll(',', ', ')}`)
    .join('; ');
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
  const kinds: Record<NonNullable<ColumnSpec['kind']>, (row: AnyRow, column: ColumnSpec, names: Names) => ComponentChildren> = {
    text: (row, { from }) => from.map((name) => text(row, name)).filter(Boolean).join(', '),
    name: (row, { from }) => from.map((name) => text(row, name)).filter(Boolean).join(' '),
    date: (row, { from }) => dates(text(row, from[0] ?? ''), text(row, from[0] ?? '')),
    dates: (row, { from }) => dates(text(row, from[0] ?? ''), text(row, from[1] ?? '')),
    number: (row, { from }) => (typeof row[from[0] ?? ''] === 'number' ? number(Number(row[from[0] ?? '']), lang) : ''),
    minutes: (row, { from }) => (typeof row[from[0] ?? ''] === 'number' ? duration(Number(row[from[0] ?? '']), lang) : ''),
    choice: (row, column) => {
      const found = column.choices?.find(({ value }) => value === row[column.from[0] ?? '']);
      return found ? t(found.label as 'yes') : '';
    },
    bool: (row, { from }) => t(row[from[0] ?? ''] ? 'yes' : 'no'),
    hours: (row, { from }) => hoursText(text(row, from[0] ?? ''), lang),
    url: (row, { from }) => <a href={text(row, from[0] ?? '')} rel="noreferrer">{text(row, from[0] ?? '')}</a>,
    seats: (row) => {
      const waiting = Number(row['waiting'] ?? 0);
      const seats = t('seats', { seated: text(row, 'seated'), seats: text(row, 'seats') });
      return waiting > 0 ? `${seats}, ${t('wait', { n: waiting })}` : seats;
    },
    refs: (row, { from }, names) => {
      const ids = row[from[0] ?? ''];
      return Array.isArray(ids) ? ids.map((id) => names.get(String(id)) ?? '').filter(Boolean).join(', ') : '';
    },
  };
  return (row: AnyRow, column: ColumnSpec, names: Names): ComponentChildren => kinds[column.kind ?? 'text'](row, column, names) || NOTHING;
}

/* Weekly hours between the `opening_hours` notation, in which they are stored, and the seven rows a
 * person edits. Only the part of the notation that a week of rows can show is read; anything else
 * gives null and the person edits the text. Rules on holidays (PH, SH) are kept as they are.
 *
 * Source: openstreetmap wiki, Key:opening_hours/specification. A later rule replaces an earlier one
 * on the days it names. */
export interface Span {
  /* "HH:MM"; "24:00" is the end of the day. */
  from: string;
  to: string;
}
/* Monday first. */
export type Week = Span[][];
export interface Hours {
  week: Week;
  /* Rules that the rows don't show, "PH off". */
  rest: string[];
}

export const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'] as const;
const DAY = '(?:Mo|Tu|We|Th|Fr|Sa|Su)';
const SPAN = '\\d{2}:\\d{2}-\\d{2}:\\d{2}';
const RULE = new RegExp(
  `^(?:(${DAY}(?:-${DAY})?(?:,\\s*${DAY}(?:-${DAY})?)*)\\s*)?(${SPAN}(?:,\\s*${SPAN})*|off|closed|24/7)?$`,
);
const HOLIDAY = /^(PH|SH)\b/;

const indexOf = (day: string): number => DAYS.indexOf(day as (typeof DAYS)[number]);

function daysOf(text: string | undefined): number[] {
  if (!text) {
    return DAYS.map((_, i) => i);
  }
  return text.split(/,\s*/).flatMap((part) => {
    const [first = '', last = first] = part.split('-');
    const from = indexOf(first);
    const count = ((indexOf(last) - from + DAYS.length) % DAYS.length) + 1;
    return Array.from({ length: count }, (_, i) => (from + i) % DAYS.length);
  });
}

function spansOf(text: string | undefined): Span[] {
  if (text === undefined || text === '24/7') {
    return [{ from: '00:00', to: '24:00' }];
  }
  if (text === 'off' || text === 'closed') {
    return [];
  }
  return text.split(/,\s*/).map((span) => ({ from: span.slice(0, 5), to: span.slice(6) }));
}

export function parseHours(text: string): Hours | null {
  const hours: Hours = { week: DAYS.map(() => []), rest: [] };
  for (const rule of text
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean)) {
    const parts = RULE.exec(rule);
    if (HOLIDAY.test(rule)) {
      hours.rest.push(rule);
    } else if (parts) {
      const spans = spansOf(parts[2]);
      if (spans.some(({ from, to }) => from >= to)) {
        return null; /* past midnight: rows can't show it */
      }
      daysOf(parts[1]).forEach((day) => {
        hours.week[day] = spans.map((span) => ({ ...span }));
      });
    } else {
      return null;
    }
  }
  return hours;
}

export const formatSpans = (spans: readonly Span[]): string => spans.map(({ from, to }) => `${from}-${to}`).join(',');

/* Days of equal hours share a rule: "Mo-Th 09:00-13:00; Fr 09:00-12:00". Closed all week: "off". */
export function formatHours({ week, rest }: Hours): string {
  const rules: string[] = [];
  for (let first = 0; first < DAYS.length;) {
    const text = formatSpans(week[first] ?? []);
    let last = first;
    while (last + 1 < DAYS.length && formatSpans(week[last + 1] ?? []) === text) {
      last += 1;
    }
    if (text) {
      rules.push(`${DAYS[first] ?? ''}${last > first ? `-${DAYS[last] ?? ''}` : ''} ${text}`);
    }
    first = last + 1;
  }
  return [...(rules.length > 0 ? rules : ['off']), ...rest].join('; ');
}

export type SpanFault = 'incomplete' | 'reversed' | 'overlap';

/* What is wrong with a day's spans, or null. */
export function spanFault(spans: readonly Span[]): SpanFault | null {
  if (spans.some(({ from, to }) => !from || !to)) {
    return 'incomplete';
  }
  if (spans.some(({ from, to }) => from >= to)) {
    return 'reversed';
  }
  const sorted = [...spans].sort((a, b) => a.from.localeCompare(b.from));
  return sorted.some((span, i) => i > 0 && span.from < (sorted[i - 1]?.to ?? '')) ? 'overlap' : null;
}

const minutesOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

export function weekMinutes(week: Week): number {
  return week.flat().reduce((sum, { from, to }) => sum + Math.max(0, minutesOf(to) - minutesOf(from)), 0);
}

/* A new span for a day: the usual morning, then the usual afternoon, then an hour after the last. */
export function nextSpan(spans: readonly Span[]): Span {
  const last = spans[spans.length - 1];
  if (!last) {
    return { from: '09:00', to: '13:00' };
  }
  return last.to <= '14:00' ? { from: '14:00', to: '18:00' } : { from: '', to: '' };
}

/* "9" is 09:00, "930" and "9.30" are 09:30, "24" is the end of the day; null is no time. */
export function readTime(text: string): string | null {
  const parts = /^(\d{1,2})(?:[:.,h ]?(\d{2}))?$/.exec(text.trim());
  const hour = Number(parts?.[1]);
  const minute = Number(parts?.[2] ?? 0);
  if (!parts || minute > 59 || hour * 60 + minute > 24 * 60) {
    return null;
  }
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

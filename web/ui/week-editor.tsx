/* A week of hours as seven rows, each with its time spans. Used for trainers' availability and for
 * everything else that has weekly hours. Needs the `availability` words loaded by the page. */
import '../style/availability.scss';

import * as words from '../lang/more.ts';
import { nextSpan, spanFault } from '../calendar/hours.ts';
import type { Span, Week } from '../calendar/hours.ts';
import { longWeekday, noonOf, useLang } from '../src/i18n.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { TimeInput } from './time-input.tsx';

const MONDAY = '2024-01-01'; /* a Monday, to name the days by Intl */
const WORKING_DAYS = 5;

export function useDayNames(): string[] {
  const lang = useLang();
  const monday = noonOf(MONDAY).getTime();
  return Array.from({ length: 7 }, (_, i) => longWeekday(monday + i * 86_400_000, lang));
}

export const weekIsSound = (week: Week): boolean => week.every((spans) => spanFault(spans) === null);

interface SpansProps {
  /* What the spans belong to, for screen readers. */
  name: string;
  spans: Span[];
  onSpans: (spans: Span[]) => void;
}

export function SpansEditor({ name, spans, onSpans }: SpansProps) {
  const t = words.availability.use();
  const fault = spanFault(spans);
  const change = (index: number, values: Partial<Span>) =>
    onSpans(spans.map((span, i) => (i === index ? { ...span, ...values } : span)));
  return (
    <div class="spans">
      {spans.map((span, i) => (
        <div class="span" key={i}>
          <TimeInput
            label={t('span.from', { day: name, n: i + 1 })}
            invalid={fault !== null}
            value={span.from}
            onValue={(from) => change(i, { from })}
          />
          <span aria-hidden="true">-</span>
          <TimeInput
            label={t('span.to', { day: name, n: i + 1 })}
            invalid={fault !== null}
            value={span.to}
            onValue={(to) => change(i, { to })}
          />
          <Button
            look="plain"
            icon="delete"
            label={t('span.remove', { n: i + 1, day: name })}
            onPress={() => onSpans(spans.filter((_, j) => j !== i))}
          />
        </div>
      ))}
      {fault && (
        <p class="error" role="alert">
          <Icon name="error" /> {t(`fault.${fault}`)}
        </p>
      )}
    </div>
  );
}

export function WeekEditor({ week, onWeek }: { week: Week; onWeek: (week: Week) => void }) {
  const t = words.availability.use();
  const names = useDayNames();
  const set = (day: number, spans: Span[]) => onWeek(week.map((old, i) => (i === day ? spans : old)));
  const copy = (day: number) =>
    onWeek(week.map((old, i) => (i < WORKING_DAYS ? (week[day] ?? []).map((span) => ({ ...span })) : old)));
  return (
    <ul class="week">
      {week.map((spans, day) => {
        const name = names[day] ?? '';
        return (
          <li key={name} class="week-day">
            <h3>{name}</h3>
            <div>
              {spans.length === 0 && <p class="muted week-off">{t('day.none')}</p>}
              <SpansEditor name={name} spans={spans} onSpans={(next) => set(day, next)} />
            </div>
            <div class="actions">
              <Button
                look="plain"
                icon="plus-circle"
                label={t('day.add.label', { day: name })}
                onPress={() => set(day, [...spans, nextSpan(spans)])}
              />
              <Button
                look="plain"
                icon="copy"
                label={t('day.copy.label', { day: name })}
                disabled={spans.length === 0}
                onPress={() => copy(day)}
              />
            </div>
          </li>
        );
      })}
    </ul>
  );
}

/* One session in a list: date block, title, time and place, state; actions in a slot. In-person
 * times are the place's; an online one says whose time it is. */
import type { ComponentChildren } from 'preact';

import * as words from '../lang/index.ts';
import { dayNumber, monthName, useLang, weekday, when } from '../src/i18n.ts';
import type { Instant, Lang } from '../src/i18n.ts';
import type { Published } from '../src/wire.ts';
import { Chip, ModalityChip } from './chip.tsx';
import { Icon } from './icon.tsx';

/* Check-in opens this long before the start. */
const EARLY_MS = 30 * 60_000;

export const isNow = (session: Published, now: number): boolean =>
  session.state === 'confirmed' && now >= Date.parse(session.starts_at) - EARLY_MS && now <= Date.parse(session.ends_at);
export const isPast = (session: Published, now: number): boolean => now > Date.parse(session.ends_at);

export const byStart = (a: Published, b: Published): number => Date.parse(a.starts_at) - Date.parse(b.starts_at);

/* "gio 12 nov 2026, 14:30-18:30", with whose time it is where people are elsewhere. */
export function sessionWhen(session: Published, lang: Lang, italianTime: string): string {
  const text = when(session.starts_at, session.ends_at, lang);
  return session.modality === 'presence' ? text : `${text} (${italianTime})`;
}

export const sessionPlace = (session: Published): string =>
  [session.room_name, session.venue_name, session.venue_address, session.virtual_room_name].filter(Boolean).join(', ');

export function DateBlock({ at, lang }: { at: Instant; lang: Lang }) {
  return (
    <div class="date-block" aria-hidden="true">
      <span>{weekday(at, lang)}</span>
      <b>{dayNumber(at, lang)}</b>
      <span>{monthName(at, lang)}</span>
    </div>
  );
}

interface SessionItemProps {
  session: Published;
  now: number;
  /* Further lines: minutes attended, who teaches. */
  children?: ComponentChildren;
  actions?: ComponentChildren;
}

export function SessionItem({ session, now, children, actions }: SessionItemProps) {
  const t = words.shell.use();
  const lang = useLang();
  const cancelled = session.state === 'cancelled';
  const place = sessionPlace(session);
  const look = cancelled ? 'session-cancelled' : isNow(session, now) ? 'session-now' : '';
  return (
    <li class={`session ${look}`}>
      <DateBlock at={session.starts_at} lang={lang} />
      <div class="session-body">
        <h3>{session.title}</h3>
        <p class="session-when">{sessionWhen(session, lang, t('italian_time'))}</p>
        {place && <p><Icon name={session.modality === 'remote' ? 'video' : 'map-marker'} /> {place}</p>}
        <p class="muted">{session.edition_title}</p>
        {children}
        <div class="session-tags">
          {cancelled && <Chip look="danger" icon="close">{t('state.cancelled')}</Chip>}
          <Chip>{t(`kind.${session.course_kind}`)}</Chip>
          <ModalityChip modality={session.modality} />
        </div>
      </div>
      {actions && <div class="actions session-actions">{actions}</div>}
    </li>
  );
}

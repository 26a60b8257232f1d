/* What I attend: now, next, past. */
import * as words from '../../lang/more.ts';
import { me as meApi, now } from '../../src/api.ts';
import { civilDay, duration, useLang } from '../../src/i18n.ts';
import type { Published } from '../../src/wire.ts';
import { AddCalendar } from '../../ui/add-calendar.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Empty, Loaded, useLoad } from '../../ui/load.tsx';
import { PageHead } from '../../ui/page.tsx';
import { SessionItem, byStart, isNow, isPast } from '../../ui/session-item.tsx';

const DAY_MS = 86_400_000;
const BACK_DAYS = 180;
const AHEAD_DAYS = 400;

/* The window of days a person's own lists show. */
export const ownWindow = (): [string, string] => [
  civilDay(now() - BACK_DAYS * DAY_MS),
  civilDay(now() + AHEAD_DAYS * DAY_MS),
];

export default function MySessions() {
  const t = words.sessions.use();
  const loading = useLoad((signal) => meApi.sessions(...ownWindow(), signal));
  return (
    <>
      <PageHead title={t('title')} lead={t('lead')} actions={<AddCalendar kind="participant" />} />
      <Loaded from={loading}>
        {({ items }) => <Lists sessions={items.filter((session) => session.as !== 'trainer').sort(byStart)} />}
      </Loaded>
    </>
  );
}

function Lists({ sessions }: { sessions: Published[] }) {
  const t = words.sessions.use();
  const instant = now();
  const running = sessions.filter((session) => isNow(session, instant));
  const past = sessions.filter((session) => isPast(session, instant)).reverse();
  const coming = sessions.filter((session) => !isPast(session, instant) && !running.includes(session));
  if (sessions.length === 0) {
    return (
      <Empty icon="calendar" title={t('none')}>
        <p>{t('none.text')}</p>
      </Empty>
    );
  }
  return (
    <>
      {running.length > 0 && <List title={t('now')} sessions={running} instant={instant} />}
      {coming.length > 0 && <List title={t('next')} sessions={coming} instant={instant} />}
      {past.length > 0 && <List title={t('past')} sessions={past} instant={instant} />}
    </>
  );
}

function List({ title, sessions, instant }: { title: string; sessions: Published[]; instant: number }) {
  return (
    <section class="section">
      <h2>{title}</h2>
      <ul>
        {sessions.map((session) => (
          <Item key={session.session} session={session} instant={instant} />
        ))}
      </ul>
    </section>
  );
}

function Item({ session, instant }: { session: Published; instant: number }) {
  const t = words.sessions.use();
  const lang = useLang();
  const running = isNow(session, instant);
  const open = session.state === 'confirmed' && !isPast(session, instant);
  const id = encodeURIComponent(session.session);
  const minutes = session.my_minutes ?? 0;
  const attended =
    minutes > 0
      ? t('minutes', { time: duration(minutes, lang), planned: duration(session.length_minutes, lang) })
      : t(session.checked_in ? 'checked_in' : 'no_minutes');
  const actions = open && running && (
    <>
      {!session.checked_in && (
        <LinkButton href={`/check-in?for=${id}`} icon="check-circle">
          {t('check_in')}
        </LinkButton>
      )}
      {session.modality !== 'presence' && (
        <LinkButton href={`/join/${id}`} look="outline" icon="video">
          {t('join')}
        </LinkButton>
      )}
    </>
  );
  return (
    <SessionItem session={session} now={instant} actions={actions || undefined}>
      {session.trainers.length > 0 && (
        <p class="muted">{t('with', { names: session.trainers.map(({ name }) => name).join(', ') })}</p>
      )}
      {running && session.checked_in && (
        <Chip look="success" icon="check">
          {t('checked_in')}
        </Chip>
      )}
      {open && (
        <p>
          <a class="quiet-link" href={`/sessions/${id}.ics`} download aria-label={`${t('download')}: ${session.title}`}>
            {t('download')}
          </a>
        </p>
      )}
      {isPast(session, instant) && session.state === 'confirmed' && <p>{attended}</p>}
    </SessionItem>
  );
}

/* What I lead: today's live board first, then what comes, then what was. */
import * as words from '../../lang/more.ts';
import { me as meApi, now } from '../../src/api.ts';
import { civilDay, duration, useLang } from '../../src/i18n.ts';
import type { Published } from '../../src/wire.ts';
import { AddCalendar } from '../../ui/add-calendar.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Empty, Loaded, useLoad } from '../../ui/load.tsx';
import { PageHead } from '../../ui/page.tsx';
import { SessionItem, byStart, isNow, isPast } from '../../ui/session-item.tsx';
import { ownWindow } from '../participant/my-sessions.tsx';

const MONTH_CHARACTERS = 'YYYY-MM'.length;

/* Minutes of the sessions of this month that are not cancelled. */
function monthMinutes(sessions: Published[]): number {
  const month = civilDay(now()).slice(0, MONTH_CHARACTERS);
  return sessions
    .filter((session) => session.state === 'confirmed' && session.date.startsWith(month))
    .reduce((sum, session) => sum + session.length_minutes, 0);
}

export default function Teaching() {
  const t = words.sessions.use();
  const loading = useLoad((signal) => meApi.sessions(...ownWindow(), signal));
  return (
    <>
      <PageHead title={t('teaching.title')} lead={t('teaching.lead')} actions={<AddCalendar kind="trainer" />} />
      <Loaded from={loading}>
        {({ items }) => <Lists sessions={items.filter((session) => session.as === 'trainer').sort(byStart)} />}
      </Loaded>
    </>
  );
}

function Lists({ sessions }: { sessions: Published[] }) {
  const t = words.sessions.use();
  const lang = useLang();
  const instant = now();
  if (sessions.length === 0) {
    return (
      <Empty icon="presentation" title={t('teaching.none')}>
        <p>{t('teaching.none.text')}</p>
      </Empty>
    );
  }
  const groups = [
    { title: t('now'), sessions: sessions.filter((session) => isNow(session, instant)) },
    { title: t('next'), sessions: sessions.filter((session) => !isNow(session, instant) && !isPast(session, instant)) },
    { title: t('past'), sessions: sessions.filter((session) => isPast(session, instant)).reverse() },
  ].filter((group) => group.sessions.length > 0);
  return (
    <>
      <p>{t('teaching.hours', { time: duration(monthMinutes(sessions), lang) })}</p>
      {groups.map((group) => (
        <section key={group.title} class="section">
          <h2>{group.title}</h2>
          <ul>
            {group.sessions.map((session) => (
              <SessionItem
                key={session.session}
                session={session}
                now={instant}
                actions={<Actions session={session} instant={instant} />}
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Actions({ session, instant }: { session: Published; instant: number }) {
  const t = words.sessions.use();
  const live = `/live/${encodeURIComponent(session.session)}`;
  if (session.state === 'cancelled') {
    return null;
  }
  return isNow(session, instant) ? (
    <>
      <LinkButton href={live} icon="presentation">
        {t('live')}
      </LinkButton>
      <LinkButton href={`/projector/${encodeURIComponent(session.session)}`} look="outline" icon="fullscreen">
        {t('projector')}
      </LinkButton>
    </>
  ) : (
    <LinkButton href={live} look="plain" icon="list">
      {t('roster')}
    </LinkButton>
  );
}

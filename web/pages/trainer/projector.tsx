/* The projector's screen: a QR code and a typed code that a whole hall can read, and how many have
 * arrived. Keeps the screen awake while it is shown. */
import '../../style/live.scss';

import { useEffect, useState } from 'preact/hooks';

import * as words from '../../lang/more.ts';
import { useLang } from '../../src/i18n.ts';
import { watch } from '../../src/live.ts';
import type { PageProps } from '../../src/router.ts';
import { sessions } from '../../src/session-api.ts';
import type { LiveCounts, LiveDelta, LiveSession, Published } from '../../src/wire.ts';
import { Icon } from '../../ui/icon.tsx';
import { sessionWhen } from '../../ui/session-item.tsx';
import { CodeQr, CodeText, useCode, useSecondsLeft } from './code.tsx';
import { here } from './roster.ts';

function useAwake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    const hold = () => {
      if (document.visibilityState === 'visible' && 'wakeLock' in navigator) {
        navigator.wakeLock.request('screen').then(
          (held) => {
            lock = held;
          },
          () => undefined,
        );
      }
    };
    hold();
    document.addEventListener('visibilitychange', hold);
    return () => {
      document.removeEventListener('visibilitychange', hold);
      void lock?.release();
    };
  }, []);
}

function useCounts(session: string): LiveCounts | null {
  const [counts, setCounts] = useState<LiveCounts | null>(null);
  useEffect(
    () =>
      watch<LiveSession, LiveDelta>('session', session, {
        snapshot: (data) => setCounts(data.counts),
        delta: (data) => setCounts(data.counts),
      }),
    [session],
  );
  return counts;
}

export default function Projector({ params }: PageProps) {
  const id = params['session'] ?? '';
  const t = words.live.use();
  const shell = words.shell.use();
  const lang = useLang();
  const [session, setSession] = useState<Published | null>(null);
  const { shown, problem } = useCode(id);
  const left = useSecondsLeft(shown?.linkUntil);
  const counts = useCounts(id);
  useAwake();
  useEffect(() => {
    sessions.published(id).then(setSession, () => undefined);
  }, [id]);
  useEffect(() => {
    document.title = shell('title', { page: t('projector'), alliance: session?.title ?? shell('app.name') });
  }, [session, lang]);
  return (
    <main id="content" class="projector">
      <header>
        <div>
          <h1 tabIndex={-1}>{session?.title ?? t('projector')}</h1>
          {session && <p>{sessionWhen(session, lang, shell('italian_time'))}</p>}
        </div>
        <a class="btn btn-plain" href={`/live/${encodeURIComponent(id)}`} aria-label={t('back')} title={t('back')}>
          <Icon name="close" />
        </a>
      </header>
      {shown ? (
        <div class="projector-code">
          <CodeQr link={shown.link} />
          <div>
            <p class="projector-how">{t('code.where', { address: `${location.host}/check-in` })}</p>
            <CodeText code={shown.code} />
            <p class={shown.stale ? 'projector-stale' : 'projector-left'}>
              {shown.stale ? t('code.stale') : t.n('code.left', left)}
            </p>
            {counts && (
              <p class="projector-count" role="status">
                <strong>{t.n('present', here(counts))}</strong>
              </p>
            )}
          </div>
        </div>
      ) : (
        <p class="projector-how" role="status">
          {problem ? t('code.none') : shell('loading')}
        </p>
      )}
    </main>
  );
}

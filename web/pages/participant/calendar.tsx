/* My connected calendars: who reads them, a new link, an end to it. */
import { useState } from 'preact/hooks';

import * as words from '../../lang/more.ts';
import { asProblem } from '../../src/api.ts';
import { moment, useLang } from '../../src/i18n.ts';
import { own } from '../../src/own-api.ts';
import { hasRole, useSession } from '../../src/session.ts';
import type { Feed } from '../../src/wire.ts';
import { AddCalendar, CalendarLinks } from '../../ui/add-calendar.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { Empty, Loaded, useLoad } from '../../ui/load.tsx';
import { PageHead } from '../../ui/page.tsx';
import { useSentence } from '../../ui/problem.ts';
import { toast } from '../../ui/toast.tsx';

type Asked = { what: 'show' | 'reissue' | 'revoke'; feed: Feed } | null;

export default function Calendar() {
  const t = words.sessions.use();
  const { me } = useSession();
  const kind = hasRole(me, 'participant') ? 'participant' : 'trainer';
  const loading = useLoad(() => own.feeds());
  const [asked, setAsked] = useState<Asked>(null);
  return (
    <>
      <PageHead title={t('calendar.title')} lead={t('calendar.lead')} />
      <Loaded from={loading}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="calendar" title={t('calendar.none')}>
              <p>{t('calendar.none.text')}</p>
              <AddCalendar kind={kind} look="primary" />
            </Empty>
          ) : (
            <ul>
              {items.map((feed) => (
                <Item key={feed.id} feed={feed} onAsk={(what) => setAsked({ what, feed })} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {asked && (
        <Asking
          asked={asked}
          onDone={() => {
            setAsked(null);
            loading.reload();
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

function Item({ feed, onAsk }: { feed: Feed; onAsk: (what: 'show' | 'reissue' | 'revoke') => void }) {
  const t = words.sessions.use();
  const lang = useLang();
  return (
    <li class="panel">
      <h2>{t.maybe(`kind.${feed.kind}`, { name: feed.subject_name ?? '' }) ?? feed.subject_name}</h2>
      <p class="muted">
        {t('calendar.created', { when: moment(feed.created_at, lang) })}
        <br />
        {feed.last_used_at ? t('calendar.used', { when: moment(feed.last_used_at, lang) }) : t('calendar.unused')}
      </p>
      <div class="actions">
        <Button look="outline" onPress={() => onAsk('show')}>
          {t('calendar.show')}
        </Button>
        <Button look="plain" icon="refresh" onPress={() => onAsk('reissue')}>
          {t('calendar.reissue')}
        </Button>
        <Button look="danger" onPress={() => onAsk('revoke')}>
          {t('calendar.revoke')}
        </Button>
      </div>
    </li>
  );
}

function Asking({ asked, onDone, onClose }: { asked: NonNullable<Asked>; onDone: () => void; onClose: () => void }) {
  const t = words.sessions.use();
  const sentence = useSentence();
  const [busy, setBusy] = useState(false);
  const run = async (work: () => Promise<unknown>, said: string) => {
    setBusy(true);
    try {
      await work();
      toast({ text: said });
      onDone();
    } catch (failure) {
      toast({ text: sentence(asProblem(failure)), look: 'danger' });
      setBusy(false);
    }
  };
  const { feed, what } = asked;
  if (what === 'show') {
    return (
      <Dialog title={t('add')} onClose={onClose}>
        <CalendarLinks feed={feed} />
      </Dialog>
    );
  }
  return what === 'reissue' ? (
    <Confirm
      title={t('calendar.reissue')}
      text={t('calendar.reissue.text')}
      verb={t('calendar.reissue')}
      busy={busy}
      onConfirm={() => void run(() => own.reissueFeed(feed.id), t('calendar.reissued'))}
      onClose={onClose}
    />
  ) : (
    <Confirm
      title={t('calendar.revoke.title')}
      text={t('calendar.revoke.text')}
      verb={t('calendar.revoke')}
      busy={busy}
      onConfirm={() => void run(() => own.removeFeed(feed.id), t('calendar.revoked'))}
      onClose={onClose}
    />
  );
}

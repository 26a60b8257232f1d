/* "Aggiungi al mio calendario": one link that calendars read, with a button for each of them. The
 * link is made when the dialog is first opened and found again afterwards. */
import { useEffect, useState } from 'preact/hooks';

import * as words from '../lang/more.ts';
import { asProblem } from '../src/api.ts';
import type { Problem } from '../src/api.ts';
import { own } from '../src/own-api.ts';
import type { Feed } from '../src/wire.ts';
import { Button, LinkButton } from './button.tsx';
import { CopyField } from './copy.tsx';
import { Dialog } from './dialog.tsx';
import { Notice } from './field.tsx';
import { Failure, Skeleton } from './load.tsx';
import { Qr } from './qr.tsx';

export const googleLink = (feed: Feed): string =>
  `https://calendar.google.com/calendar/r?cid=${encodeURIComponent(feed.webcal_url)}`;
export const outlookLink = (feed: Feed, name: string): string =>
  `https://outlook.live.com/calendar/0/addfromweb?url=${encodeURIComponent(feed.url)}&name=${encodeURIComponent(name)}`;

async function findOrMake(kind: string, subject?: string): Promise<Feed> {
  const { items } = await own.feeds();
  const found = items.find((feed) => feed.kind === kind && (!subject || feed.subject === subject));
  return found ?? own.addFeed(kind, subject);
}

interface AddCalendarProps {
  /* participant, trainer, room, edition, organisation */
  kind: string;
  /* Whose, for kinds that are not one's own. */
  subject?: string;
  onClose: () => void;
}

/* Needs the `sessions` words loaded by the page. */
export function AddCalendarDialog({ kind, subject, onClose }: AddCalendarProps) {
  const t = words.sessions.use();
  const [feed, setFeed] = useState<Feed | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = () => {
    setProblem(null);
    findOrMake(kind, subject).then(setFeed, (failure: unknown) => setProblem(asProblem(failure)));
  };
  useEffect(load, []);
  return (
    <Dialog title={t('add')} onClose={onClose}>
      {problem && <Failure problem={problem} retry={load} />}
      {!feed && !problem && <Skeleton rows={3} />}
      {feed && (
        <>
          <CalendarLinks feed={feed} />
          <LinkButton look="plain" icon="settings" href="/calendar">
            {t('add.manage')}
          </LinkButton>
        </>
      )}
    </Dialog>
  );
}

export function CalendarLinks({ feed }: { feed: Feed }) {
  const t = words.sessions.use();
  const shell = words.shell.use();
  return (
    <>
      <p>{t('add.lead')}</p>
      <div class="calendar-ways">
        <LinkButton look="outline" icon="calendar" href={googleLink(feed)} newTab>
          {t('add.google')}
        </LinkButton>
        <LinkButton look="outline" icon="calendar" href={feed.webcal_url}>
          {t('add.apple')}
        </LinkButton>
        <LinkButton look="outline" icon="calendar" href={outlookLink(feed, shell('app.name'))} newTab>
          {t('add.outlook')}
        </LinkButton>
      </div>
      <CopyField label={t('add.link')} value={feed.url} />
      <div class="calendar-qr">
        <Qr text={feed.webcal_url} label={t('add.qr.label')} />
        <div>
          <p>
            <strong>{t('add.qr')}</strong>
          </p>
          <p class="muted">{t('add.private')}</p>
        </div>
      </div>
      <Notice look="info">
        <p>{t('add.honest')}</p>
      </Notice>
    </>
  );
}

/* The button and its dialog. */
export function AddCalendar({
  kind,
  subject,
  look = 'outline',
}: {
  kind: string;
  subject?: string;
  look?: 'primary' | 'outline';
}) {
  const t = words.sessions.use();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look={look} icon="calendar" onPress={() => setOpen(true)}>
        {t('add')}
      </Button>
      {open && <AddCalendarDialog kind={kind} {...(subject ? { subject } : {})} onClose={() => setOpen(false)} />}
    </>
  );
}

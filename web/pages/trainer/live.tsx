/* The live board of a session: how many are here, who is missing, one press to mark and one to
 * take it back. Rows come by websocket; without one the first picture and a reload still work. */
import '../../style/live.scss';

import { useEffect, useState } from 'preact/hooks';

import * as words from '../../lang/more.ts';
import { asProblem, now } from '../../src/api.ts';
import type { Problem } from '../../src/api.ts';
import { duration, number, time, useLang } from '../../src/i18n.ts';
import { watch } from '../../src/live.ts';
import type { LiveState } from '../../src/live.ts';
import type { PageProps } from '../../src/router.ts';
import { sessions } from '../../src/session-api.ts';
import { hasRole, useSession } from '../../src/session.ts';
import { uuid } from '../../src/uuid.ts';
import type { LiveDelta, LivePerson, LiveSession, Mark, Published } from '../../src/wire.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Chip, StateChip } from '../../ui/chip.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice, SelectField, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Empty, Failure, Skeleton } from '../../ui/load.tsx';
import { PageHead } from '../../ui/page.tsx';
import { useSentence } from '../../ui/problem.ts';
import { sessionPlace, sessionWhen } from '../../ui/session-item.tsx';
import { toast } from '../../ui/toast.tsx';
import { CodeQr, CodeText, useCode } from './code.tsx';
import { applied, here, isHere, minutesAt, nextMark, shownPeople, stretches } from './roster.ts';
import type { Show } from './roster.ts';

const TICK_MS = 30_000;

interface Board {
  board: LiveSession | null;
  problem: Problem | null;
  state: LiveState;
  reload: () => void;
}

/* The first picture by HTTP, whichever comes first, then the channel's. */
function useBoard(session: string): Board {
  const [board, setBoard] = useState<LiveSession | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [state, setState] = useState<LiveState>('connecting');
  const reload = () => {
    sessions.live(session).then(
      (first) => {
        setProblem(null);
        setBoard((held) => held ?? first);
      },
      (failure: unknown) => setProblem(asProblem(failure)),
    );
  };
  useEffect(() => {
    reload();
    return watch<LiveSession, LiveDelta>('session', session, {
      snapshot: (data) => {
        setProblem(null);
        setBoard(data);
      },
      delta: (data) => setBoard((held) => held && applied(held, data)),
      state: setState,
    });
  }, [session]);
  return { board, problem, state, reload };
}

type Marking = (person: LivePerson, kind: Mark['kind']) => Promise<void>;

/* Sends a mark; the toast offers to take it back. The row itself changes by the channel. */
function useMark(session: string): Marking {
  const t = words.live.use();
  const shell = words.shell.use();
  const sentence = useSentence();
  const mark: Marking = async (person, kind) => {
    try {
      await sessions.mark(session, { nonce: uuid(), people: [person.person], kind });
      toast({
        text: t(`marked.${kind}`, { name: person.name }),
        ...(kind === 'undo' ? {} : { action: { label: shell('undo'), run: () => void mark(person, 'undo') } }),
      });
    } catch (failure) {
      toast({ text: sentence(asProblem(failure)), look: 'danger' });
    }
  };
  return mark;
}

export default function Live({ params }: PageProps) {
  const id = params['session'] ?? '';
  const { board, problem, state, reload } = useBoard(id);
  const { me } = useSession();
  const mark = useMark(id);
  const marks = hasRole(me, 'trainer', 'coordinator');
  if (!board) {
    return problem ? <Failure problem={problem} retry={reload} /> : <Skeleton rows={5} />;
  }
  return (
    <>
      <Head session={board.session} state={state} marks={marks} />
      <div class="live-top">
        <Counter board={board} />
        {marks && <CodePanel session={id} />}
      </div>
      <Roster board={board} mark={marks ? mark : null} />
    </>
  );
}

const STATE_LOOK = { connecting: 'neutral', live: 'success', lost: 'warning' } as const;

function Head({ session, state, marks }: { session: Published; state: LiveState; marks: boolean }) {
  const t = words.live.use();
  const shell = words.shell.use();
  const lang = useLang();
  return (
    <PageHead
      title={t('title', { title: session.title })}
      lead={
        <>
          {sessionWhen(session, lang, shell('italian_time'))}
          <br />
          {sessionPlace(session)}
        </>
      }
      actions={
        <>
          <span role="status">
            <Chip look={STATE_LOOK[state]} icon={state === 'live' ? 'wifi' : 'refresh'}>
              {t(`state.${state}`)}
            </Chip>
          </span>
          {marks && (
            <LinkButton href={`/projector/${encodeURIComponent(session.session)}`} icon="fullscreen">
              {t('projector')}
            </LinkButton>
          )}
        </>
      }
    />
  );
}

const COUNTED = ['expected', 'late', 'left', 'excused', 'absent'] as const;

function Counter({ board }: { board: LiveSession }) {
  const t = words.live.use();
  const lang = useLang();
  const { counts, people } = board;
  return (
    <section class="counter" aria-label={t('counts')}>
      <p role="status">
        <b>{number(here(counts), lang)}</b>{' '}
        <span>{t.n('here', here(counts), { total: number(people.length, lang) })}</span>
      </p>
      <dl>
        {COUNTED.map((name) => (
          <div key={name}>
            <dt>{t(`count.${name}`)}</dt>
            <dd>{number(counts[name], lang)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function CodePanel({ session }: { session: string }) {
  const t = words.live.use();
  const { shown, problem } = useCode(session);
  return (
    <section class="code-panel">
      <div>
        <h2>{t('code')}</h2>
        {shown && <CodeText code={shown.code} />}
        {shown?.stale && <p>{t('code.stale')}</p>}
        {!shown && problem && <p class="muted">{t('code.none')}</p>}
      </div>
      {shown && <CodeQr link={shown.link} />}
    </section>
  );
}

/* Draws again now and then, so that open presences grow on the screen. */
function useTick(ms: number): void {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), ms);
    return () => clearInterval(timer);
  }, []);
}

function Roster({ board, mark }: { board: LiveSession; mark: Marking | null }) {
  const t = words.live.use();
  useTick(TICK_MS);
  const lang = useLang();
  const [show, setShow] = useState<Show>('all');
  const [sought, setSought] = useState('');
  const [opened, setOpened] = useState<string | null>(null);
  const people = shownPeople(board.people, show, sought, lang);
  const detail = board.people.find((person) => person.person === opened);
  if (board.people.length === 0) {
    return (
      <Empty icon="user" title={t('empty')}>
        <p>{t('empty.text')}</p>
      </Empty>
    );
  }
  return (
    <section class="section">
      <h2>{t('roster')}</h2>
      {!mark && <Notice look="info">{t('read_only')}</Notice>}
      <div class="roster-tools">
        <TextField
          label={t('search')}
          value={sought}
          onValue={setSought}
          optional={false}
          input={{ type: 'search', autocomplete: 'off' }}
        />
        <SelectField
          label={t('show')}
          value={show}
          onValue={(value) => setShow(value as Show)}
          options={(['all', 'missing', 'here'] as const).map((value) => ({ value, label: t(`show.${value}`) }))}
        />
      </div>
      <div role="status">{people.length === 0 && <p class="muted">{t('nobody')}</p>}</div>
      <ul class="roster">
        {people.map((person) => (
          <PersonRow
            key={person.person}
            person={person}
            session={board.session}
            mark={mark}
            onOpen={() => setOpened(person.person)}
          />
        ))}
      </ul>
      {detail && <Details person={detail} mark={mark} onClose={() => setOpened(null)} />}
    </section>
  );
}

interface PersonRowProps {
  person: LivePerson;
  session: Published;
  mark: Marking | null;
  onOpen: () => void;
}

function PersonRow({ person, session, mark, onOpen }: PersonRowProps) {
  const t = words.live.use();
  const lang = useLang();
  const [busy, setBusy] = useState(false);
  const kind = nextMark(person.state);
  const minutes = minutesAt(person, Date.parse(session.starts_at), Date.parse(session.ends_at), now());
  const since = isHere(person.state) ? person.since : null;
  const press = async () => {
    setBusy(true);
    await mark?.(person, kind);
    setBusy(false);
  };
  return (
    <li class="roster-row">
      <div class="roster-who">
        <h3>{person.name}</h3>
        <p class="muted">
          {since && t('since', { time: time(since, lang) })}
          {minutes > 0 && (
            <>
              {since && ' · '}
              {t('minutes', { time: duration(minutes, lang) })}
            </>
          )}
        </p>
        <PresenceBar person={person} session={session} minutes={minutes} />
      </div>
      <StateChip state={person.state} />
      <div class="actions">
        {mark && (
          <Button look={kind === 'in' ? 'outline' : 'plain'} busy={busy} onPress={() => void press()}>
            {t(`mark.${kind}`)}
          </Button>
        )}
        <Button look="plain" icon="more-items" label={t('more', { name: person.name })} onPress={onOpen} />
      </div>
    </li>
  );
}

/* The session as a line, presence filled in. The numbers beside it say the same. */
function PresenceBar({ person, session, minutes }: { person: LivePerson; session: Published; minutes: number }) {
  const t = words.live.use();
  const lang = useLang();
  const parts = stretches(person.intervals, Date.parse(session.starts_at), Date.parse(session.ends_at), now());
  return (
    <svg
      class="presence-bar"
      viewBox="0 0 100 4"
      preserveAspectRatio="none"
      role="img"
      aria-label={t('bar', { name: person.name, time: duration(minutes, lang) })}
    >
      <rect class="bar-all" width="100" height="4" />
      {parts.map(({ from, to }) => (
        <rect key={from} class="bar-here" x={from * 100} width={(to - from) * 100} height="4" />
      ))}
    </svg>
  );
}

const CHOICES = ['in', 'out', 'excused', 'absent', 'undo'] as const;

function Details({ person, mark, onClose }: { person: LivePerson; mark: Marking | null; onClose: () => void }) {
  const t = words.live.use();
  const lang = useLang();
  const choose = (kind: Mark['kind']) => {
    onClose();
    void mark?.(person, kind);
  };
  const means = person.means ? t.maybe(`means.${person.means}`) : undefined;
  return (
    <Dialog title={person.name} onClose={onClose}>
      <p>
        <StateChip state={person.state} /> {means && <span class="muted">{means}</span>}
      </p>
      <h3>{t('intervals')}</h3>
      {person.intervals.length === 0 && <p class="muted">{t('no_intervals')}</p>}
      <ul>
        {person.intervals.map(([from, to]) => (
          <li key={from}>
            <Icon name="clock" />{' '}
            {to
              ? t('interval', { from: time(from, lang), to: time(to, lang) })
              : t('interval.open', { from: time(from, lang) })}
          </li>
        ))}
      </ul>
      {mark && (
        <div class="mark-choices">
          {CHOICES.map((kind) => (
            <Button key={kind} look="outline" onPress={() => choose(kind)}>
              {t(`mark.${kind}`)}
            </Button>
          ))}
        </div>
      )}
    </Dialog>
  );
}

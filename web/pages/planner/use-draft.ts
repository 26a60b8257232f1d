/* The draft of a project on this page: read, kept fresh by the live channel, changed. After every
 * change the draft is read again, because a move may make or mend conflicts of other sessions. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { asProblem } from '../../src/api.ts';
import type { Problem } from '../../src/api.ts';
import { useLang } from '../../src/i18n.ts';
import { watch } from '../../src/live.ts';
import type { LiveState } from '../../src/live.ts';
import { planOf } from '../../src/plan-api.ts';
import type { Demand, Draft, DraftDelta, Place, Placement } from '../../src/plan-api.ts';
import { member, useSession } from '../../src/session.ts';
import { useSentence } from '../../ui/problem.ts';
import { toast } from '../../ui/toast.tsx';
import { boardOf, hardFirst, instantWhen, placeWhen, say } from './model.ts';
import type { Board } from './model.ts';

const SETTLE_MS = 150;

export interface DraftDesk {
  board: Board | undefined;
  problem: Problem | null;
  live: LiveState;
  reload: () => Promise<void>;
  /* Moves and says so; throws a Problem where the server refuses. */
  move: (session: Demand, version: number, place: Place, force?: boolean) => Promise<void>;
  pin: (session: Demand, placement: Placement, pinned: boolean) => Promise<void>;
  unplace: (session: Demand, placement: Placement) => Promise<void>;
  undo: () => Promise<void>;
  /* The name of a step for people. */
  stepName: (label: string) => string;
  /* Who changed a session under one's hands, from a 412's body. */
  stale: (problem: Problem, gone: boolean) => string;
}

export function useDraft(project: string): DraftDesk {
  const t = words.plan.use();
  const lang = useLang();
  const sentence = useSentence();
  const { me } = useSession();
  const api = useMemo(() => planOf(project), [project]);
  const [draft, setDraft] = useState<Draft>();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [live, setLive] = useState<LiveState>('connecting');
  const version = useRef(0);
  const person = member(me)?.person;
  const own = person ? `${person.given_name} ${person.family_name}` : '';

  const reload = async () => {
    try {
      const read = await api.read();
      version.current = read.version;
      setDraft(read);
      setProblem(null);
    } catch (failure) {
      setProblem(asProblem(failure));
    }
  };
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    void reload();
    const later = ({ version: latest, changed = [], by_name }: Partial<DraftDelta>) => {
      if (latest === undefined || latest <= version.current) {
        return;
      }
      if (by_name !== own && changed.length > 0) {
        toast({ text: t.n('live.changed', changed.length, { name: by_name ?? t('someone') }) });
      }
      clearTimeout(timer);
      timer = setTimeout(() => void reload(), SETTLE_MS);
    };
    const stop = watch<DraftDelta, DraftDelta>('draft', project, { snapshot: later, delta: later, state: setLive });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [project]);

  const stepName = (label: string) => t.maybe(`step.${label}`) ?? t('step.move');
  const undo = async () => {
    const step = draft?.step;
    if (!step) {
      return;
    }
    try {
      await api.undo(step.step);
      toast({ text: t('undone', { what: stepName(step.label) }) });
    } catch (failure) {
      toast({ text: sentence(asProblem(failure)), look: 'danger' });
    }
    await reload();
  };
  const said = (text: string) => toast({ text });
  return {
    board: useMemo(() => draft && boardOf(draft), [draft]),
    problem,
    live,
    reload,
    undo,
    stepName,
    async move(session, at, place, force = false) {
      const row = await api.move(session.id, at, { ...place, ...(force ? { force } : {}) });
      const when = placeWhen(row, session.length_minutes, lang);
      const first = hardFirst(row.conflicts)[0];
      const done = t('move.saved', { title: session.title, when });
      said(first ? `${done}. ${say(first, lang)}` : done);
      await reload();
    },
    async pin(session, placement, pinned) {
      await api.move(session.id, placement.version, {
        date: placement.date,
        start: placement.start,
        pinned,
        force: true,
      });
      said(t(pinned ? 'move.pinned' : 'move.unpinned', { title: session.title }));
      await reload();
    },
    async unplace(session, placement) {
      await api.unplace(session.id, placement.version);
      said(t('move.unplaced', { title: session.title }));
      await reload();
    },
    stale({ body }, gone) {
      const name = typeof body['changed_by'] === 'string' && body['changed_by'] ? body['changed_by'] : t('someone');
      const when = typeof body['changed_at'] === 'string' ? instantWhen(body['changed_at'], lang) : '';
      return t(gone ? 'move.gone' : 'move.stale', { name, when });
    },
  };
}

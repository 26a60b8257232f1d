/* The planner's board: the draft of a project, seen by rooms, trainers, days or as a list, with the
 * unplaced beside it. The address keeps view, day and edition. */
import '../../style/board.scss';

import { useEffect, useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { asProblem, collection, now } from '../../src/api.ts';
import { planOf } from '../../src/plan-api.ts';
import type { Demand, Place } from '../../src/plan-api.ts';
import { replaceQuery } from '../../src/router.ts';
import type { PageProps } from '../../src/router.ts';
import type { Row } from '../../src/wire.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Notice } from '../../ui/field.tsx';
import { Empty, Failure, Skeleton, useLoad } from '../../ui/load.tsx';
import { PageHead } from '../../ui/page.tsx';
import { useSentence } from '../../ui/problem.ts';
import { toast } from '../../ui/toast.tsx';
import { Legend } from './chip.tsx';
import { ScoreLines } from './conflicts.tsx';
import { Days } from './days.tsx';
import { DragHint } from './drag-hint.tsx';
import { useDrag } from './drag.ts';
import type { Dragged, Target } from './drag.ts';
import { List } from './list.tsx';
import { Matrix } from './matrix.tsx';
import { anyHard, daysOfWeek, droppedPlace, firstDay, mondayOf, todayOf } from './model.ts';
import type { Board } from './model.ts';
import { MoveForm } from './move-form.tsx';
import { RunDialog, RunReport, usePlanRun } from './run.tsx';
import { Bar } from './toolbar.tsx';
import type { View } from './toolbar.tsx';
import { Unplaced } from './unplaced.tsx';
import { useDraft } from './use-draft.ts';
import type { DraftDesk } from './use-draft.ts';

const PHONE = '(max-width: 767.98px)';

function usePhone(): boolean {
  const [phone, setPhone] = useState(() => matchMedia(PHONE).matches);
  useEffect(() => {
    const asked = matchMedia(PHONE);
    const look = () => setPhone(asked.matches);
    asked.addEventListener('change', look);
    return () => asked.removeEventListener('change', look);
  }, []);
  return phone;
}

interface Project extends Row {
  title: string;
  code: string;
}

export default function BoardPage({ params, query }: PageProps) {
  const t = words.plan.use();
  const project = params['id'] ?? '';
  const desk = useDraft(project);
  const about = useLoad(() => collection<Project>('projects').read(project), [project]);
  const [runs, setRuns] = useState(0);
  const run = usePlanRun(project, () => void desk.reload().then(() => setRuns((n) => n + 1)));
  const [asking, setAsking] = useState(false);
  const { board } = desk;
  const step = board?.draft.step;
  const going = board?.draft.job;
  useEffect(() => {
    if (going && going !== run.job?.id) {
      run.follow(going);
    }
  }, [going]);
  return (
    <div class="board-page">
      <PageHead
        title={about.data ? `${t('title')}: ${about.data.code}` : t('title')}
        actions={
          board && (
            <>
              {step && (
                <Button look="plain" icon="restore" onPress={() => void desk.undo()}>
                  {t('undo', { what: desk.stepName(step.label) })}
                </Button>
              )}
              <LinkButton look="outline" icon="check-circle" href={`/projects/${project}/review`}>
                {t('review')}
              </LinkButton>
              <Button icon="star-outline" onPress={() => setAsking(true)}>
                {t('plan')}
              </Button>
            </>
          )
        }
      />
      {desk.live === 'lost' && (
        <Notice look="warning">
          <p>{t('live.lost')}</p>
        </Notice>
      )}
      <RunReport run={run} />
      {desk.problem && <Failure problem={desk.problem} retry={() => void desk.reload()} />}
      {!board && !desk.problem && <Skeleton rows={5} />}
      {board && board.draft.sessions.length === 0 && (
        <Empty icon="calendar" title={t('project.missing')}>
          <LinkButton href="/new-course" icon="plus-circle">
            {t('project.new_course')}
          </LinkButton>
        </Empty>
      )}
      {board && board.draft.sessions.length > 0 && (
        <Desk desk={desk} board={board} project={project} query={query} runs={runs} />
      )}
      {asking && <RunDialog run={run} onClose={() => setAsking(false)} />}
    </div>
  );
}

interface DeskProps {
  desk: DraftDesk;
  board: Board;
  project: string;
  query: URLSearchParams;
  /* How many plan runs have ended here: after each the board turns to what is new. */
  runs: number;
}

interface Opened {
  session: Demand;
  start: Partial<Place> | null;
}

/* A drop: done at once where it breaks no binding rule, else explained in the form. */
function useDrop(desk: DraftDesk, project: string, open: (opened: Opened) => void) {
  const sentence = useSentence();
  return async ({ session, placement, from }: Dragged, { date, lane }: Target) => {
    if (!placement) {
      open({
        session,
        start: { date, ...(lane?.kind === 'trainer' ? { trainers: [lane.id] } : lane ? { [lane.kind]: lane.id } : {}) },
      });
      return;
    }
    const place = droppedPlace(placement, from, lane, date);
    const fits = lane?.kind !== 'virtual_room' || session.modality !== 'presence';
    try {
      const { conflicts } = fits ? await planOf(project).check(session.id, place) : { conflicts: [] };
      if (!fits || anyHard(conflicts)) {
        open({ session, start: place });
      } else {
        await desk.move(session, placement.version, place);
      }
    } catch (failure) {
      const found = asProblem(failure);
      const text = found.code === 'stale' ? desk.stale(found, found.body['version'] === 0) : sentence(found);
      toast({ text, look: 'danger' });
      await desk.reload();
    }
  };
}

function Desk({ desk, board, project, query, runs }: DeskProps) {
  const phone = usePhone();
  const today = todayOf(now());
  const [edition, setEdition] = useState(query.get('edition') ?? '');
  const [date, setDate] = useState(() => query.get('date') ?? firstDay(board, edition, today));
  const [wanted, setView] = useState<View>((query.get('view') as View | null) ?? 'rooms');
  const [opened, setOpened] = useState<Opened | null>(null);
  const onDrop = useDrop(desk, project, setOpened);
  const { dragging, start } = useDrag((dragged, target) => void onDrop(dragged, target));
  const view = phone && wanted !== 'list' ? 'days' : wanted;
  const days = phone ? [date] : daysOfWeek(board, mondayOf(date));
  useEffect(() => {
    replaceQuery({ view: wanted, date, ...(edition ? { edition } : {}) });
  }, [wanted, date, edition]);
  useEffect(() => {
    if (runs > 0) {
      setDate(firstDay(board, edition, today));
    }
  }, [runs]);
  const open = (session: Demand) => setOpened({ session, start: null });
  const shared = { board, days, edition, today, dragging, startDrag: start, onOpen: open };
  return (
    <>
      <Bar
        board={board}
        phone={phone}
        view={view}
        onView={setView}
        date={date}
        onDate={setDate}
        today={today}
        days={days}
        edition={edition}
        onEdition={setEdition}
      />
      <div class="desk">
        <div class="desk-main">
          {(view === 'rooms' || view === 'trainers') && <Matrix {...shared} by={view} />}
          {view === 'days' && <Days {...shared} />}
          {view === 'list' && (
            <List
              board={board}
              project={project}
              edition={edition}
              onOpen={open}
              onChanged={() => void desk.reload()}
            />
          )}
          <Foot board={board} matrix={view === 'rooms' || view === 'trainers'} />
        </div>
        <Unplaced board={board} edition={edition} onOpen={open} startDrag={start} />
      </div>
      {dragging && <DragHint board={board} project={project} dragging={dragging} />}
      {opened && (
        <MoveForm
          key={opened.session.id}
          desk={desk}
          board={board}
          project={project}
          session={opened.session}
          start={opened.start}
          onClose={() => setOpened(null)}
        />
      )}
    </>
  );
}

function Foot({ board, matrix }: { board: Board; matrix: boolean }) {
  const t = words.plan.use();
  const changed =
    board.draft.placements.filter(({ published }) => published !== 'same').length + board.draft.removed.length;
  return (
    <div class="desk-foot">
      <section>
        <h2>{t('score')}</h2>
        <ScoreLines score={board.draft.score} />
        {changed > 0 && <p>{t.n('score.changes', changed)}.</p>}
      </section>
      {matrix && (
        <section>
          <h2>{t('legend')}</h2>
          <Legend />
          <p class="muted">{t('drag.help')}</p>
        </section>
      )}
    </div>
  );
}

/* Pianifica: a plan run, its best so far in sentences, Stop, and what came of it. Progress comes
 * over the live channel; a quiet poll stands in where that is down. */
import { useEffect, useRef, useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { asProblem } from '../../src/api.ts';
import type { Problem } from '../../src/api.ts';
import { watch } from '../../src/live.ts';
import { job as jobs, planOf } from '../../src/plan-api.ts';
import type { Job, Score } from '../../src/plan-api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FormProblem, SelectField } from '../../ui/field.tsx';
import { ScoreLines } from './conflicts.tsx';

const POLL_MS = 1_000;
const SECONDS = ['5', '30', '120'] as const;

const ended = ({ state }: Job): boolean => state !== 'queued' && state !== 'running';

export interface PlanRun {
  job: Job | null;
  problem: Problem | null;
  start: (seconds: number) => Promise<void>;
  /* Shows a run that someone else started, or that outlived a reload of the page. */
  follow: (job: string) => void;
  stop: () => Promise<void>;
  close: () => void;
}

export function usePlanRun(project: string, onEnd: () => void): PlanRun {
  const [id, setId] = useState<string | null>(null);
  const [job, setJob] = useState<Job | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const finish = useRef(onEnd);
  finish.current = onEnd;
  useEffect(() => {
    if (!id) {
      return undefined;
    }
    let over = false;
    const take = (row: Job) => {
      if (!over) {
        setJob(row);
        if (ended(row)) {
          over = true;
          leave();
          finish.current();
        }
      }
    };
    const unwatch = watch<Job, Job>('job', id, { snapshot: take, delta: take });
    const poll = setInterval(() => void jobs.read(id).then(take, () => undefined), POLL_MS);
    const leave = () => {
      clearInterval(poll);
      unwatch();
    };
    return leave;
  }, [id]);
  const follow = (made: string) => {
    setJob({ id: made, kind: 'plan', state: 'queued', progress: null, result: null });
    setId(made);
  };
  return {
    job,
    problem,
    follow,
    async start(seconds) {
      setProblem(null);
      try {
        follow((await planOf(project).run(seconds)).job);
      } catch (failure) {
        setProblem(asProblem(failure));
        throw failure;
      }
    },
    async stop() {
      if (id) {
        await jobs.stop(id).catch((failure: unknown) => setProblem(asProblem(failure)));
      }
    },
    close() {
      setJob(null);
      setId(null);
    },
  };
}

export function RunDialog({ run, onClose }: { run: PlanRun; onClose: () => void }) {
  const t = words.plan.use();
  const shell = words.shell.use();
  const [seconds, setSeconds] = useState<string>('5');
  const [busy, setBusy] = useState(false);
  const start = async () => {
    setBusy(true);
    await run.start(Number(seconds)).then(onClose, () => setBusy(false));
  };
  return (
    <Dialog
      title={t('plan.title')}
      onClose={onClose}
      actions={
        <>
          <Button look="outline" onPress={onClose}>
            {shell('cancel')}
          </Button>
          <Button busy={busy} icon="star-outline" onPress={() => void start()}>
            {t('plan.start')}
          </Button>
        </>
      }
    >
      <p>{t('plan.text')}</p>
      <FormProblem problem={run.problem} />
      <SelectField
        label={t('plan.seconds')}
        value={seconds}
        onValue={setSeconds}
        options={SECONDS.map((value) => ({ value, label: t(`plan.seconds.${value}`) }))}
      />
    </Dialog>
  );
}

const scoreOf = (part: Partial<Score>): Score => ({
  hard: part.hard ?? 0,
  unassigned: part.unassigned ?? 0,
  soft: part.soft ?? 0,
  by_rule: part.by_rule ?? [],
});

/* What the run does or did; read aloud as it changes state, not at every number. */
export function RunReport({ run }: { run: PlanRun }) {
  const t = words.plan.use();
  const { job } = run;
  if (!job) {
    return null;
  }
  const over = ended(job);
  const state = over
    ? t(`plan.${job.state as 'done' | 'stopped' | 'failed'}`)
    : job.progress
      ? t('plan.running', { seconds: Math.round(job.progress.seconds) })
      : t('plan.queued');
  const score = over ? job.result : job.progress;
  return (
    <section class={`run-report ${over ? '' : 'run-active'}`}>
      <div class="section-head">
        <p class="run-state">{state}</p>
        <span class="visually-hidden" role="status">
          {over ? state : t('plan.queued')}
        </span>
        {over ? (
          <Button look="outline" onPress={run.close}>
            {t('plan.close')}
          </Button>
        ) : (
          <Button look="danger" icon="close" onPress={() => void run.stop()}>
            {t('plan.stop')}
          </Button>
        )}
      </div>
      {over && job.result?.changed !== undefined && (
        <p>
          <strong>{t.n('plan.changed', job.result.changed.length)}</strong>
        </p>
      )}
      {score && (
        <>
          {!over && <p class="muted">{t('plan.best')}</p>}
          <ScoreLines score={scoreOf(score)} />
        </>
      )}
    </section>
  );
}

/* My availability: weekly hours as rows, then dates that differ. Saved as `opening_hours` text with
 * If-Match, so that two devices can't overwrite each other unseen. */
import { useEffect, useState } from 'preact/hooks';

import * as words from '../../lang/more.ts';
import { formatHours, parseHours, weekMinutes } from '../../calendar/hours.ts';
import type { Hours } from '../../calendar/hours.ts';
import { asProblem } from '../../src/api.ts';
import type { Problem } from '../../src/api.ts';
import { duration, useLang } from '../../src/i18n.ts';
import { trainers } from '../../src/own-api.ts';
import { member, useSession } from '../../src/session.ts';
import type { Trainer } from '../../src/wire.ts';
import { Button } from '../../ui/button.tsx';
import { FormProblem, Notice, TextArea } from '../../ui/field.tsx';
import { Empty, Loaded, useLoad } from '../../ui/load.tsx';
import { PageHead } from '../../ui/page.tsx';
import { toast } from '../../ui/toast.tsx';
import { WeekEditor, weekIsSound } from '../../ui/week-editor.tsx';
import { Exceptions } from './exceptions.tsx';

export default function Availability() {
  const t = words.availability.use();
  const { me } = useSession();
  const trainer = member(me)?.trainer;
  return (
    <>
      <PageHead title={t('title')} lead={t('lead')} />
      {trainer ? <Editor id={trainer} /> : <Empty icon="clock" title={t('not_trainer')} />}
    </>
  );
}

function Editor({ id }: { id: string }) {
  const loading = useLoad(() => trainers.read(id), [id]);
  return (
    <>
      <Loaded from={loading} rows={7}>
        {(trainer) => (
          <WeekForm key={trainer.version} trainer={trainer} onSaved={loading.set} onReload={loading.reload} />
        )}
      </Loaded>
      <Exceptions trainer={id} />
    </>
  );
}

interface WeekFormProps {
  trainer: Trainer;
  onSaved: (trainer: Trainer) => void;
  onReload: () => void;
}

function WeekForm({ trainer, onSaved, onReload }: WeekFormProps) {
  const t = words.availability.use();
  const shell = words.shell.use();
  const lang = useLang();
  const [hours, setHours] = useState<Hours | null>(() => parseHours(trainer.weekly_hours));
  const [text, setText] = useState(trainer.weekly_hours);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const written = hours ? formatHours(hours) : text;
  const initial = parseHours(trainer.weekly_hours);
  const changed = written !== (initial ? formatHours(initial) : trainer.weekly_hours);
  const sound = !hours || weekIsSound(hours.week);
  useLeaveGuard(changed);
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      onSaved(await trainers.change(trainer, { weekly_hours: written }));
      toast({ text: t('saved') });
    } catch (failure) {
      setProblem(asProblem(failure));
      setBusy(false);
    }
  };
  const stale = problem?.code === 'stale';
  return (
    <form
      class="section"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2>{t('week')}</h2>
      {hours ? (
        <>
          <WeekEditor week={hours.week} onWeek={(week) => setHours({ ...hours, week })} />
          {hours.rest.length > 0 && <p class="muted">{t('rest', { rules: hours.rest.join('; ') })}</p>}
        </>
      ) : (
        <TextArea
          label={t('text.label')}
          hint={t('text.hint')}
          pointer="/weekly_hours"
          problem={problem}
          value={text}
          onValue={setText}
        />
      )}
      <p class="muted">
        {hours && <>{t('week.sum', { time: duration(weekMinutes(hours.week), lang) })}. </>}
        {t('limits', { day: duration(trainer.max_day_minutes, lang), week: duration(trainer.max_week_minutes, lang) })}
      </p>
      <div role="alert">
        {stale && (
          <Notice look="warning">
            <p>{t('stale')}</p>
            <Button look="outline" onPress={onReload}>
              {t('reload')}
            </Button>
          </Notice>
        )}
      </div>
      {!stale && <FormProblem problem={problem} pointers={hours ? [] : ['/weekly_hours']} />}
      <div class={changed ? 'save-bar' : ''}>
        <Button submit icon="check" busy={busy} disabled={!changed || !sound}>
          {shell('save')}
        </Button>
        {changed && <span role="status">{t('unsaved')}</span>}
      </div>
    </form>
  );
}

/* Asks before the window is closed over unsaved changes. */
function useLeaveGuard(changed: boolean): void {
  useEffect(() => {
    if (!changed) {
      return undefined;
    }
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [changed]);
}

/* Dates that differ from the usual week: not available at all, or only in given hours. */
import { useState } from 'preact/hooks';

import * as words from '../../lang/more.ts';
import { formatSpans, parseHours, spanFault } from '../../calendar/hours.ts';
import type { Span } from '../../calendar/hours.ts';
import { asProblem, now } from '../../src/api.ts';
import type { Problem } from '../../src/api.ts';
import { civilDay, day, noonOf, useLang } from '../../src/i18n.ts';
import { exceptions } from '../../src/own-api.ts';
import type { AvailabilityException } from '../../src/wire.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FormProblem, TextField } from '../../ui/field.tsx';
import { DateBlock } from '../../ui/session-item.tsx';
import { Loaded, useLoad } from '../../ui/load.tsx';
import { useSentence } from '../../ui/problem.ts';
import { toast } from '../../ui/toast.tsx';
import { SpansEditor } from '../../ui/week-editor.tsx';

export function Exceptions({ trainer }: { trainer: string }) {
  const t = words.availability.use();
  const shell = words.shell.use();
  const sentence = useSentence();
  const loading = useLoad(() => exceptions.list({ trainer, limit: 200 }), [trainer]);
  const [adding, setAdding] = useState(false);
  const add = async (values: object) => {
    await exceptions.create({ trainer, ...values });
    loading.reload();
  };
  const remove = async (exception: AvailabilityException) => {
    const { first_date, last_date, hours } = exception;
    try {
      await exceptions.remove(exception);
      loading.reload();
      const again = () => void add({ first_date, last_date, hours });
      toast({ text: t('exceptions.removed'), action: { label: shell('undo'), run: again } });
    } catch (failure) {
      toast({ text: sentence(asProblem(failure)), look: 'danger' });
    }
  };
  return (
    <section class="section">
      <h2>{t('exceptions')}</h2>
      <p class="muted">{t('exceptions.lead')}</p>
      <Loaded from={loading} rows={2}>
        {({ items }) => <List items={items} onRemove={(exception) => void remove(exception)} />}
      </Loaded>
      <p class="actions exceptions-add">
        <Button look="outline" icon="plus-circle" onPress={() => setAdding(true)}>
          {t('exceptions.add')}
        </Button>
      </p>
      {adding && <AddDialog onAdd={add} onClose={() => setAdding(false)} />}
    </section>
  );
}

function List({
  items,
  onRemove,
}: {
  items: AvailabilityException[];
  onRemove: (exception: AvailabilityException) => void;
}) {
  const t = words.availability.use();
  const lang = useLang();
  const coming = items
    .filter(({ last_date }) => last_date >= civilDay(now()))
    .sort((a, b) => a.first_date.localeCompare(b.first_date));
  if (coming.length === 0) {
    return <p>{t('exceptions.none')}</p>;
  }
  return (
    <ul>
      {coming.map((exception) => {
        const from = day(noonOf(exception.first_date), lang);
        const to = day(noonOf(exception.last_date), lang);
        const dates = from === to ? from : t('exceptions.range', { from, to });
        return (
          <li key={exception.id} class="exception">
            <DateBlock at={noonOf(exception.first_date)} lang={lang} />
            <div>
              <p>
                <strong>{dates}</strong>
              </p>
              <p>
                {exception.hours ? t('exceptions.only', { hours: hoursText(exception.hours) }) : t('exceptions.off')}
              </p>
            </div>
            <Button
              look="plain"
              icon="delete"
              label={t('exceptions.remove', { dates })}
              onPress={() => onRemove(exception)}
            />
          </li>
        );
      })}
    </ul>
  );
}

/* "14:00-18:00" where the same hours hold on every open day; else the text as it is. */
function hoursText(text: string): string {
  const open = (parseHours(text)?.week ?? []).map(formatSpans).filter(Boolean);
  return new Set(open).size === 1 ? (open[0] ?? text) : text;
}

interface AddDialogProps {
  onAdd: (values: object) => Promise<void>;
  onClose: () => void;
}

function AddDialog({ onAdd, onClose }: AddDialogProps) {
  const t = words.availability.use();
  const shell = words.shell.use();
  const [first, setFirst] = useState('');
  const [last, setLast] = useState('');
  const [only, setOnly] = useState(false);
  const [spans, setSpans] = useState<Span[]>([{ from: '09:00', to: '13:00' }]);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const lastDay = last || first;
  const sound = first && lastDay >= first && (!only || (spans.length > 0 && spanFault(spans) === null));
  const submit = async () => {
    setAsked(true);
    if (!sound) {
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      await onAdd({ first_date: first, last_date: lastDay, hours: only ? formatSpans(spans) : null });
      toast({ text: t('exceptions.added') });
      onClose();
    } catch (failure) {
      setProblem(asProblem(failure));
      setBusy(false);
    }
  };
  const overlap = problem?.code === 'overlap' || problem?.code === 'conflict';
  return (
    <Dialog
      title={t('exceptions.add')}
      onClose={onClose}
      actions={
        <>
          <Button look="outline" onPress={onClose}>
            {shell('cancel')}
          </Button>
          <Button busy={busy} onPress={() => void submit()}>
            {shell('save')}
          </Button>
        </>
      }
    >
      <FormProblem problem={overlap ? null : problem} pointers={['/first_date', '/last_date']} />
      <div role="alert">{overlap && <p class="notice notice-warning">{t('exceptions.overlap')}</p>}</div>
      <div class="two-dates">
        <TextField
          label={t('exceptions.first')}
          pointer="/first_date"
          problem={problem}
          {...(asked && !first ? { error: t('exceptions.first.error') } : {})}
          value={first}
          onValue={setFirst}
          input={{ type: 'date', min: civilDay(now()) }}
        />
        <TextField
          label={t('exceptions.last')}
          hint={t('exceptions.last.hint')}
          pointer="/last_date"
          problem={problem}
          optional
          {...(first && last && last < first ? { error: t('exceptions.last.error') } : {})}
          value={last}
          onValue={setLast}
          input={{ type: 'date', min: first || civilDay(now()) }}
        />
      </div>
      <fieldset class="plain-set">
        <legend>{t('exceptions.what')}</legend>
        {[false, true].map((choice) => (
          <label class="radio" key={String(choice)}>
            <input type="radio" name="what" checked={only === choice} onChange={() => setOnly(choice)} />
            {t(choice ? 'exceptions.what.only' : 'exceptions.what.off')}
          </label>
        ))}
      </fieldset>
      {only && (
        <>
          <SpansEditor name={t('exceptions.what')} spans={spans} onSpans={setSpans} />
          <Button look="plain" icon="plus-circle" onPress={() => setSpans([...spans, { from: '', to: '' }])}>
            {t('day.add')}
          </Button>
        </>
      )}
    </Dialog>
  );
}

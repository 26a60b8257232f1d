/* The form twin of dragging: day, time, places and trainers of one session, with what the place
 * would break as it is typed, the best free places to take with one press, and pin, unpin, unplace.
 * Wishes warn; binding rules are explained and can be overridden knowingly. */
import { useEffect, useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { asProblem } from '../../src/api.ts';
import type { Problem } from '../../src/api.ts';
import { duration, useLang } from '../../src/i18n.ts';
import { planOf } from '../../src/plan-api.ts';
import type { Conflict, Demand, Place, Placement } from '../../src/plan-api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { CheckField, Field, FormProblem, Notice, SelectField, TextField } from '../../ui/field.tsx';
import { TimeInput } from '../../ui/time-input.tsx';
import { MarkChips } from './chip.tsx';
import { CheckAnswer } from './conflicts.tsx';
import { anyHard, endOf, placeWhen, trainersOf, whereOf } from './model.ts';
import type { Board } from './model.ts';
import { Slots } from './slots.tsx';
import type { DraftDesk } from './use-draft.ts';

const CHECK_MS = 200;

interface MoveFormProps {
  desk: DraftDesk;
  board: Board;
  project: string;
  session: Demand;
  /* Where a drop would put it; else it starts from where it is. */
  start: Partial<Place> | null;
  onClose: () => void;
}

const NOWHERE: Place = { date: '', start: '09:00', room: null, virtual_room: null, trainers: [] };
const placeOf = ({ date, start, room, virtual_room, trainers }: Placement): Place => ({
  date,
  start,
  room,
  virtual_room,
  trainers,
});
const complete = (place: Place): boolean => /^\d{4}-\d{2}-\d{2}$/.test(place.date) && /^\d{2}:\d{2}$/.test(place.start);

/* What the place would break, asked a moment after the last keystroke. */
function useCheck(project: string, session: string, place: Place, version: number) {
  const [conflicts, setConflicts] = useState<Conflict[] | null>(null);
  const [checking, setChecking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const key = JSON.stringify([session, place, version]);
  useEffect(() => {
    setConflicts(null);
    setProblem(null);
    if (!complete(place)) {
      return undefined;
    }
    setChecking(true);
    const abort = new AbortController();
    const timer = setTimeout(() => {
      planOf(project)
        .check(session, place, abort.signal)
        .then(
          (answer) => setConflicts(answer.conflicts),
          (failure: unknown) => {
            if (!abort.signal.aborted) {
              setProblem(asProblem(failure));
            }
          },
        )
        .finally(() => setChecking(false));
    }, CHECK_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key]);
  return { conflicts, checking, problem };
}

function useMove({ desk, board, session, start, onClose }: MoveFormProps) {
  const placement = board.placements.get(session.id) ?? null;
  const [place, setPlace] = useState<Place>({ ...NOWHERE, ...(placement ? placeOf(placement) : {}), ...start });
  const [version, setVersion] = useState(placement?.version ?? 0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [stale, setStale] = useState('');
  const [busy, setBusy] = useState(false);
  /* Someone was faster: the row is read again and the form starts from it. */
  useEffect(() => {
    if (stale) {
      setPlace(placement ? placeOf(placement) : NOWHERE);
      setVersion(placement?.version ?? 0);
    }
  }, [stale, placement?.version]);
  const attempt = async (act: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    try {
      await act();
      onClose();
    } catch (failure) {
      const found = asProblem(failure);
      setBusy(false);
      if (found.code === 'stale') {
        await desk.reload();
        setStale(desk.stale(found, found.body['version'] === 0));
      } else {
        setProblem(found);
      }
    }
  };
  return {
    placement,
    place,
    version,
    problem,
    stale,
    busy,
    set: (values: Partial<Place>) => setPlace((old) => ({ ...old, ...values })),
    save: (to: Place, force: boolean) => attempt(() => desk.move(session, version, to, force)),
    pin: (row: Placement, pinned: boolean) => attempt(() => desk.pin(session, { ...row, version }, pinned)),
    unplace: (row: Placement) => attempt(() => desk.unplace(session, { ...row, version })),
  };
}

export function MoveForm(props: MoveFormProps) {
  const { board, project, session, onClose } = props;
  const t = words.plan.use();
  const move = useMove(props);
  const { place, placement } = move;
  const check = useCheck(project, session.id, place, board.draft.version);
  const refused = move.problem?.code === 'hard_rule';
  const conflicts = refused
    ? ((move.problem?.body['conflicts'] as Conflict[] | undefined) ?? check.conflicts)
    : check.conflicts;
  const hard = refused || anyHard(conflicts ?? []);
  const save = () => void move.save(place, hard);
  return (
    <Dialog
      wide
      title={t(placement ? 'move.title' : 'move.title.place', { title: `${session.edition_code} ${session.title}` })}
      onClose={onClose}
      actions={
        <Button look={hard ? 'danger' : 'primary'} busy={move.busy} disabled={!complete(place)} onPress={save}>
          {t(hard ? 'move.force' : 'move.save')}
        </Button>
      }
    >
      <div role="alert">
        {move.stale && (
          <Notice look="warning">
            <p>{move.stale}</p>
          </Notice>
        )}
      </div>
      <FormProblem problem={refused ? null : (move.problem ?? check.problem)} pointers={['/date', '/start']} />
      <Now board={board} session={session} placement={placement} />
      <div class="move-grid">
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (!hard && complete(place)) {
              save();
            }
          }}
        >
          <PlaceFields
            board={board}
            session={session}
            place={place}
            set={move.set}
            problem={move.problem ?? check.problem}
          />
          <button type="submit" class="visually-hidden" tabIndex={-1} aria-hidden="true">
            {t('move.save')}
          </button>
        </form>
        <div>
          <CheckAnswer conflicts={conflicts} checking={check.checking} />
          <Slots board={board} project={project} session={session} onTake={(slot) => void move.save(slot, false)} />
        </div>
      </div>
      {placement && (
        <p class="actions">
          <Button
            look="outline"
            icon={placement.pinned ? 'unlocked' : 'locked'}
            onPress={() => void move.pin(placement, !placement.pinned)}
          >
            {t(placement.pinned ? 'move.unpin' : 'move.pin')}
          </Button>
          <Button look="outline" icon="inbox" onPress={() => void move.unplace(placement)}>
            {t('move.unplace')}
          </Button>
        </p>
      )}
    </Dialog>
  );
}

function Now({ board, session, placement }: { board: Board; session: Demand; placement: Placement | null }) {
  const t = words.plan.use();
  const shell = words.shell.use();
  const lang = useLang();
  return (
    <div class="move-now">
      <p class="muted">
        {session.edition_title}, {duration(session.length_minutes, lang)}, {shell(`modality.${session.modality}`)},{' '}
        {t.n('people', session.people)}
      </p>
      {placement && (
        <p>
          <strong>{t('move.now', { when: placeWhen(placement, session.length_minutes, lang) })}</strong>{' '}
          {[whereOf(board, placement), trainersOf(board, placement)].filter(Boolean).join(', ')}
        </p>
      )}
      {placement && (
        <p class="box-marks">
          <MarkChips placement={placement} />
        </p>
      )}
    </div>
  );
}

interface PlaceFieldsProps {
  board: Board;
  session: Demand;
  place: Place;
  set: (values: Partial<Place>) => void;
  problem: Problem | null;
}

function PlaceFields({ board, session, place, set, problem }: PlaceFieldsProps) {
  const t = words.plan.use();
  const { rooms, virtual_rooms: virtualRooms } = board.draft;
  const leads = board.placements.get(session.id)?.trainers ?? [];
  const trainers = [...board.draft.trainers].sort(
    (a, b) => Number(leads.includes(b.id)) - Number(leads.includes(a.id)),
  );
  const inPlace = session.modality !== 'remote';
  const online = session.modality !== 'presence';
  return (
    <>
      <div class="two-fields">
        <TextField
          label={t('move.date')}
          pointer="/date"
          problem={problem}
          value={place.date}
          onValue={(date) => set({ date })}
          input={{ type: 'date' }}
        />
        <Field
          label={t('move.time')}
          pointer="/start"
          problem={problem}
          {...(complete(place) ? { hint: t('move.end', { time: endOf(place.start, session.length_minutes) }) } : {})}
        >
          {({ id }) => (
            <TimeInput id={id} label={t('move.time')} value={place.start} onValue={(start) => set({ start })} />
          )}
        </Field>
      </div>
      {(inPlace || place.room) && (
        <SelectField
          label={t('room')}
          value={place.room ?? ''}
          onValue={(room) => set({ room: room || null })}
          options={[
            { value: '', label: t('no_room') },
            ...rooms.map(({ id, name, venue_name, capacity }) => ({
              value: id,
              label: `${name}, ${venue_name} (${t('capacity', { n: capacity })})`,
            })),
          ]}
        />
      )}
      {(online || place.virtual_room) && (
        <SelectField
          label={t('virtual_room')}
          value={place.virtual_room ?? ''}
          onValue={(virtual_room) => set({ virtual_room: virtual_room || null })}
          options={[
            { value: '', label: t('no_room') },
            ...virtualRooms.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
      <fieldset class="plain-set">
        <legend>
          {t('trainers')} <span class="muted">({t.n('trainers.needed', session.trainers_needed)})</span>
        </legend>
        <div class="ticks">
          {trainers.map(({ id, name }) => (
            <CheckField
              key={id}
              label={name}
              checked={place.trainers.includes(id)}
              onValue={(on) =>
                set({ trainers: on ? [...place.trainers, id] : place.trainers.filter((other) => other !== id) })
              }
            />
          ))}
        </div>
      </fieldset>
    </>
  );
}

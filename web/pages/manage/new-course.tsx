/* From nothing to a course that can be planned, in five fields. A room and a trainer are asked for
 * in one line each only where the alliance has none. */
import '../../style/manage.scss';

import { useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { asProblem, collection, now, post } from '../../src/api.ts';
import type { Problem } from '../../src/api.ts';
import { civilDay, duration, useLang } from '../../src/i18n.ts';
import { navigate } from '../../src/router.ts';
import { uuid } from '../../src/uuid.ts';
import { Button } from '../../ui/button.tsx';
import { FormProblem, SelectField, TextField } from '../../ui/field.tsx';
import { Loaded, useLoad } from '../../ui/load.tsx';
import { PageHead } from '../../ui/page.tsx';
import { toast } from '../../ui/toast.tsx';
import { choices } from './entity.ts';
import type { AnyRow, Choice } from './entity.ts';
import { RefField } from './ref-field.tsx';

const AUDIENCES = choices(
  'audience',
  'everyone',
  'workers',
  'companies',
  'administrators',
  'technicians',
  'families',
  'professionals',
);
const KINDS = choices('course_kind', 'training', 'webinar', 'lab', 'workshop', 'table', 'consultancy');
const MODALITIES = choices('modality', 'presence', 'remote', 'hybrid');
const LENGTHS = [60, 90, 120, 180, 240];

interface Made {
  course: string;
  edition: string;
  project: string;
  sessions: string[];
}

const START = {
  title: '',
  total_hours: '',
  first_date: '',
  last_date: '',
  audience: 'everyone',
  kind: 'training',
  modality: 'presence',
  session_minutes: '',
  seats: '20',
  project: '',
  venue: '',
  room: '',
  capacity: '',
  given: '',
  family: '',
  email: '',
};
type Values = typeof START;
type Name = keyof Values;

/* The message, as the server takes it. */
function message(values: Values, noRoom: boolean, noTrainer: boolean): object {
  const { title, total_hours, first_date, last_date, audience, kind, modality, session_minutes, seats, project } =
    values;
  return {
    title: title.trim(),
    total_hours: Number(total_hours),
    first_date,
    last_date,
    audience,
    kind,
    modality,
    seats: Number(seats),
    ...(session_minutes ? { session_minutes: Number(session_minutes) } : {}),
    ...(project ? { project } : {}),
    ...(noRoom && values.room
      ? { room: { venue_name: values.venue.trim(), name: values.room.trim(), capacity: Number(values.capacity) } }
      : {}),
    ...(noTrainer && values.family
      ? {
          trainer: {
            given_name: values.given.trim(),
            family_name: values.family.trim(),
            ...(values.email ? { email: values.email.trim() } : {}),
          },
        }
      : {}),
  };
}

const FIVE: readonly Name[] = ['title', 'total_hours', 'first_date', 'last_date', 'audience'];
const ROOM: readonly Name[] = ['venue', 'room', 'capacity'];
const TRAINER: readonly Name[] = ['given', 'family'];

export default function NewCourse() {
  const t = words.manage.use();
  const lacks = useLoad(async () => {
    const [rooms, trainers] = await Promise.all([
      collection<AnyRow>('rooms').list({ limit: 1 }),
      collection<AnyRow>('trainers').list({ limit: 1 }),
    ]);
    return { room: rooms.items.length === 0, trainer: trainers.items.length === 0 };
  });
  return (
    <>
      <PageHead title={t('new_course.title')} lead={t('new_course.lead')} />
      <Loaded from={lacks} rows={4}>
        {({ room, trainer }) => <CourseForm noRoom={room} noTrainer={trainer} />}
      </Loaded>
    </>
  );
}

function useCourse(noRoom: boolean, noTrainer: boolean) {
  const t = words.manage.use();
  const [values, setValues] = useState<Values>(START);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const asksRoom = noRoom && values.modality !== 'remote';
  const needed = [...FIVE, ...(asksRoom ? ROOM : []), ...(noTrainer ? TRAINER : [])];
  const submit = async () => {
    setTried(true);
    if (needed.some((name) => values[name].trim() === '')) {
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      const made = await post<Made>('/quick-courses', message(values, asksRoom, noTrainer), { key: uuid() });
      toast({ text: t('new_course.done') });
      navigate(`/projects/${made.project}/board?edition=${made.edition}`);
    } catch (failure) {
      setProblem(asProblem(failure));
      setBusy(false);
    }
  };
  const bind = (name: Name, pointer: string = `/${name}`) => ({
    value: values[name],
    onValue: (value: string) => setValues((old) => ({ ...old, [name]: value })),
    pointer,
    problem,
    ...(tried && needed.includes(name) && values[name].trim() === '' ? { error: t('required.error') } : {}),
  });
  return { values, bind, submit, busy, problem, asksRoom };
}

type Bind = ReturnType<typeof useCourse>['bind'];

function CourseForm({ noRoom, noTrainer }: { noRoom: boolean; noTrainer: boolean }) {
  const t = words.manage.use();
  const { values, bind, submit, busy, problem, asksRoom } = useCourse(noRoom, noTrainer);
  const pointers = [
    ...FIVE.map((name) => `/${name}`),
    '/seats',
    '/session_minutes',
    '/kind',
    '/modality',
    '/project',
    '/room/venue_name',
    '/room/name',
    '/room/capacity',
    '/trainer/given_name',
    '/trainer/family_name',
    '/trainer/email',
  ];
  return (
    <form
      class="panel form-panel"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <FormProblem problem={problem} pointers={pointers} />
      <TextField label={t('new_course.course_title')} {...bind('title')} input={{ maxLength: 180 }} />
      <div class="three-fields">
        <TextField
          label={t('new_course.hours')}
          {...bind('total_hours')}
          input={{ type: 'number', min: 1, max: 400, inputMode: 'numeric' }}
        />
        <TextField
          label={t('new_course.first')}
          {...bind('first_date')}
          input={{ type: 'date', min: civilDay(now()) }}
        />
        <TextField
          label={t('new_course.last')}
          {...bind('last_date')}
          input={{ type: 'date', min: values.first_date || civilDay(now()) }}
        />
      </div>
      <Choose label={t('new_course.audience')} bound={bind('audience')} from={AUDIENCES} />
      {asksRoom && <RoomLine bind={bind} />}
      {noTrainer && <TrainerLine bind={bind} />}
      <More bind={bind} />
      <Button submit busy={busy} class="btn-big" icon="arrow-right">
        {t('new_course.do')}
      </Button>
    </form>
  );
}

function Choose({ label, bound, from }: { label: string; bound: ReturnType<Bind>; from: readonly Choice[] }) {
  const t = words.manage.use();
  return (
    <SelectField
      label={label}
      {...bound}
      options={from.map((choice) => ({ value: choice.value, label: t(choice.label as 'edit') }))}
    />
  );
}

function RoomLine({ bind }: { bind: Bind }) {
  const t = words.manage.use();
  return (
    <fieldset class="plain-set">
      <legend>{t('new_course.room')}</legend>
      <div class="three-fields">
        <TextField label={t('new_course.room.venue')} {...bind('venue', '/room/venue_name')} />
        <TextField label={t('new_course.room.name')} {...bind('room', '/room/name')} />
        <TextField
          label={t('new_course.room.capacity')}
          {...bind('capacity', '/room/capacity')}
          input={{ type: 'number', min: 1, inputMode: 'numeric' }}
        />
      </div>
    </fieldset>
  );
}

function TrainerLine({ bind }: { bind: Bind }) {
  const t = words.manage.use();
  return (
    <fieldset class="plain-set">
      <legend>{t('new_course.trainer')}</legend>
      <div class="three-fields">
        <TextField label={t('new_course.trainer.given')} {...bind('given', '/trainer/given_name')} />
        <TextField label={t('new_course.trainer.family')} {...bind('family', '/trainer/family_name')} />
        <TextField
          label={t('new_course.trainer.email')}
          {...bind('email', '/trainer/email')}
          optional
          input={{ type: 'email', autocomplete: 'off' }}
        />
      </div>
    </fieldset>
  );
}

function More({ bind }: { bind: Bind }) {
  const t = words.manage.use();
  const lang = useLang();
  const lengths = [
    { value: '', label: duration(240, lang) },
    ...LENGTHS.slice(0, -1).map((minutes) => ({ value: String(minutes), label: duration(minutes, lang) })),
  ];
  return (
    <details class="more-choices">
      <summary>{t('new_course.more')}</summary>
      <div class="two-fields">
        <Choose label={t('field.kind')} bound={bind('kind')} from={KINDS} />
        <Choose label={t('field.modality')} bound={bind('modality')} from={MODALITIES} />
        <SelectField label={t('new_course.session_minutes')} {...bind('session_minutes')} options={lengths} />
        <TextField
          label={t('new_course.seats')}
          {...bind('seats')}
          input={{ type: 'number', min: 1, inputMode: 'numeric' }}
        />
        <RefField label={t('field.project')} of="projects" optional {...bind('project')} />
      </div>
    </details>
  );
}

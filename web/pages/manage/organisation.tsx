/* One organisation on one page, from the call to the people who attend. */
import * as words from '../../lang/office.ts';
import { collection } from '../../src/api.ts';
import type { PageProps } from '../../src/router.ts';
import { useLoad } from '../../ui/load.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Collection } from './collection.tsx';
import { adhesions, enrolments } from './entities-courses.ts';
import { organisations, people } from './entities-people.ts';
import { text } from './entity.ts';
import type { AnyRow } from './entity.ts';
import { Facts, RowPage } from './facts.tsx';

const LIMIT = 500;

interface Step {
  name: string;
  value: string;
  done: boolean;
}

function useSteps(row: AnyRow): Step[] {
  const t = words.manage.use();
  const read = (name: string, signal: AbortSignal) =>
    collection<AnyRow>(name).list({ organisation: row.id, limit: LIMIT }, signal);
  const found = useLoad(
    async (signal) => ({
      adhesions: (await read('adhesions', signal)).items,
      people: (await read('people', signal)).items,
      enrolments: (await read('enrolments', signal)).items,
    }),
    [row.id, row.version],
  ).data;
  const answers = found?.adhesions ?? [];
  const states = answers.map((answer) => t.maybe(`adhesion.${text(answer, 'state')}`) ?? '');
  const seated = (found?.enrolments ?? []).filter((enrolment) => enrolment['state'] === 'seated').length;
  const waiting = (found?.enrolments ?? []).filter((enrolment) => enrolment['state'] === 'waiting').length;
  const staff = found?.people.length ?? 0;
  return [
    {
      name: t('organisation.step.contact'),
      value: t.maybe(`stage.${text(row, 'stage')}`) ?? '',
      done: row['stage'] !== 'known',
    },
    {
      name: t('organisation.step.adhesion'),
      value: states.join(', ') || t('organisation.no_adhesion'),
      done: answers.some(({ state }) => state === 'adhered' || state === 'accepted'),
    },
    { name: t('organisation.step.people'), value: t.n('people_n', staff), done: staff > 0 },
    {
      name: t('organisation.step.enrolments'),
      value: [t.n('people_n', seated), waiting > 0 && t('wait', { n: waiting })].filter(Boolean).join(', '),
      done: seated > 0,
    },
  ];
}

function Path({ row }: { row: AnyRow }) {
  const t = words.manage.use();
  const steps = useSteps(row);
  return (
    <section aria-label={t('organisation.path')}>
      <ol class="steps">
        {steps.map(({ name, value, done }, i) => (
          <li key={name} class={done ? 'step step-done' : 'step'}>
            <p class="muted">
              {t('organisation.step', { n: i + 1, total: steps.length })} {done && <Icon name="check-circle" />}
            </p>
            <b>{name}</b>
            <p>{value}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

export default function Organisation({ params }: PageProps) {
  const t = words.manage.use();
  const id = params['id'] ?? '';
  return (
    <RowPage
      entity={organisations}
      id={id}
      lead={(row) => [t.maybe(`org_kind.${text(row, 'kind')}`), text(row, 'territory_name')].filter(Boolean).join(', ')}
      actions={(row) =>
        Boolean(row['alliance_role']) && (
          <Chip look="primary">{t.maybe(`alliance_role.${text(row, 'alliance_role')}`) ?? ''}</Chip>
        )
      }
    >
      {(row) => (
        <>
          <Path row={row} />
          <Facts entity={organisations} row={row} without={['name', 'kind', 'territory', 'alliance_role', 'stage']} />
          <Collection
            entity={adhesions}
            fixed={{ organisation: id }}
            title={t('adhesions')}
            without={['organisation_name']}
          />
          <Collection
            entity={people}
            fixed={{ organisation: id }}
            title={t('people')}
            without={['organisation_name']}
          />
          <Collection
            entity={enrolments}
            fixed={{ organisation: id }}
            title={t('enrolments')}
            without={['organisation_name']}
          />
        </>
      )}
    </RowPage>
  );
}

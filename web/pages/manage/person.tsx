/* A person: her data, what she may do, what she takes part in. */
import * as words from '../../lang/office.ts';
import type { PageProps } from '../../src/router.ts';
import { Chip } from '../../ui/chip.tsx';
import { Collection } from './collection.tsx';
import { enrolments } from './entities-courses.ts';
import { people, roles } from './entities-people.ts';
import { OFFICE, text } from './entity.ts';
import { Facts, RowPage } from './facts.tsx';
import { hasRole, useSession } from '../../src/session.ts';

export default function Person({ params }: PageProps) {
  const t = words.manage.use();
  const { me } = useSession();
  const id = params['id'] ?? '';
  return (
    <RowPage
      entity={people}
      id={id}
      lead={(row) => text(row, 'organisation_name')}
      actions={(row) =>
        row['is_trainer'] === true && (
          <Chip look="primary" icon="presentation">
            {t('person.trainer')}
          </Chip>
        )
      }
    >
      {(row) => (
        <>
          <Facts entity={people} row={row} without={['given_name', 'family_name', 'organisation']} />
          {hasRole(me, ...OFFICE) && (
            <Collection entity={roles} fixed={{ person: id }} title={t('roles')} without={['given_name']} />
          )}
          <Collection
            entity={enrolments}
            fixed={{ person: id }}
            title={t('enrolments')}
            without={['given_name']}
            start={{ organisation: row['organisation'] }}
          />
        </>
      )}
    </RowPage>
  );
}

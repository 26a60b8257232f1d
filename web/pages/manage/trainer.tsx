/* A trainer: what she can teach, her hours, the dates that differ. */
import * as words from '../../lang/office.ts';
import type { PageProps } from '../../src/router.ts';
import { Exceptions } from '../trainer/exceptions.tsx';
import { trainers } from './entities-people.ts';
import { Facts, RowPage } from './facts.tsx';
import { useOptions } from './ref-field.tsx';
import { Chip } from '../../ui/chip.tsx';

function Skills({ ids }: { ids: readonly unknown[] }) {
  const { options } = useOptions('skills');
  return (
    <p class="actions">
      {options
        .filter(({ value }) => ids.includes(value))
        .map(({ value, label }) => (
          <Chip key={value}>{label}</Chip>
        ))}
    </p>
  );
}

export default function Trainer({ params }: PageProps) {
  const t = words.manage.use();
  const id = params['id'] ?? '';
  return (
    <RowPage entity={trainers} id={id}>
      {(row) => (
        <>
          <section class="section">
            <h2>{t('skills')}</h2>
            <Skills ids={Array.isArray(row['skills']) ? row['skills'] : []} />
          </section>
          <Facts entity={trainers} row={row} without={['person']} />
          <Exceptions trainer={id} />
        </>
      )}
    </RowPage>
  );
}

/* A course: its modules in teaching order (a lab's phases) and its editions. */
import * as words from '../../lang/office.ts';
import type { PageProps } from '../../src/router.ts';
import { Collection } from './collection.tsx';
import { courses, editions, modules } from './entities-courses.ts';
import { text } from './entity.ts';
import { Facts, RowPage } from './facts.tsx';

export default function Course({ params }: PageProps) {
  const t = words.manage.use();
  const id = params['id'] ?? '';
  return (
    <RowPage
      entity={courses}
      id={id}
      lead={(row) =>
        [t.maybe(`course_kind.${text(row, 'kind')}`), text(row, 'code'), text(row, 'project_title')]
          .filter(Boolean)
          .join(', ')
      }
    >
      {(row) => (
        <>
          <Facts entity={courses} row={row} without={['title', 'code', 'kind', 'project']} />
          <Collection
            entity={modules}
            fixed={{ course: id }}
            title={t('modules')}
            without={row['kind'] === 'lab' ? [] : ['phase']}
          />
          <Collection entity={editions} fixed={{ course: id }} title={t('editions')} />
        </>
      )}
    </RowPage>
  );
}

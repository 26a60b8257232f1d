/* A project: its facts, the way to its plan, activities, calls, groups, courses, editions. */
import * as words from '../../lang/office.ts';
import type { PageProps } from '../../src/router.ts';
import { hasRole, useSession } from '../../src/session.ts';
import { LinkButton } from '../../ui/button.tsx';
import { useDates } from './cell.tsx';
import { Collection } from './collection.tsx';
import { activities, calls, courses, editions, guideGroups, projects } from './entities-courses.ts';
import { text } from './entity.ts';
import type { AnyRow } from './entity.ts';
import { Facts, RowPage } from './facts.tsx';

function Ways({ row }: { row: AnyRow }) {
  const t = words.manage.use();
  return (
    <>
      <LinkButton href={`/projects/${row.id}/board`} icon="calendar">
        {t('project.board')}
      </LinkButton>
      <LinkButton href={`/projects/${row.id}/review`} look="outline" icon="check-circle">
        {t('project.review')}
      </LinkButton>
      <LinkButton href={`/projects/${row.id}/releases`} look="outline" icon="list">
        {t('project.releases')}
      </LinkButton>
    </>
  );
}

export default function Project({ params }: PageProps) {
  const t = words.manage.use();
  const { me } = useSession();
  const dates = useDates();
  const id = params['id'] ?? '';
  const plans = hasRole(me, 'coordinator');
  return (
    <RowPage
      entity={projects}
      id={id}
      lead={(row) => `${text(row, 'code')}, ${dates(text(row, 'starts_on'), text(row, 'ends_on'))}`}
    >
      {(row) => (
        <>
          {plans && (
            <p class="actions ways">
              <Ways row={row} />
            </p>
          )}
          <Facts entity={projects} row={row} without={['title', 'code', 'starts_on', 'ends_on']} />
          <Collection
            entity={activities}
            fixed={{ project: id }}
            title={t('activities')}
            start={{ starts_on: row['starts_on'], ends_on: row['ends_on'] }}
          />
          <Collection entity={calls} only={{ project: id }} title={t('calls')} />
          <Collection entity={guideGroups} fixed={{ project: id }} title={t('guide-groups')} />
          <Collection entity={courses} fixed={{ project: id }} title={t('courses')} without={['project_title']} />
          <Collection entity={{ ...editions, writers: [] }} only={{ project: id }} title={t('editions')} />
        </>
      )}
    </RowPage>
  );
}

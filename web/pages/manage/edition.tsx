/* An edition: what it holds, who is enrolled, what is published of it. */
import * as words from '../../lang/office.ts';
import { get, now, query } from '../../src/api.ts';
import { hasRole, useSession } from '../../src/session.ts';
import type { PageProps } from '../../src/router.ts';
import type { Items, Published } from '../../src/wire.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Loaded, useLoad } from '../../ui/load.tsx';
import { SessionItem, byStart } from '../../ui/session-item.tsx';
import { useDates } from './cell.tsx';
import { Collection } from './collection.tsx';
import { editions, enrolments, sessions } from './entities-courses.ts';
import { text } from './entity.ts';
import { Facts, RowPage } from './facts.tsx';

function Calendar({ edition }: { edition: string }) {
  const t = words.manage.use();
  const loading = useLoad((signal) => get<Items<Published>>(`/published${query({ edition })}`, signal), [edition]);
  const instant = now();
  return (
    <section class="section">
      <h2>{t('edition.calendar')}</h2>
      <Loaded from={loading} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="muted">{t('edition.calendar.none')}</p>
          ) : (
            <ul>
              {[...items].sort(byStart).map((session) => (
                <SessionItem key={session.session} session={session} now={instant} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

export default function Edition({ params }: PageProps) {
  const t = words.manage.use();
  const { me } = useSession();
  const dates = useDates();
  const id = params['id'] ?? '';
  const plans = hasRole(me, 'coordinator');
  return (
    <RowPage
      entity={editions}
      id={id}
      lead={(row) => `${text(row, 'course_title')}, ${dates(text(row, 'starts_on'), text(row, 'ends_on'))}`}
      actions={(row) =>
        plans && (
          <LinkButton href={`/projects/${text(row, 'project')}/board?edition=${id}`} icon="calendar">
            {t('project.board')}
          </LinkButton>
        )
      }
    >
      {(row, loading) => (
        <>
          <Facts entity={editions} row={row} without={['title', 'code', 'starts_on', 'ends_on', 'course']} />
          <Collection
            entity={sessions}
            fixed={{ edition: id }}
            only={{ course: text(row, 'course') }}
            title={t('sessions')}
            without={row['course_kind'] === 'lab' ? [] : ['phase']}
            onChanged={loading.reload}
          />
          <Collection
            entity={enrolments}
            fixed={{ edition: id }}
            title={`${t('enrolments')}: ${t('seats', { seated: text(row, 'seated'), seats: text(row, 'seats') })}`}
            without={['edition_code']}
            onChanged={loading.reload}
          />
          <Calendar edition={id} />
        </>
      )}
    </RowPage>
  );
}

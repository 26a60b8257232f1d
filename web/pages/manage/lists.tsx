/* The pages that are one list: organisations, people, trainers, services, projects, courses. */
import * as words from '../../lang/office.ts';
import { hasRole, useSession } from '../../src/session.ts';
import { LinkButton } from '../../ui/button.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Collection } from './collection.tsx';
import { courses, projects } from './entities-courses.ts';
import { organisations, people, trainers } from './entities-people.ts';
import { services } from './entities-places.ts';
import type { Entity } from './entity.ts';

type Listed = 'organisations' | 'people' | 'trainers' | 'services' | 'projects' | 'courses';
const LISTS: Record<Listed, Entity> = { organisations, people, trainers, services, projects, courses };

export default function Lists() {
  const t = words.manage.use();
  const { me } = useSession();
  const name = location.pathname.split('/')[1] as Listed;
  const makesCourses = (name === 'courses' || name === 'projects') && hasRole(me, 'coordinator');
  return (
    <>
      <PageHead
        title={t(name)}
        lead={t(`${name}.lead`)}
        {...(makesCourses
          ? {
              actions: (
                <LinkButton href="/new-course" icon="star-outline" look={name === 'courses' ? 'primary' : 'outline'}>
                  {t('new_course')}
                </LinkButton>
              ),
            }
          : {})}
      />
      <Collection key={name} entity={LISTS[name]} />
    </>
  );
}

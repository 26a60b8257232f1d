/* Where sessions are held: venues, rooms, virtual rooms and closures, a tab each. */
import * as words from '../../lang/office.ts';
import type { PageProps } from '../../src/router.ts';
import { PageHead } from '../../ui/page.tsx';
import { Collection } from './collection.tsx';
import { closures, rooms, venues, virtualRooms } from './entities-places.ts';

const TABS = [rooms, venues, virtualRooms, closures];

export default function Places({ query }: PageProps) {
  const t = words.manage.use();
  const shown = TABS.find(({ collection }) => collection === query.get('tab')) ?? rooms;
  return (
    <>
      <PageHead title={t('places')} lead={t('places.lead')} />
      <nav class="tabs" aria-label={t('sections')}>
        {TABS.map((tab) => (
          <a
            key={tab.collection}
            href={`/venues?tab=${tab.collection}`}
            aria-current={tab === shown ? 'page' : undefined}
          >
            {t(tab.words as 'edit')}
          </a>
        ))}
      </nav>
      <Collection key={shown.collection} entity={shown} />
    </>
  );
}

/* A call: whether one may adhere now, what it says, and who has answered. */
import * as words from '../../lang/office.ts';
import { now } from '../../src/api.ts';
import { civilDay } from '../../src/i18n.ts';
import type { PageProps } from '../../src/router.ts';
import { Chip } from '../../ui/chip.tsx';
import { useDates } from './cell.tsx';
import { Collection } from './collection.tsx';
import { adhesions, calls } from './entities-courses.ts';
import { text } from './entity.ts';
import type { AnyRow } from './entity.ts';
import { Facts, RowPage } from './facts.tsx';

function State({ row }: { row: AnyRow }) {
  const t = words.manage.use();
  const today = civilDay(now());
  if (today < text(row, 'opens_on')) {
    return <Chip icon="clock">{t('call.soon')}</Chip>;
  }
  return today > text(row, 'closes_on') ? (
    <Chip icon="locked">{t('call.closed')}</Chip>
  ) : (
    <Chip look="success" icon="unlocked">
      {t('call.open')}
    </Chip>
  );
}

export default function Call({ params }: PageProps) {
  const t = words.manage.use();
  const dates = useDates();
  const id = params['id'] ?? '';
  return (
    <RowPage
      entity={calls}
      id={id}
      lead={(row) => `${text(row, 'activity_title')}, ${dates(text(row, 'opens_on'), text(row, 'closes_on'))}`}
      actions={(row) => <State row={row} />}
    >
      {(row) => (
        <>
          <Facts entity={calls} row={row} without={['title', 'activity', 'opens_on', 'closes_on']} />
          <Collection entity={adhesions} fixed={{ call: id }} title={t('adhesions')} without={['call_title']} />
        </>
      )}
    </RowPage>
  );
}

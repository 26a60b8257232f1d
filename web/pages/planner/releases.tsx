/* What was published, the newest first; each release opens on its changes. */
import '../../style/board.scss';

import { useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { useLang } from '../../src/i18n.ts';
import { planOf, release } from '../../src/plan-api.ts';
import type { Release } from '../../src/plan-api.ts';
import type { PageProps } from '../../src/router.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Empty, Loaded, useLoad } from '../../ui/load.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Changes } from './changes.tsx';
import { instantWhen } from './model.ts';

export default function Releases({ params }: PageProps) {
  const t = words.plan.use();
  const project = params['id'] ?? '';
  const loading = useLoad((signal) => planOf(project).releases(signal), [project]);
  return (
    <>
      <PageHead
        title={t('releases.title')}
        lead={t('releases.lead')}
        actions={
          <LinkButton href={`/projects/${project}/board`} look="outline" icon="calendar">
            {t('review.back')}
          </LinkButton>
        }
      />
      <Loaded from={loading} rows={4}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="list" title={t('releases.none')}>
              <p>{t('releases.none.text')}</p>
            </Empty>
          ) : (
            <ol class="releases">
              {items.map((item) => (
                <Item key={item.id} item={item} />
              ))}
            </ol>
          )
        }
      </Loaded>
    </>
  );
}

function Item({ item }: { item: Release }) {
  const t = words.plan.use();
  const lang = useLang();
  const [open, setOpen] = useState(false);
  return (
    <li class="panel">
      <div class="section-head">
        <h2>{item.name}</h2>
        <span class="actions">
          <Chip>{t('releases.number', { n: item.number })}</Chip>
          <Chip look="primary">{t.n('review.changes', item.changed)}</Chip>
        </span>
      </div>
      <p class="muted">{t('releases.by', { when: instantWhen(item.at, lang), name: item.by_name ?? t('someone') })}</p>
      {item.changelog && <p class="release-text">{item.changelog}</p>}
      {item.reason && <p>{t('releases.reason', { text: item.reason })}</p>}
      <details onToggle={(event) => setOpen(event.currentTarget.open)} class="more-choices">
        <summary>{t('releases.changes')}</summary>
        {open && <ReleaseChanges id={item.id} />}
      </details>
    </li>
  );
}

function ReleaseChanges({ id }: { id: string }) {
  const loading = useLoad(() => release(id), [id]);
  return (
    <Loaded from={loading} rows={2}>
      {({ changes }) => <Changes changes={changes ?? []} />}
    </Loaded>
  );
}

/* A page's head: one h1 that takes the focus after a move, a short lead, actions beside it. Sets
 * the window's title. */
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

import * as words from '../lang/index.ts';
import { useSession } from '../src/session.ts';

interface PageHeadProps {
  title: string;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
}

export function PageHead({ title, lead, actions }: PageHeadProps) {
  const t = words.shell.use();
  const { me } = useSession();
  const alliance = me?.alliance.name ?? t('app.name');
  useEffect(() => {
    document.title = t('title', { page: title, alliance });
  }, [title, alliance]);
  return (
    <div class="page-head">
      <div>
        <h1 tabIndex={-1}>{title}</h1>
        {lead && <p class="lead">{lead}</p>}
      </div>
      {actions && <div class="actions">{actions}</div>}
    </div>
  );
}

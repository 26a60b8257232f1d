/* The sessions without a place, always in sight, each with why. */
import { useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { duration, useLang } from '../../src/i18n.ts';
import type { Demand } from '../../src/plan-api.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ConflictLines } from './conflicts.tsx';
import type { StartDrag } from './drag.ts';
import type { Board } from './model.ts';

const SHOWN = 12;

interface UnplacedProps {
  board: Board;
  edition: string;
  onOpen: (session: Demand) => void;
  startDrag: StartDrag;
}

export function Unplaced({ board, edition, onOpen, startDrag }: UnplacedProps) {
  const t = words.plan.use();
  const [all, setAll] = useState(false);
  const rows = board.draft.unplaced.flatMap(({ session: id, reasons }) => {
    const session = board.sessions.get(id);
    return session && (!edition || session.edition === edition) ? [{ session, reasons }] : [];
  });
  rows.sort((a, b) => b.reasons.length - a.reasons.length);
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <aside class="unplaced" aria-label={t('unplaced')}>
      <h2>
        {t('unplaced')} <span class="count-badge">{rows.length}</span>
      </h2>
      {rows.length === 0 && (
        <p class="unplaced-none">
          <Icon name="check-circle" /> {t('unplaced.none')}
        </p>
      )}
      <ul>
        {shown.map(({ session, reasons }) => (
          <Waiting key={session.id} session={session} reasons={reasons} onOpen={onOpen} startDrag={startDrag} />
        ))}
      </ul>
      {rows.length > shown.length && (
        <Button look="plain" onPress={() => setAll(true)}>
          {t('unplaced.more', { n: rows.length })}
        </Button>
      )}
    </aside>
  );
}

interface WaitingProps {
  session: Demand;
  reasons: Board['draft']['unplaced'][number]['reasons'];
  onOpen: (session: Demand) => void;
  startDrag: StartDrag;
}

function Waiting({ session, reasons, onOpen, startDrag }: WaitingProps) {
  const t = words.plan.use();
  const shell = words.shell.use();
  const lang = useLang();
  return (
    <li class="waiting">
      <button
        type="button"
        class="box box-big"
        data-session={session.id}
        onClick={() => onOpen(session)}
        onPointerDown={(event) => startDrag(event, { session, placement: null, from: null })}
      >
        <span class="box-title">
          {session.edition_code} {session.title}
        </span>
        <span class="visually-hidden">{t('unplaced')}</span>
        <span class="muted">
          {duration(session.length_minutes, lang)}, {shell(`modality.${session.modality}`)},{' '}
          {t.n('people', session.people)}
        </span>
      </button>
      {reasons.length > 0 && <ConflictLines conflicts={reasons} />}
    </li>
  );
}

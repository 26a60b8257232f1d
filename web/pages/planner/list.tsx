/* Every session as a list, unplaced ones first: choosing several and changing them at once. */
import { useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { useLang } from '../../src/i18n.ts';
import type { BulkAction, Demand } from '../../src/plan-api.ts';
import { Button } from '../../ui/button.tsx';
import { Chip, ModalityChip } from '../../ui/chip.tsx';
import { CheckField } from '../../ui/field.tsx';
import { Empty } from '../../ui/load.tsx';
import { BulkPreview } from './bulk.tsx';
import { MarkChips } from './chip.tsx';
import { placeWhen, trainersOf, whereOf } from './model.ts';
import type { Board } from './model.ts';

const ACTIONS: readonly BulkAction[] = ['remote', 'presence', 'distanced', 'undistanced'];

interface ListProps {
  board: Board;
  project: string;
  edition: string;
  onOpen: (session: Demand) => void;
  onChanged: () => void;
}

function sorted(board: Board, edition: string): Demand[] {
  const at = ({ id }: Demand) => {
    const placement = board.placements.get(id);
    return placement ? placement.date + placement.start : '';
  };
  return board.draft.sessions
    .filter((session) => !edition || session.edition === edition)
    .sort((a, b) => at(a).localeCompare(at(b)));
}

export function List({ board, project, edition, onOpen, onChanged }: ListProps) {
  const t = words.plan.use();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [action, setAction] = useState<BulkAction | null>(null);
  const rows = sorted(board, edition);
  const picked = rows.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) {
      next.add(id);
    } else {
      next.delete(id);
    }
    setChosen(next);
  };
  if (rows.length === 0) {
    return <Empty icon="calendar" title={t('placed.none')} />;
  }
  return (
    <>
      <div class="bulk-bar">
        <CheckField
          label={t('bulk.choose_all')}
          checked={picked.length === rows.length}
          onValue={(on) => setChosen(new Set(on ? rows.map(({ id }) => id) : []))}
        />
        <span role="status">{picked.length > 0 && t.n('bulk.chosen', picked.length)}</span>
        {picked.length > 0 &&
          ACTIONS.map((name) => (
            <Button key={name} look="outline" onPress={() => setAction(name)}>
              {t(`bulk.${name}`)}
            </Button>
          ))}
      </div>
      <ul class="session-rows">
        {rows.map((session) => (
          <Row
            key={session.id}
            board={board}
            session={session}
            chosen={chosen.has(session.id)}
            onChosen={(on) => toggle(session.id, on)}
            onOpen={onOpen}
          />
        ))}
      </ul>
      {action && (
        <BulkPreview
          board={board}
          project={project}
          sessions={picked}
          action={action}
          onClose={() => setAction(null)}
          onApplied={() => {
            setAction(null);
            setChosen(new Set());
            onChanged();
          }}
        />
      )}
    </>
  );
}

interface RowProps {
  board: Board;
  session: Demand;
  chosen: boolean;
  onChosen: (on: boolean) => void;
  onOpen: (session: Demand) => void;
}

function Row({ board, session, chosen, onChosen, onOpen }: RowProps) {
  const t = words.plan.use();
  const lang = useLang();
  const placement = board.placements.get(session.id);
  return (
    <li class="session-row">
      <label class="row-tick">
        <input
          type="checkbox"
          checked={chosen}
          aria-label={t('bulk.choose', { title: `${session.edition_code} ${session.title}` })}
          onChange={(event) => onChosen(event.currentTarget.checked)}
        />
      </label>
      <div class="row-main">
        <button type="button" class="row-open" onClick={() => onOpen(session)}>
          {session.edition_code} {session.title}
        </button>
        <p>{placement ? placeWhen(placement, session.length_minutes, lang) : t('unplaced')}</p>
        {placement && (
          <p class="muted">{[whereOf(board, placement), trainersOf(board, placement)].filter(Boolean).join(', ')}</p>
        )}
      </div>
      <div class="row-marks">
        {!placement && (
          <Chip look="warning" icon="clock">
            {t('unplaced')}
          </Chip>
        )}
        {placement && <MarkChips placement={placement} />}
        <ModalityChip modality={session.modality} />
        {session.distanced && <Chip>{t('distanced')}</Chip>}
      </div>
    </li>
  );
}

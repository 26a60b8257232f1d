/* What follows the pointer while dragging: the session, and what the cell beneath would break. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { day, noonOf, useLang } from '../../src/i18n.ts';
import { planOf } from '../../src/plan-api.ts';
import type { Conflict } from '../../src/plan-api.ts';
import { ConflictLines } from './conflicts.tsx';
import { dropKey } from './drag.ts';
import type { Dragging } from './drag.ts';
import { anyHard, droppedPlace } from './model.ts';
import type { Board } from './model.ts';

const CHECK_MS = 80;
/* How far from the pointer, and how much room it needs before the window's edge, px. */
const OFFSET = 14;
const WIDTH = 340;
const HEIGHT = 160;

function useOver(project: string, { session, placement, from, over }: Dragging): Conflict[] | null {
  const [conflicts, setConflicts] = useState<Conflict[] | null>(null);
  const key = over ? dropKey(over) : '';
  useEffect(() => {
    setConflicts(null);
    if (!over || !placement) {
      return undefined;
    }
    const abort = new AbortController();
    const timer = setTimeout(() => {
      planOf(project)
        .check(session.id, droppedPlace(placement, from, over.lane, over.date), abort.signal)
        .then(
          (answer) => setConflicts(answer.conflicts),
          () => undefined /* the drop asks again and says what is wrong */,
        );
    }, CHECK_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key]);
  return conflicts;
}

export function DragHint({ board, project, dragging }: { board: Board; project: string; dragging: Dragging }) {
  const t = words.plan.use();
  const lang = useLang();
  const conflicts = useOver(project, dragging);
  const { session, over, x, y } = dragging;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const left = Math.min(x + OFFSET, innerWidth - WIDTH);
    const top = Math.min(y + OFFSET, innerHeight - HEIGHT);
    box.current?.style.setProperty('translate', `${left}px ${top}px`);
  }, [x, y]);
  const place = over
    ? [over.lane && board.names.get(over.lane.id), day(noonOf(over.date), lang)].filter(Boolean).join(', ')
    : '';
  const look = conflicts && conflicts.length > 0 ? (anyHard(conflicts) ? 'drag-hard' : 'drag-soft') : '';
  return (
    <div ref={box} class={`drag-hint ${look}`}>
      <p>
        <strong>
          {session.edition_code} {session.title}
        </strong>
      </p>
      {place && <p role="status">{t('dragging', { title: session.title, place })}</p>}
      {conflicts && <ConflictLines conflicts={conflicts} />}
      {conflicts?.length === 0 && <p>{t('move.fine')}</p>}
    </div>
  );
}

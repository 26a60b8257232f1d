/* Days as columns of cards in order of time; on phones the one day chosen. */
import * as words from '../../lang/office.ts';
import { longDay, noonOf, useLang } from '../../src/i18n.ts';
import type { Demand } from '../../src/plan-api.ts';
import { BigBox } from './chip.tsx';
import { dropKey } from './drag.ts';
import type { Dragging, StartDrag } from './drag.ts';
import { itemsBetween } from './model.ts';
import type { Board } from './model.ts';

interface DaysProps {
  board: Board;
  days: readonly string[];
  edition: string;
  today: string;
  dragging: Dragging | null;
  startDrag: StartDrag;
  onOpen: (session: Demand) => void;
}

export function Days({ board, days, edition, today, dragging, startDrag, onOpen }: DaysProps) {
  const t = words.plan.use();
  const lang = useLang();
  const over = dragging?.over ? dropKey(dragging.over) : '';
  return (
    <div class={`day-columns day-columns-${days.length}`}>
      {days.map((date) => {
        const items = itemsBetween(board, date, date, edition);
        const key = dropKey({ date, lane: null });
        return (
          <section
            key={date}
            class={`day-column ${key === over ? 'is-over' : ''}`}
            data-drop={key}
            aria-label={longDay(noonOf(date), lang)}
          >
            <h2 class={date === today ? 'is-today' : undefined}>{longDay(noonOf(date), lang)}</h2>
            {items.length === 0 && <p class="muted">{t('free')}</p>}
            {items.map((item) => (
              <BigBox
                key={item.session.id}
                board={board}
                item={item}
                lane={null}
                onOpen={onOpen}
                startDrag={startDrag}
              />
            ))}
          </section>
        );
      })}
    </div>
  );
}

/* The week at a glance: rooms, or trainers, by days. A table of plain buttons; cells take drops. */
import * as words from '../../lang/office.ts';
import { day, noonOf, useLang } from '../../src/i18n.ts';
import type { Demand, Draft } from '../../src/plan-api.ts';
import { SmallBox } from './chip.tsx';
import { dropKey } from './drag.ts';
import type { Dragging, StartDrag } from './drag.ts';
import { inLane, itemsBetween } from './model.ts';
import type { Board, Lane } from './model.ts';

interface LaneRow {
  lane: Lane;
  name: string;
  detail: string;
}

/* Virtual rooms come after the rooms, and only where the project meets online. */
function lanesOf(draft: Draft, by: 'rooms' | 'trainers', seats: (n: number) => string): LaneRow[] {
  if (by === 'trainers') {
    return draft.trainers.map(({ id, name }) => ({ lane: { kind: 'trainer', id }, name, detail: '' }));
  }
  const online = draft.sessions.some(({ modality }) => modality !== 'presence');
  return [
    ...draft.rooms.map(
      (room): LaneRow => ({
        lane: { kind: 'room', id: room.id },
        name: room.name,
        detail: `${seats(room.capacity)}, ${room.venue_name}`,
      }),
    ),
    ...(online ? draft.virtual_rooms : []).map(
      ({ id, name }): LaneRow => ({ lane: { kind: 'virtual_room', id }, name, detail: '' }),
    ),
  ];
}

interface MatrixProps {
  board: Board;
  by: 'rooms' | 'trainers';
  days: readonly string[];
  edition: string;
  today: string;
  dragging: Dragging | null;
  startDrag: StartDrag;
  onOpen: (session: Demand) => void;
}

export function Matrix({ board, by, days, edition, today, dragging, startDrag, onOpen }: MatrixProps) {
  const t = words.plan.use();
  const lang = useLang();
  const items = itemsBetween(board, days[0] ?? '', days[days.length - 1] ?? '', edition);
  const over = dragging?.over ? dropKey(dragging.over) : '';
  return (
    <div
      class="matrix-frame"
      tabIndex={0}
      role="region"
      aria-label={t(by === 'rooms' ? 'table.rooms' : 'table.trainers')}
    >
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">{t(by === 'rooms' ? 'room' : 'trainers')}</th>
            {days.map((date) => (
              <th key={date} scope="col" class={date === today ? 'is-today' : undefined}>
                {shortDay(date, lang)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lanesOf(board.draft, by, (n) => t('capacity', { n })).map(({ lane, name, detail }) => (
            <tr key={lane.id}>
              <th scope="row">
                <span>{name}</span>
                {detail && <small>{detail}</small>}
              </th>
              {days.map((date) => {
                const key = dropKey({ date, lane });
                return (
                  <td key={date} data-drop={key} class={key === over ? 'is-over' : undefined}>
                    {items
                      .filter(({ placement }) => placement.date === date && inLane(placement, lane))
                      .map((item) => (
                        <SmallBox key={item.session.id} item={item} lane={lane} onOpen={onOpen} startDrag={startDrag} />
                      ))}
                    <BusyMarks draft={board.draft} lane={lane} date={date} />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/* "gio 12 nov": the year stands in the heading of the week. */
const shortDay = (date: string, lang: Parameters<typeof day>[1]): string =>
  day(noonOf(date), lang).replace(/,? \d{4}$/, '');

/* What other projects have published there. */
function BusyMarks({ draft, lane, date }: { draft: Draft; lane: Lane; date: string }) {
  const t = words.plan.use();
  const taken = draft.busy.filter(
    (busy) =>
      busy.date === date && (lane.kind === 'trainer' ? busy.trainers.includes(lane.id) : busy[lane.kind] === lane.id),
  );
  return (
    <>
      {taken.map(({ start, end }) => (
        <span key={start} class="box-busy">
          {t('busy', { from: start, to: end })}
        </span>
      ))}
    </>
  );
}

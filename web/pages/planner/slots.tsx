/* The best free places of a session, each with what it would cost, taken by one press. */
import * as words from '../../lang/office.ts';
import { useLang } from '../../src/i18n.ts';
import { planOf } from '../../src/plan-api.ts';
import type { Demand, Place, Slot } from '../../src/plan-api.ts';
import { Loaded, useLoad } from '../../ui/load.tsx';
import { placeWhen, say, trainersOf, whereOf } from './model.ts';
import type { Board } from './model.ts';

const ASKED = 10;
const SHOWN = 5;
const A_DAY = 2;

interface SlotsProps {
  board: Board;
  project: string;
  session: Demand;
  onTake: (place: Place) => void;
}

const placeOf = ({ date, start, room, virtual_room, trainers }: Slot): Place => ({
  date,
  start,
  room: room ?? null,
  virtual_room: virtual_room ?? null,
  trainers,
});

/* The first few that differ from where it is, of several days where there are several. */
function chosen(slots: readonly Slot[], now: Place | undefined): Slot[] {
  const others = slots.filter(
    (slot) =>
      !now ||
      slot.date !== now.date ||
      slot.start !== now.start ||
      slot.room !== now.room ||
      slot.trainers.join() !== now.trainers.join(),
  );
  const ofDay = new Map<string, number>();
  const varied = others.filter(({ date }) => {
    const n = (ofDay.get(date) ?? 0) + 1;
    ofDay.set(date, n);
    return n <= A_DAY;
  });
  return [...varied, ...others.filter((slot) => !varied.includes(slot))].slice(0, SHOWN);
}

export function Slots({ board, project, session, onTake }: SlotsProps) {
  const t = words.plan.use();
  const lang = useLang();
  const slots = useLoad(() => planOf(project).bestSlots(session.id, ASKED), [session.id, board.draft.version]);
  return (
    <section class="slots">
      <h3>{t('slots')}</h3>
      <Loaded from={slots} rows={2}>
        {({ slots: all }) =>
          all.length === 0 ? (
            <p>{t('slots.none')}</p>
          ) : (
            <ul>
              {chosen(all, board.placements.get(session.id)).map((slot) => {
                const place = placeOf(slot);
                const when = placeWhen(place, session.length_minutes, lang);
                const where = [whereOf(board, place), trainersOf(board, place)].filter(Boolean).join(', ');
                return (
                  <li key={JSON.stringify(place)}>
                    <button type="button" class="slot" onClick={() => onTake(place)}>
                      <span class="visually-hidden">{t('slots.take', { when, where })}</span>
                      <b aria-hidden="true">{when}</b>
                      <span aria-hidden="true">{where}</span>
                      <span class="muted">
                        {slot.conflicts.map((conflict) => say(conflict, lang)).join('; ') || t('slots.clean')}
                      </span>
                    </button>
                  </li>
                );
              })}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

/* The best free places of a session, each with what it would cost, taken by one press. */
import * as words from '../../lang/office.ts';
import { useLang } from '../../src/i18n.ts';
import { planOf } from '../../src/plan-api.ts';
import type { Demand, Place, Slot } from '../../src/plan-api.ts';
import { Loaded, useLoad } from '../../ui/load.tsx';
import { placeWhen, say, trainersOf, whereOf } from './model.ts';
import type { Board } from './model.ts';

const LIMIT = 5;

interface SlotsProps {
  board: Board;
  project: string;
  session: Demand;
  onTake: (place: Place) => void;
}

const placeOf = ({ date, start, room, virtual_room, trainers }: Slot): Place => ({ date, start, room: room ?? null, virtual_room: virtual_room ?? null, trainers });

export function Slots({ board, project, session, onTake }: SlotsProps) {
  const t = words.plan.use();
  const lang = useLang();
  const slots = useLoad(() => planOf(project).bestSlots(session.id, LIMIT), [session.id, board.draft.version]);
  return (
    <section class="slots">
      <h3>{t('slots')}</h3>
      <Loaded from={slots} rows={2}>
        {({ slots: found }) => found.length === 0 ? <p>{t('slots.none')}</p> : (
          <ul>
            {found.map((slot) => {
              const place = placeOf(slot);
              const when = placeWhen(place, session.length_minutes, lang);
              const where = [whereOf(board, place), trainersOf(board, place)].filter(Boolean).join(', ');
              return (
                <li key={JSON.stringify(place)}>
                  <button type="button" class="slot" onClick={() => onTake(place)}>
                    <span class="visually-hidden">{t('slots.take', { when, where })}</span>
                    <b aria-hidden="true">{when}</b>
                    <span aria-hidden="true">{where}</span>
                    <span class="muted">{slot.conflicts.map((conflict) => say(conflict, lang)).join('; ') || t('slots.clean')}</span>
                  </button>
                </li>
              );
            })}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

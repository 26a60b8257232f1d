/* Dragging a session by mouse or pen. Every drag has a form that does the same (move-form.tsx), so
 * fingers, which scroll, and keyboards don't need it. Cells are elements with data-drop. */
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Demand, Placement } from '../../src/plan-api.ts';
import type { Lane } from './model.ts';

const NEAR_PX = 6;

export interface Dragged {
  session: Demand;
  /* null: from the unplaced. */
  placement: Placement | null;
  from: Lane | null;
}
export interface Target {
  date: string;
  lane: Lane | null;
}
export interface Dragging extends Dragged {
  x: number;
  y: number;
  over: Target | null;
}
export type StartDrag = (event: PointerEvent, dragged: Dragged) => void;

export const dropKey = ({ date, lane }: Target): string => [date, lane?.kind ?? '', lane?.id ?? ''].join('|');

function targetAt(x: number, y: number): Target | null {
  const key = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-drop]')?.dataset['drop'];
  if (!key) {
    return null;
  }
  const [date = '', kind = '', id = ''] = key.split('|');
  return { date, lane: kind ? { kind: kind as Lane['kind'], id } : null };
}

export function useDrag(onDrop: (dragged: Dragged, target: Target) => void) {
  const [dragging, setDragging] = useState<Dragging | null>(null);
  const latest = useRef(onDrop);
  latest.current = onDrop;
  const end = useRef<() => void>(() => undefined);
  useEffect(() => () => end.current(), []);

  const start: StartDrag = (event, dragged) => {
    if (event.button !== 0 || event.pointerType === 'touch') {
      return;
    }
    const { clientX, clientY } = event;
    let moved = false;
    let over: Target | null = null;
    const move = ({ clientX: x, clientY: y }: PointerEvent) => {
      moved ||= Math.hypot(x - clientX, y - clientY) > NEAR_PX;
      if (moved) {
        over = targetAt(x, y);
        setDragging({ ...dragged, x, y, over });
      }
    };
    const stop = () => {
      document.removeEventListener('pointermove', move);
      document.removeEventListener('pointerup', drop);
      document.removeEventListener('pointercancel', stop);
      document.removeEventListener('keydown', escape, true);
      setDragging(null);
    };
    const drop = () => {
      stop();
      if (moved) {
        swallowClick();
        if (over) {
          latest.current(dragged, over);
        }
      }
    };
    const escape = (key: KeyboardEvent) => {
      if (key.key === 'Escape') {
        key.stopPropagation();
        stop();
      }
    };
    document.addEventListener('pointermove', move);
    document.addEventListener('pointerup', drop);
    document.addEventListener('pointercancel', stop);
    document.addEventListener('keydown', escape, true);
    end.current = stop;
  };
  return { dragging, start };
}

/* The click that the browser makes of a drag's end is no press of the button. */
function swallowClick(): void {
  const swallow = (event: Event) => {
    event.stopPropagation();
    event.preventDefault();
  };
  document.addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => document.removeEventListener('click', swallow, { capture: true }), 0);
}

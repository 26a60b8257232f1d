/* Short confirmations at the foot of the window, read aloud politely. One with an action stays
 * longer, and waits while it has the pointer or the focus. */
import { useEffect, useState } from 'preact/hooks';

import * as words from '../lang/index.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

const PLAIN_MS = 5_000;
const ACTION_MS = 12_000;

export interface Toast {
  text: string;
  look?: 'success' | 'danger';
  action?: { label: string; run: () => void };
}

interface Shown extends Toast {
  id: number;
}

let last = 0;
let shown: Shown[] = [];
const listeners = new Set<(toasts: Shown[]) => void>();

function show(next: Shown[]): void {
  shown = next;
  listeners.forEach((listener) => listener(next));
}

export function toast(message: Toast): void {
  last += 1;
  show([...shown.slice(-2), { ...message, id: last }]);
}

const drop = (id: number): void => show(shown.filter((other) => other.id !== id));

function Item({ item }: { item: Shown }) {
  const t = words.shell.use();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) {
      return undefined;
    }
    const timer = setTimeout(() => drop(item.id), item.action ? ACTION_MS : PLAIN_MS);
    return () => clearTimeout(timer);
  }, [held]);
  const { look = 'success', action } = item;
  return (
    <li
      class={look === 'danger' ? 'toast-item toast-danger' : 'toast-item'}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <Icon name={look === 'success' ? 'check-circle' : 'error'} />
      <span>{item.text}</span>
      {action && (
        <Button
          look="plain"
          onPress={() => {
            drop(item.id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <Button look="plain" icon="close" label={t('close')} onPress={() => drop(item.id)} />
    </li>
  );
}

export function Toasts() {
  const [items, setItems] = useState<Shown[]>([]);
  useEffect(() => {
    listeners.add(setItems);
    return () => void listeners.delete(setItems);
  }, []);
  return (
    <div class="toasts" role="status" aria-live="polite">
      <ul>{items.map((item) => <Item key={item.id} item={item} />)}</ul>
    </div>
  );
}

/* A link to be copied: readable, selectable, one press to the clipboard. */
import { useId, useState } from 'preact/hooks';

import * as words from '../lang/index.ts';
import { Button } from './button.tsx';

export function CopyField({ label, value }: { label: string; value: string }) {
  const t = words.shell.use();
  const id = useId();
  const [done, setDone] = useState(false);
  const copy = async () => {
    const input = document.getElementById(id);
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      if (input instanceof HTMLInputElement) {
        input.select(); /* no clipboard here: the person copies by hand */
      }
      return;
    }
    setDone(true);
    setTimeout(() => setDone(false), 3000);
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="copy">
        <input id={id} class="form-control" readOnly value={value} onFocus={(event) => event.currentTarget.select()} />
        <Button look="outline" icon={done ? 'check' : 'copy'} onPress={() => void copy()}>
          {done ? t('copied') : t('copy')}
        </Button>
      </div>
      <span class="visually-hidden" role="status">
        {done ? t('copied') : ''}
      </span>
    </div>
  );
}

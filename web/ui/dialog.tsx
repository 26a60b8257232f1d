/* A modal dialog on the browser's own <dialog>: it traps focus and closes on Escape; when it goes,
 * focus returns to what opened it. On phones it is a sheet at the bottom. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

import * as words from '../lang/index.ts';
import { Button } from './button.tsx';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  /* Buttons at the foot, the main one last. */
  actions?: ComponentChildren;
  wide?: boolean;
}

export function Dialog({ title, onClose, children, actions, wide }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  const t = words.shell.use();
  useEffect(() => {
    const opener = document.activeElement;
    box.current?.showModal();
    return () => {
      box.current?.close();
      if (opener instanceof HTMLElement && opener.isConnected) {
        opener.focus();
      }
    };
  }, []);
  return (
    <dialog
      ref={box}
      class={wide ? 'sheet sheet-wide' : 'sheet'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === box.current) {
          onClose();
        }
      }}
    >
      <div class="sheet-body">
        <header class="sheet-head">
          <h2 id={id}>{title}</h2>
          <Button look="plain" icon="close" label={t('close')} onPress={onClose} />
        </header>
        {children}
        {actions && <footer class="sheet-foot">{actions}</footer>}
      </div>
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  text: string;
  /* The verb of what will happen: "Revoca", never "OK". */
  verb: string;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function Confirm({ title, text, verb, busy = false, onConfirm, onClose }: ConfirmProps) {
  const t = words.shell.use();
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button look="outline" onPress={onClose}>{t('cancel')}</Button>
          <Button look="danger" busy={busy} onPress={onConfirm}>{verb}</Button>
        </>
      }
    >
      <p>{text}</p>
    </Dialog>
  );
}

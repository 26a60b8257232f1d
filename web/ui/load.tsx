/* Waiting for data: a skeleton of the coming shape, then the data, or a sentence and a way to try
 * again. While a second read runs the first data stay on screen. */
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';

import * as words from '../lang/index.ts';
import { asProblem } from '../src/api.ts';
import type { Problem } from '../src/api.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { useSentence } from './problem.ts';

export interface Loading<T> {
  data: T | undefined;
  problem: Problem | null;
  reload(): void;
  /* Puts a value in place of the loaded one, after a change we know the outcome of. */
  set(data: T): void;
}

/* Reads when shown and whenever `keys` change; an answer that comes too late is dropped. */
export function useLoad<T>(read: (signal: AbortSignal) => Promise<T>, keys: readonly unknown[] = []): Loading<T> {
  const [data, set] = useState<T>();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    read(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) {
          set(() => value);
          setProblem(null);
        }
      },
      (failure: unknown) => {
        if (!abort.signal.aborted) {
          setProblem(asProblem(failure));
        }
      },
    );
    return () => abort.abort();
  }, [...keys, round]);
  return { data, problem, set: (value) => set(() => value), reload: useCallback(() => setRound((n) => n + 1), []) };
}

interface LoadedProps<T> {
  from: Loading<T>;
  /* How many grey rows to show while waiting. */
  rows?: number;
  children: (data: T) => ComponentChildren;
}

export function Loaded<T>({ from, rows = 3, children }: LoadedProps<T>) {
  if (from.data === undefined) {
    return from.problem ? <Failure problem={from.problem} retry={from.reload} /> : <Skeleton rows={rows} />;
  }
  return (
    <>
      {from.problem && <Failure problem={from.problem} retry={from.reload} />}
      {children(from.data)}
    </>
  );
}

export function Skeleton({ rows = 3 }: { rows?: number }) {
  const t = words.shell.use();
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">{t('loading')}</span>
      {Array.from({ length: rows }, (_, i) => <div key={i} class="skeleton-row" />)}
    </div>
  );
}

export function Failure({ problem, retry }: { problem: Problem; retry: () => void }) {
  const t = words.shell.use();
  const sentence = useSentence();
  return (
    <div class="notice notice-danger" role="alert">
      <Icon name="error" />
      <div>
        <p>{sentence(problem)}</p>
        <Button look="outline" icon="refresh" onPress={retry}>{t('retry')}</Button>
      </div>
    </div>
  );
}

/* An empty place says what would be here and what to do about it. */
export function Empty({ icon = 'inbox', title, children }: { icon?: string; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

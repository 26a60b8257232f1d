/* The end of a list that is read page by page: a button for the next one. */
import { useState } from 'preact/hooks';

import * as words from '../lang/index.ts';
import { asProblem } from '../src/api.ts';
import type { Problem } from '../src/api.ts';
import type { Page } from '../src/wire.ts';
import { Button } from './button.tsx';
import { Failure } from './load.tsx';
import type { Loading } from './load.tsx';

interface MoreProps<T> {
  from: Loading<Page<T>>;
  read: (after: string) => Promise<Page<T>>;
}

export function More<T>({ from, read }: MoreProps<T>) {
  const t = words.shell.use();
  const [problem, setProblem] = useState<Problem | null>(null);
  const next = from.data?.next;
  if (!from.data || !next) {
    return null;
  }
  const shown = from.data.items;
  const press = () => {
    setProblem(null);
    read(next).then(
      (page) => from.set({ ...page, items: [...shown, ...page.items] }),
      (failure: unknown) => setProblem(asProblem(failure)),
    );
  };
  return problem ? (
    <Failure problem={problem} retry={press} />
  ) : (
    <p class="actions">
      <Button look="outline" onPress={press}>
        {t('more')}
      </Button>
    </p>
  );
}

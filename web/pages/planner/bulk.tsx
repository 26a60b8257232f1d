/* Many sessions at once, online or back, distanced or back: the damage first, then the change. */
import { useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { asProblem } from '../../src/api.ts';
import type { Problem } from '../../src/api.ts';
import { planOf } from '../../src/plan-api.ts';
import type { BulkAction, BulkAnswer, BulkState } from '../../src/plan-api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FormProblem, Notice } from '../../ui/field.tsx';
import { Loaded, useLoad } from '../../ui/load.tsx';
import { Table } from '../../ui/table.tsx';
import { toast } from '../../ui/toast.tsx';
import { ConflictLines } from './conflicts.tsx';
import { whereOf } from './model.ts';
import type { Board } from './model.ts';

interface BulkProps {
  board: Board;
  project: string;
  sessions: readonly string[];
  action: BulkAction;
  onClose: () => void;
  onApplied: () => void;
}

export function BulkPreview({ board, project, sessions, action, onClose, onApplied }: BulkProps) {
  const t = words.plan.use();
  const shell = words.shell.use();
  const api = planOf(project);
  const preview = useLoad(() => api.bulk(sessions, action, true), [action]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const apply = async () => {
    setBusy(true);
    try {
      await api.bulk(sessions, action, false);
      toast({ text: t('bulk.applied') });
      onApplied();
    } catch (failure) {
      setProblem(asProblem(failure));
      setBusy(false);
    }
  };
  const changes = preview.data?.changes.length ?? 0;
  return (
    <Dialog
      wide
      title={t(`bulk.${action}`)}
      onClose={onClose}
      actions={
        <>
          <Button look="outline" onPress={onClose}>
            {shell('cancel')}
          </Button>
          {changes > 0 && (
            <Button busy={busy} onPress={() => void apply()}>
              {t('bulk.apply')}
            </Button>
          )}
        </>
      }
    >
      <FormProblem problem={problem} />
      <Loaded from={preview}>{(answer) => <Damage board={board} answer={answer} />}</Loaded>
    </Dialog>
  );
}

function Damage({ board, answer }: { board: Board; answer: BulkAnswer }) {
  const t = words.plan.use();
  const shell = words.shell.use();
  if (answer.changes.length === 0) {
    return <p>{t('bulk.nothing')}</p>;
  }
  const state = (was: BulkState) =>
    [
      shell(`modality.${was.modality}`),
      was.distanced && t('distanced'),
      was.placed ? whereOf(board, was) : t('unplaced'),
    ]
      .filter(Boolean)
      .join(', ');
  const conflicts = answer.changes.flatMap((change) => change.conflicts);
  return (
    <>
      <Notice look={answer.unplaced > 0 ? 'warning' : 'info'}>
        <p>
          <strong>
            {t.n('bulk.changes', answer.changes.length)}; {t.n('bulk.people', answer.people_affected)}.
          </strong>{' '}
          {answer.unplaced > 0 ? t.n('bulk.unplaced', answer.unplaced) : t('bulk.kept')}.
        </p>
        <p>{t('bulk.draft_only')}</p>
      </Notice>
      {conflicts.length > 0 && <ConflictLines conflicts={conflicts} />}
      <Table
        caption={t('bulk.preview')}
        rows={answer.changes}
        rowKey={({ session }) => session}
        columns={[
          {
            name: t('bulk.session'),
            cell: ({ session }) =>
              `${board.sessions.get(session)?.edition_code ?? ''} ${board.sessions.get(session)?.title ?? ''}`,
          },
          { name: t('bulk.before'), cell: ({ before }) => state(before) },
          { name: t('bulk.after'), cell: ({ after }) => state(after) },
        ]}
      />
    </>
  );
}

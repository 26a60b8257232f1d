/* Where a link by mail arrives. A button completes it, so that a mail scanner that opens links
 * doesn't use it up. */
import { useState } from 'preact/hooks';

import * as words from '../../lang/index.ts';
import { Problem, asProblem, signIn } from '../../src/api.ts';
import { navigate } from '../../src/router.ts';
import type { PageProps } from '../../src/router.ts';
import { useSession } from '../../src/session.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { FormProblem, Notice } from '../../ui/field.tsx';
import { PageHead } from '../../ui/page.tsx';
import { toast } from '../../ui/toast.tsx';
import { safeNext } from './sign-in.tsx';

const SPENT = ['gone', 'not_found', 'unauthenticated', 'invalid_field'];

export default function SignInConfirm({ query }: PageProps) {
  const t = words.signIn.use();
  const { refresh } = useSession();
  const token = query.get('t') ?? '';
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const spent = problem !== null && SPENT.includes(problem.code);
  const confirm = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const { person, next } = await signIn.confirm(token);
      await refresh();
      toast({ text: t('welcome', { name: person.given_name }) });
      navigate(safeNext(next), { replace: true });
    } catch (failure) {
      setProblem(asProblem(failure));
      setBusy(false);
    }
  };
  return (
    <div class="narrow">
      <PageHead title={t('confirm.title')} lead={token && !spent ? t('confirm.text') : undefined} />
      {!token && <Notice look="warning">{t('confirm.missing')}</Notice>}
      <div role="alert">{spent && <Notice look="warning">{t('confirm.gone')}</Notice>}</div>
      {!spent && <FormProblem problem={problem} />}
      {token && !spent ? (
        <Button class="btn-big btn-block" busy={busy} onPress={() => void confirm()}>
          {t('enter')}
        </Button>
      ) : (
        <LinkButton href="/sign-in">{t('confirm.new')}</LinkButton>
      )}
    </div>
  );
}

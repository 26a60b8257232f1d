/* Signing in: a password, or a link by mail. Whoever came from another page goes back there. */
import { useState } from 'preact/hooks';

import * as words from '../../lang/index.ts';
import { Problem, asProblem, signIn } from '../../src/api.ts';
import { navigate } from '../../src/router.ts';
import type { PageProps } from '../../src/router.ts';
import { useSession } from '../../src/session.ts';
import { Button } from '../../ui/button.tsx';
import { FormProblem, Notice, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { PageHead } from '../../ui/page.tsx';
import { toast } from '../../ui/toast.tsx';

/* Only our own pages: "/x", never "//host" or "https:". */
export function safeNext(next: string | null | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/';
}

const complete = (email: string): boolean => /^\S+@\S+\.\S+$/.test(email.trim());

/* What the two ways share: sending, and its problem. */
function useSend() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (failure) {
      setProblem(asProblem(failure));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, send };
}

export default function SignIn({ query }: PageProps) {
  const t = words.signIn.use();
  const next = safeNext(query.get('next'));
  const spent = query.get('link'); /* a mailed link that no longer opens: gone, unknown */
  const [email, setEmail] = useState('');
  const [sentTo, setSentTo] = useState<string | null>(null);
  if (sentTo !== null) {
    return <Sent email={sentTo} onOther={() => setSentTo(null)} />;
  }
  return (
    <>
      <PageHead title={t('title')} lead={t('lead')} />
      {spent && <Notice look="warning">{t(spent === 'gone' ? 'link.gone' : 'link.unknown')}</Notice>}
      <div class="two-ways">
        <WithPassword email={email} onEmail={setEmail} next={next} />
        <WithLink email={email} onEmail={setEmail} next={next} onSent={setSentTo} />
      </div>
    </>
  );
}

interface WayProps {
  email: string;
  onEmail: (email: string) => void;
  next: string;
}

function Email({
  email,
  onEmail,
  asked,
  problem,
}: Omit<WayProps, 'next'> & { asked: boolean; problem: Problem | null }) {
  const t = words.signIn.use();
  return (
    <TextField
      label={t('email')}
      hint={t('email.hint')}
      pointer="/email"
      problem={problem}
      error={asked && !complete(email) ? t('email.error') : undefined}
      value={email}
      onValue={onEmail}
      input={{ type: 'email', autocomplete: 'username', inputMode: 'email', maxLength: 254 }}
    />
  );
}

function WithPassword({ email, onEmail, next }: WayProps) {
  const t = words.signIn.use();
  const { refresh } = useSession();
  const { busy, problem, send } = useSend();
  const [password, setPassword] = useState('');
  const [visible, setVisible] = useState(false);
  const [asked, setAsked] = useState(false);
  const submit = () => {
    setAsked(true);
    if (!complete(email) || !password) {
      return;
    }
    void send(async () => {
      const { person } = await signIn.password(email.trim(), password);
      await refresh();
      toast({ text: t('welcome', { name: person.given_name }) });
      navigate(next, { replace: true });
    });
  };
  const wrong = problem?.code === 'unauthenticated';
  return (
    <form
      class="panel"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h2>{t('with_password')}</h2>
      <FormProblem problem={wrong ? null : problem} pointers={['/email', '/password']} />
      <div role="alert">{wrong && <Notice look="danger">{t('wrong')}</Notice>}</div>
      <Email email={email} onEmail={onEmail} asked={asked} problem={problem} />
      <TextField
        label={t('password')}
        pointer="/password"
        problem={problem}
        error={asked && !password ? t('password.error') : undefined}
        value={password}
        onValue={setPassword}
        input={{ type: visible ? 'text' : 'password', autocomplete: 'current-password', maxLength: 1024 }}
      />
      <div class="actions">
        <Button submit busy={busy}>
          {t('enter')}
        </Button>
        <Button look="plain" pressed={visible} onPress={() => setVisible(!visible)}>
          {visible ? t('hide') : t('show')}
        </Button>
      </div>
    </form>
  );
}

function WithLink({ email, onEmail, next, onSent }: WayProps & { onSent: (email: string) => void }) {
  const t = words.signIn.use();
  const { busy, problem, send } = useSend();
  const [asked, setAsked] = useState(false);
  const submit = () => {
    setAsked(true);
    if (complete(email)) {
      void send(async () => {
        await signIn.link(email.trim(), next === '/' ? undefined : next);
        onSent(email.trim());
      });
    }
  };
  return (
    <form
      class="panel"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h2>{t('with_link')}</h2>
      <FormProblem problem={problem} pointers={['/email']} />
      <Email email={email} onEmail={onEmail} asked={asked} problem={problem} />
      <Button submit look="outline" icon="mail" busy={busy}>
        {t('send')}
      </Button>
    </form>
  );
}

function Sent({ email, onOther }: { email: string; onOther: () => void }) {
  const t = words.signIn.use();
  const { me } = useSession();
  return (
    <div class="narrow" role="status">
      <PageHead title={t('sent.title')} />
      <p>{t('sent.text', { email })}</p>
      <p class="muted">{t('sent.again')}</p>
      <div class="actions">
        {me?.alliance.demo && (
          <a class="btn btn-primary" href="/demo/mail">
            <Icon name="mail" /> {t('sent.demo')}
          </a>
        )}
        <Button look="outline" onPress={onOther}>
          {t('sent.other')}
        </Button>
      </div>
    </div>
  );
}

/* Check-in, made for a phone held in one hand in a full room. Three ways in: a typed code; a
 * scanned link whose claim the server already keeps (?session=); a scanned link opened without a
 * network, whose code stands in the address (/c/{session}/{code}). Whatever is recorded is stored
 * on the device first and sent once, now or when the network is back (src/outbox.ts). */
import '../../style/check-in.scss';

import { useEffect, useRef, useState } from 'preact/hooks';

import * as words from '../../lang/index.ts';
import type { Problem } from '../../src/api.ts';
import { moment, time, useLang } from '../../src/i18n.ts';
import { checkIn, dismiss, flush, observe } from '../../src/outbox.ts';
import type { Waiting } from '../../src/outbox.ts';
import type { PageProps } from '../../src/router.ts';
import { sessions } from '../../src/session-api.ts';
import { member, useSession } from '../../src/session.ts';
import type { CheckIn, CheckInAnswer, Published } from '../../src/wire.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Notice } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { PageHead } from '../../ui/page.tsx';
import { codeSentence, useSentence } from '../../ui/problem.ts';
import { sessionPlace, sessionWhen } from '../../ui/session-item.tsx';
import { toast } from '../../ui/toast.tsx';

const CODE_LENGTH = 6;
/* A claim that the server does not hold: the page falls back to the typed code. */
const NO_CLAIM = ['code_wrong', 'code_expired', 'missing_field', 'not_found', 'gone'];

type Step =
  | { name: 'ask'; problem: Problem | null; claimFailed?: boolean; typed?: string }
  | { name: 'sending' }
  | { name: 'done'; answer: CheckInAnswer }
  | { name: 'saved' }
  | { name: 'no_storage' };

type Kind = 'in' | 'out';

export default function CheckInPage({ params, query }: PageProps) {
  const t = words.checkIn.use();
  const lang = useLang();
  const { me } = useSession();
  const [step, setStep] = useState<Step>({ name: 'ask', problem: null });
  const [kind, setKind] = useState<Kind>('in');
  const refused = query.get('problem'); /* the server's word on a scanned link it did not take */
  const claimed = refused ? undefined : (query.get('session') ?? undefined);
  const scanned = params['session'] ? { session: params['session'], code: params['code'] ?? '' } : undefined;
  const signedOut = me !== null && !me.signed_in;

  const record = async (claim: Omit<CheckIn, 'nonce'>) => {
    setStep({ name: 'sending' });
    if (claimed || scanned) {
      history.replaceState(null, '', '/check-in'); /* a reload must not record it twice */
    }
    try {
      const outcome = await checkIn(claim);
      if (outcome.sent) {
        setStep({ name: 'done', answer: outcome.answer });
      } else if (outcome.problem.passing || outcome.problem.code === 'unauthenticated') {
        setStep({ name: 'saved' });
      } else {
        const claimFailed = Boolean(claim.claim) && NO_CLAIM.includes(outcome.problem.code);
        setStep({ name: 'ask', problem: claimFailed ? null : outcome.problem, claimFailed, typed: claim.code });
      }
    } catch {
      setStep({ name: 'no_storage' });
    }
  };
  const started = useRef(false);
  useEffect(() => {
    if (started.current || (signedOut && !scanned)) {
      return;
    }
    if (claimed) {
      started.current = true;
      void record({ session: claimed, claim: true, kind: 'in' });
    } else if (scanned) {
      started.current = true;
      void record({ ...scanned, kind: 'in' });
    }
  }, [signedOut]);

  const session = query.get('for') ?? query.get('session') ?? scanned?.session;
  return (
    <div class="narrow check-in">
      <PageHead title={t('title')} />
      {session && <SessionLine id={session} />}
      {refused && step.name === 'ask' && (
        <Notice look="warning">{codeSentence(refused, lang) ?? t('claim.failed')}</Notice>
      )}
      <Queue person={member(me)?.person.id ?? null} quiet={step.name === 'saved'} />
      {signedOut && step.name !== 'saved' ? (
        <SignInFirst kept={claimed !== undefined} />
      ) : (
        <Steps
          step={step}
          kind={kind}
          onKind={setKind}
          onCode={(code) => void record({ code, kind, ...(session ? { session } : {}) })}
          onAgain={() => setStep({ name: 'ask', problem: null })}
        />
      )}
    </div>
  );
}

interface StepsProps {
  step: Step;
  kind: Kind;
  onKind: (kind: Kind) => void;
  onCode: (code: string) => void;
  onAgain: () => void;
}

function Steps({ step, kind, onKind, onCode, onAgain }: StepsProps) {
  const t = words.checkIn.use();
  return (
    <div aria-live="polite">
      {step.name === 'sending' && (
        <p class="check-in-wait">
          <Icon name="clock" /> {t('sending')}
        </p>
      )}
      {step.name === 'ask' && (
        <>
          {step.claimFailed && <Notice look="warning">{t('claim.failed')}</Notice>}
          <CodeForm problem={step.problem} typed={step.typed} kind={kind} onKind={onKind} onCode={onCode} />
        </>
      )}
      {step.name === 'done' && <Done answer={step.answer} onAgain={onAgain} />}
      {step.name === 'saved' && (
        <div class="result result-saved">
          <Icon name="download" />
          <h2>{t('saved.title')}</h2>
          <p>{t('saved.text')}</p>
        </div>
      )}
      {step.name === 'no_storage' && <Notice look="danger">{t('storage')}</Notice>}
    </div>
  );
}

/* Letters and digits only, in capitals: "abc 234" and "ABC-234" are the same code. */
const tidy = (text: string): string =>
  text
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, CODE_LENGTH);

type CodeFormProps = Pick<StepsProps, 'kind' | 'onKind' | 'onCode'> & {
  problem: Problem | null;
  /* The refused code, to be corrected. */
  typed?: string;
};

function CodeForm({ problem, typed: before = '', kind, onKind, onCode }: CodeFormProps) {
  const t = words.checkIn.use();
  const sentence = useSentence();
  const [code, setCode] = useState(before);
  const [short, setShort] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (problem) {
      input.current?.focus();
      input.current?.select();
    }
  }, [problem]);
  const submit = (value: string) => {
    setShort(value.length < CODE_LENGTH);
    if (value.length === CODE_LENGTH) {
      onCode(value);
    } else {
      input.current?.focus();
    }
  };
  const typed = (value: string) => {
    const next = tidy(value);
    setCode(next);
    if (next.length === CODE_LENGTH && next !== code) {
      submit(next);
    }
  };
  const error = short ? t('code.error') : problem ? sentence(problem) : undefined;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit(code);
      }}
    >
      <p>{t('lead')}</p>
      <fieldset class="two-choices">
        <legend class="visually-hidden">{t('kind')}</legend>
        {(['in', 'out'] as const).map((choice) => (
          <label key={choice} class={kind === choice ? 'is-chosen' : ''}>
            <input type="radio" name="kind" checked={kind === choice} onChange={() => onKind(choice)} />
            {t(`kind.${choice}`)}
          </label>
        ))}
      </fieldset>
      <div class={`field ${error ? 'has-error' : ''}`}>
        <label for="code">{t('code')}</label>
        <input
          ref={input}
          id="code"
          class="form-control code-input"
          type="text"
          inputMode="text"
          autocomplete="one-time-code"
          autocapitalize="characters"
          spellcheck={false}
          value={code}
          aria-describedby="code-hint code-error"
          aria-invalid={error ? 'true' : undefined}
          onInput={(event) => typed(event.currentTarget.value)}
        />
        <p class="hint" id="code-hint">
          {t('code.hint')}
        </p>
        <p class="error" id="code-error" role="alert">
          {error && (
            <>
              <Icon name="error" /> {error}
            </>
          )}
        </p>
      </div>
      <Button submit class="btn-big btn-block" icon="check">
        {t('send')}
      </Button>
    </form>
  );
}

function Done({ answer, onAgain }: { answer: CheckInAnswer; onAgain: () => void }) {
  const t = words.checkIn.use();
  const lang = useLang();
  return (
    <div class="result result-done">
      <Icon name="check-circle" />
      <h2>{t(answer.kind === 'out' ? 'done.out' : 'done.in')}</h2>
      <p>{t('done.at', { title: answer.title, time: time(answer.at, lang) })}</p>
      {answer.state === 'late' && <p>{t('done.late')}</p>}
      <div class="actions">
        <LinkButton href="/my-sessions">{t('my_sessions')}</LinkButton>
        <Button look="outline" onPress={onAgain}>
          {t('again')}
        </Button>
      </div>
    </div>
  );
}

function SignInFirst({ kept }: { kept: boolean }) {
  const t = words.checkIn.use();
  const shell = words.shell.use();
  const next = encodeURIComponent(location.pathname + location.search);
  return (
    <div class="panel">
      <h2>{t('sign_in.title')}</h2>
      <p>{kept ? t('sign_in.text') : t('sign_in.plain')}</p>
      <LinkButton class="btn-big btn-block" icon="user" href={`/sign-in?next=${next}`}>
        {shell('sign_in')}
      </LinkButton>
    </div>
  );
}

function SessionLine({ id }: { id: string }) {
  const shell = words.shell.use();
  const lang = useLang();
  const [session, setSession] = useState<Published | null>(null);
  useEffect(() => {
    sessions.published(id).then(setSession, () => undefined); /* without a network we do without */
  }, [id]);
  return (
    session && (
      <p class="check-in-session">
        <strong>{session.title}</strong>
        <br />
        {sessionWhen(session, lang, shell('italian_time'))}
        <br />
        <span class="muted">{sessionPlace(session)}</span>
      </p>
    )
  );
}

/* What still waits on this device, and what was refused. */
function Queue({ person, quiet }: { person: string | null; quiet: boolean }) {
  const t = words.checkIn.use();
  const lang = useLang();
  const sentence = words.problems;
  const [entries, setEntries] = useState<Waiting[]>([]);
  const [busy, setBusy] = useState(false);
  useEffect(() => observe(setEntries), []);
  const waiting = entries.filter((entry) => !entry.refused);
  const refused = entries.filter((entry) => entry.refused);
  const first = waiting[0];
  const sendNow = async () => {
    setBusy(true);
    const sent = (await flush()).filter((outcome) => outcome.sent).length;
    setBusy(false);
    if (sent > 0) {
      toast({ text: t.n('sent', sent) });
    }
  };
  return (
    <div role="status">
      {first && (
        <div class="notice notice-warning">
          <Icon name="upload" />
          <div>
            <p>
              <strong>{t.n('waiting', waiting.length)}</strong> (
              {t('waiting.since', { when: moment(first.queued_at, lang) })})
            </p>
            {person === null && !quiet && navigator.onLine && <p>{t('waiting.sign_in')}</p>}
            <Button look="outline" icon="refresh" busy={busy} onPress={() => void sendNow()}>
              {t('send_now')}
            </Button>
          </div>
        </div>
      )}
      {refused.map((entry) => (
        <div key={entry.nonce} class="notice notice-danger">
          <Icon name="error" />
          <div>
            <p>
              <strong>{t('refused.title')}</strong> ({moment(entry.queued_at, lang)})
            </p>
            <p>{sentence.of(lang).maybe(entry.refused ?? '')}</p>
            <Button look="outline" onPress={() => void dismiss(entry.nonce)}>
              {t('refused.ok')}
            </Button>
          </div>
        </div>
      ))}
    </div>
  );
}

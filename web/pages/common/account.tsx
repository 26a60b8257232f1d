/* My account: who I am, language, calendars, password, remembered devices. */
import { useState } from 'preact/hooks';

import * as words from '../../lang/more.ts';
import { asProblem, me as meApi } from '../../src/api.ts';
import type { Problem } from '../../src/api.ts';
import { day, moment, useLang } from '../../src/i18n.ts';
import { own } from '../../src/own-api.ts';
import { member, useSession } from '../../src/session.ts';
import type { Device, Member } from '../../src/wire.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { FormProblem, TextField } from '../../ui/field.tsx';
import { Loaded, useLoad } from '../../ui/load.tsx';
import { PageHead } from '../../ui/page.tsx';
import { useSentence } from '../../ui/problem.ts';
import { toast } from '../../ui/toast.tsx';

const SHORTEST_PASSWORD = 10;

export default function Account() {
  const t = words.account.use();
  const { me } = useSession();
  const signedIn = member(me);
  return (
    <>
      <PageHead title={t('title')} />
      {signedIn && <Who me={signedIn} />}
      <section class="panel">
        <h2>{t('calendar')}</h2>
        <p>{t('calendar.text')}</p>
        <LinkButton look="outline" icon="calendar" href="/calendar">
          {t('calendar.open')}
        </LinkButton>
      </section>
      <Password />
      <Devices />
    </>
  );
}

function Who({ me }: { me: Member }) {
  const t = words.account.use();
  const shell = words.shell.use();
  const { person } = me;
  return (
    <section class="panel">
      <h2>
        {person.given_name} {person.family_name}
      </h2>
      <dl class="facts">
        <dt>{t('email')}</dt>
        <dd>{person.email ?? t('no_email')}</dd>
        <dt>{t('roles')}</dt>
        <dd>
          {me.roles.map((held) => (
            <Chip key={held.role + (held.organisation ?? held.territory ?? '')}>
              {[shell(`role.${held.role}`), held.organisation_name ?? held.territory_name].filter(Boolean).join(', ')}
            </Chip>
          ))}
        </dd>
        {person.organisation_name && (
          <>
            <dt>{t('organisation')}</dt>
            <dd>{person.organisation_name}</dd>
          </>
        )}
      </dl>
      <p class="muted">
        {t('who.wrong')} {t('language.text')}
      </p>
    </section>
  );
}

function Password() {
  const t = words.account.use();
  const { me } = useSession();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const short = next.length < SHORTEST_PASSWORD;
  const submit = async () => {
    setAsked(true);
    if (short) {
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      await meApi.change({ password: { ...(current ? { current } : {}), new: next } });
      setCurrent('');
      setNext('');
      setAsked(false);
      toast({ text: t('password.saved') });
    } catch (failure) {
      setProblem(asProblem(failure));
    } finally {
      setBusy(false);
    }
  };
  const wrong = problem?.pointer === '/password/current';
  return (
    <form
      class="panel"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2>{t('password')}</h2>
      <p>{t('password.text')}</p>
      <div class="narrow">
        <FormProblem problem={problem} pointers={['/password/current', '/password/new']} />
        <input type="email" autocomplete="username" value={member(me)?.person.email ?? ''} readOnly hidden />
        <TextField
          label={t('password.current')}
          hint={t('password.current.hint')}
          optional
          {...(wrong ? { error: t('password.wrong') } : {})}
          value={current}
          onValue={setCurrent}
          input={{ type: 'password', autocomplete: 'current-password', maxLength: 1024 }}
        />
        <TextField
          label={t('password.new')}
          hint={t('password.new.hint')}
          pointer="/password/new"
          problem={problem}
          {...(asked && short ? { error: t('password.short') } : {})}
          value={next}
          onValue={setNext}
          input={{ type: 'password', autocomplete: 'new-password', maxLength: 1024 }}
        />
        <Button submit look="outline" busy={busy}>
          {t('password.save')}
        </Button>
      </div>
    </form>
  );
}

function Devices() {
  const t = words.account.use();
  const lang = useLang();
  const sentence = useSentence();
  const { refresh } = useSession();
  const loading = useLoad(() => own.devices());
  const [asked, setAsked] = useState<Device | null>(null);
  const [busy, setBusy] = useState(false);
  const revoke = async (device: Device) => {
    setBusy(true);
    try {
      await own.revoke(device.id);
      toast({ text: t('device.revoked') });
      if (device.current) {
        await refresh();
      } else {
        loading.reload();
      }
    } catch (failure) {
      toast({ text: sentence(asProblem(failure)), look: 'danger' });
    }
    setBusy(false);
    setAsked(null);
  };
  return (
    <section class="panel">
      <h2>{t('devices')}</h2>
      <p>{t('devices.text')}</p>
      <Loaded from={loading} rows={2}>
        {({ items }) => (
          <ul>
            {items.map((device) => (
              <li key={device.id} class="device">
                <div>
                  <strong>{device.label}</strong> {device.current && <Chip look="primary">{t('device.current')}</Chip>}
                  <p class="muted">
                    {t('device.since', { when: day(device.created_at, lang) })},{' '}
                    {t('device.seen', { when: moment(device.last_seen_at, lang) })}
                  </p>
                </div>
                <Button
                  look="danger"
                  label={t('device.revoke.label', { device: device.label })}
                  onPress={() => setAsked(device)}
                >
                  {t('device.revoke')}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {asked && (
        <Confirm
          title={t('device.revoke.title', { device: asked.label })}
          text={t(asked.current ? 'device.revoke.current' : 'device.revoke.text')}
          verb={t('device.revoke')}
          busy={busy}
          onConfirm={() => void revoke(asked)}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  );
}

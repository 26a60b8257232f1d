/* Caught mail of the demo: a list, and one message with its parts. On phones one at a time. */
import '../../style/mail.scss';

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

import * as words from '../../lang/more.ts';
import { demoMail } from '../../src/own-api.ts';
import { moment, useLang } from '../../src/i18n.ts';
import type { PageProps } from '../../src/router.ts';
import type { CaughtMail, CaughtMailParts } from '../../src/wire.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Empty, Loaded, useLoad } from '../../ui/load.tsx';
import { More } from '../../ui/more.tsx';
import { PageHead } from '../../ui/page.tsx';

export default function DemoMail({ params }: PageProps) {
  const t = words.mail.use();
  const loading = useLoad(() => demoMail.list());
  const chosen = params['id'];
  return (
    <>
      <PageHead
        title={t('title')}
        lead={t('lead')}
        actions={
          <Button look="outline" icon="refresh" onPress={loading.reload}>
            {t('refresh')}
          </Button>
        }
      />
      <Loaded from={loading}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="mail" title={t('none')}>
              <p>{t('none.text')}</p>
            </Empty>
          ) : (
            <div class={chosen ? 'mail mail-open' : 'mail'}>
              <List items={items} chosen={chosen}>
                <More from={loading} read={(after) => demoMail.list(after)} />
              </List>
              <div class="mail-message">
                {chosen ? <Message key={chosen} id={chosen} /> : <p class="muted">{t('choose')}</p>}
              </div>
            </div>
          )
        }
      </Loaded>
    </>
  );
}

interface ListProps {
  items: CaughtMail[];
  chosen: string | undefined;
  children: ComponentChildren;
}

function List({ items, chosen, children }: ListProps) {
  const t = words.mail.use();
  const lang = useLang();
  return (
    <nav class="mail-list" aria-label={t('list')}>
      <ul>
        {items.map((mail) => (
          <li key={mail.id}>
            <a
              href={`/demo/mail/${encodeURIComponent(mail.id)}`}
              aria-current={mail.id === chosen ? 'page' : undefined}
            >
              <strong>{mail.subject}</strong>
              <span>{t('to', { address: mail.to_address })}</span>
              <span class="muted">{moment(mail.created_at, lang)}</span>
            </a>
          </li>
        ))}
      </ul>
      {children}
    </nav>
  );
}

const PARTS = ['text', 'html', 'calendar', 'raw'] as const;

function Message({ id }: { id: string }) {
  const t = words.mail.use();
  const loading = useLoad(() => demoMail.read(id), [id]);
  return (
    <>
      <a class="btn btn-plain mail-back" href="/demo/mail">
        {t('back')}
      </a>
      <Loaded from={loading}>{(mail) => <Parts mail={mail} />}</Loaded>
    </>
  );
}

function Parts({ mail }: { mail: CaughtMailParts }) {
  const t = words.mail.use();
  const lang = useLang();
  const [part, setPart] = useState<(typeof PARTS)[number]>('text');
  const present = PARTS.filter((name) => mail[name]);
  const body = mail[part] ?? '';
  return (
    <article>
      <h2>{mail.subject}</h2>
      <p class="muted">
        {t('to', { address: mail.to_address })}, {moment(mail.created_at, lang)}
      </p>
      <div class="mail-parts" role="group" aria-label={t('parts')}>
        {present.map((name) => (
          <button key={name} type="button" aria-pressed={part === name} onClick={() => setPart(name)}>
            {t(`part.${name}`)}
          </button>
        ))}
      </div>
      {part === 'text' ? (
        <LinkedText text={body} />
      ) : (
        <pre tabIndex={0} aria-label={t(`part.${part}`)}>
          {body}
        </pre>
      )}
      <div class="actions">
        {mail.calendar && (
          <LinkButton look="outline" icon="calendar" download href={demoMail.calendarAddress(mail.id)}>
            {t('download.calendar')}
          </LinkButton>
        )}
        <LinkButton look="plain" icon="download" download href={demoMail.rawAddress(mail.id)}>
          {t('download.raw')}
        </LinkButton>
      </div>
    </article>
  );
}

/* The text with its links made pressable. */
function LinkedText({ text }: { text: string }) {
  return (
    <div class="mail-text">
      {text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;)])/).map((piece, i) =>
        i % 2 === 1 ? (
          <a key={i} href={piece}>
            {piece}
          </a>
        ) : (
          piece
        ),
      )}
    </div>
  );
}

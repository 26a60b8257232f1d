/* Header, navigation and footer around a page. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import * as words from '../lang/index.ts';
import { signIn } from '../src/api.ts';
import { LANGS } from '../src/i18n.ts';
import type { Lang } from '../src/i18n.ts';
import { places } from '../src/nav.ts';
import { useSession } from '../src/session.ts';
import type { Me, Member } from '../src/wire.ts';
import { Dialog } from './dialog.tsx';
import { Icon } from './icon.tsx';
import { Skeleton } from './load.tsx';
import { PageHead } from './page.tsx';

const THUMB_PLACES = 4;

interface ShellProps {
  me: Me | null;
  lang: Lang;
  onLang: (lang: Lang) => void;
  children?: ComponentChildren;
  waiting?: boolean;
  forbidden?: boolean;
  wide?: boolean;
}

export function Shell({ me, lang, onLang, children, waiting, forbidden, wide }: ShellProps) {
  const t = words.shell.use();
  const path = location.pathname;
  return (
    <>
      <a class="skip" href="#content">{t('skip')}</a>
      <header class="site-head">
        <div class="frame site-bar">
          <a class="brand" href="/">
            <Mark />
            <span class="brand-name">{me?.alliance.name ?? t('app.name')}</span>
          </a>
          <LangSwitch lang={lang} onLang={onLang} />
          {me?.signed_in && <AccountMenu me={me} />}
          {me && !me.signed_in && path !== '/sign-in' && <a class="btn btn-head" href="/sign-in">{t('sign_in')}</a>}
        </div>
        {me?.signed_in && <WideNav me={me} path={path} />}
        {me?.alliance.demo && (
          <p class="demo-line">
            <span>{t('demo.banner')}</span> <a href="/demo/mail">{t('demo.mail')}</a>
          </p>
        )}
        <OfflineLine />
      </header>
      <main id="content" class={wide ? 'frame frame-wide' : 'frame'} tabIndex={-1}>
        {waiting && <Skeleton rows={4} />}
        {forbidden ? <Forbidden /> : children}
      </main>
      <Footer />
      {me?.signed_in && <ThumbNav me={me} path={path} />}
    </>
  );
}

/* A clock's hand in a map pin: a time and a place. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path d="M16 1C9 1 4 6.2 4 12.8 4 21.4 16 31 16 31s12-9.6 12-18.2C28 6.2 23 1 16 1Z" fill="currentColor" />
      <path d="M16 7v6.2l4.6 2.8" fill="none" stroke="#06c" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}

function LangSwitch({ lang, onLang }: { lang: Lang; onLang: (lang: Lang) => void }) {
  const t = words.shell.use();
  return (
    <div class="lang-switch" role="group" aria-label={t('language')}>
      {LANGS.map((other) => (
        <button
          key={other}
          type="button"
          lang={other}
          aria-pressed={other === lang}
          aria-label={`${other.toUpperCase()}, ${t(`language.${other}`)}`}
          onClick={() => onLang(other)}
        >
          {other.toUpperCase()}
        </button>
      ))}
    </div>
  );
}

function AccountMenu({ me }: { me: Member }) {
  const t = words.shell.use();
  const { refresh } = useSession();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) {
      return undefined;
    }
    const outside = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) {
        setOpen(false);
      }
    };
    document.addEventListener('click', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('click', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open]);
  const escape = (event: KeyboardEvent) => {
    if (open && event.key === 'Escape') {
      setOpen(false);
      button.current?.focus();
    }
  };
  const { given_name: given, family_name: family } = me.person;
  const leave = async () => {
    setOpen(false);
    await signIn.out().catch(() => undefined);
    await refresh();
  };
  return (
    <div class="account" ref={box} onKeyDown={escape}>
      <button
        ref={button}
        type="button"
        class="account-button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span class="initials" aria-hidden="true" data-initials={given.slice(0, 1) + family.slice(0, 1)} />
        <span class="account-name">{given} {family}</span>
        <span class="visually-hidden">{t('menu.account')}</span>
      </button>
      {open && (
        <div class="account-menu">
          <p class="account-who">
            <strong>{given} {family}</strong>
            {me.roles.map((held) => (
              <span key={held.role + (held.organisation ?? held.territory ?? '')}>
                {t(`role.${held.role}`)}
                {(held.organisation_name ?? held.territory_name) && `, ${held.organisation_name ?? held.territory_name ?? ''}`}
              </span>
            ))}
          </p>
          <a href="/account" onClick={() => setOpen(false)}><Icon name="user" /> {t('account')}</a>
          <button type="button" onClick={() => void leave()}><Icon name="logout" /> {t('sign_out')}</button>
        </div>
      )}
    </div>
  );
}

interface NavProps {
  me: Member;
  path: string;
}

const current = (href: string, path: string) =>
  (href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`)) ? 'page' : undefined;

function WideNav({ me, path }: NavProps) {
  const t = words.shell.use();
  return (
    <nav class="wide-nav" aria-label={t('nav')}>
      <ul class="frame">
        {places(me).map(({ key, href }) => (
          <li key={key}><a href={href} aria-current={current(href, path)}>{t(`nav.${key}`)}</a></li>
        ))}
      </ul>
    </nav>
  );
}

function ThumbNav({ me, path }: NavProps) {
  const t = words.shell.use();
  const [more, setMore] = useState(false);
  const all = places(me);
  const fits = all.length <= THUMB_PLACES + 1;
  const first = fits ? all : all.slice(0, THUMB_PLACES);
  return (
    <>
      <nav class="thumb-nav" aria-label={t('nav')}>
        <ul>
          {first.map(({ key, href, icon }) => (
            <li key={key}>
              <a href={href} aria-current={current(href, path)}><Icon name={icon} /><span>{t(`nav.${key}`)}</span></a>
            </li>
          ))}
          {!fits && (
            <li>
              <button type="button" aria-haspopup="dialog" onClick={() => setMore(true)}>
                <Icon name="more-items" /><span>{t('nav.more')}</span>
              </button>
            </li>
          )}
        </ul>
      </nav>
      {more && (
        <Dialog title={t('nav.more')} onClose={() => setMore(false)}>
          <ul class="link-list">
            {all.slice(THUMB_PLACES).map(({ key, href, icon }) => (
              <li key={key}>
                <a href={href} onClick={() => setMore(false)}><Icon name={icon} /> {t(`nav.${key}`)}</a>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
  );
}

function OfflineLine() {
  const t = words.shell.use();
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    addEventListener('online', look);
    addEventListener('offline', look);
    return () => {
      removeEventListener('online', look);
      removeEventListener('offline', look);
    };
  }, []);
  return <div role="status">{!online && <p class="offline-line"><Icon name="wifi" /> {t('offline')}</p>}</div>;
}

function Forbidden() {
  const t = words.shell.use();
  return (
    <>
      <PageHead title={t('forbidden.title')} lead={t('forbidden.text')} />
      <a class="btn btn-primary" href="/">{t('go_home')}</a>
    </>
  );
}

function Footer() {
  const t = words.shell.use();
  return (
    <footer class="site-foot">
      <div class="frame">
        <nav aria-label={t('footer')}>
          <ul>
            <li><a href="/accessibility">{t('footer.accessibility')}</a></li>
            <li><a href="/privacy">{t('footer.privacy')}</a></li>
            <li><a href="/licenses.txt">{t('footer.licences')}</a></li>
          </ul>
        </nav>
        <span>{t('app.name')}</span>
      </div>
    </footer>
  );
}

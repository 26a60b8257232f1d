/* The frame: finds the page of the address, loads its code and words, knows who is signed in and
 * which language is spoken. */
import type { ComponentType } from 'preact';
import { useCallback, useEffect, useErrorBoundary, useMemo, useRef, useState } from 'preact/hooks';

import * as words from '../lang/index.ts';
import Failed from '../pages/common/failed.tsx';
import { Shell } from '../ui/shell.tsx';
import { Toasts } from '../ui/toast.tsx';
import { me as meApi, setApiLanguage, whenSignedOut } from './api.ts';
import { LangContext, chosenLang, loadAll, rememberLang } from './i18n.ts';
import type { Lang } from './i18n.ts';
import { navigate, startRouter } from './router.ts';
import type { Match, PageProps, Route } from './router.ts';
import { NOT_FOUND, find, isPage, loadMore } from './routes.ts';
import { SessionContext, hasRole, rememberPerson, rememberedPerson } from './session.ts';
import type { Session } from './session.ts';
import type { Me } from './wire.ts';

/* After the first page there is time to fetch the table of the others. */
const MORE_MS = 1_000;

const FAILED: Route = { ...NOT_FOUND, page: () => Promise.resolve({ default: Failed }) };

interface Showing extends Match {
  component: ComponentType<PageProps>;
  address: string;
}

async function load(lang: Lang): Promise<Showing> {
  const address = location.pathname + location.search;
  try {
    const found = await find(location.pathname);
    const [page] = await Promise.all([found.route.page(), ...found.route.words.map((dictionary) => dictionary.load(lang))]);
    return { ...found, component: page.default, address };
  } catch {
    return { route: FAILED, params: {}, component: Failed, address };
  }
}

/* Where this visitor is sent instead of the page, or null. */
function elsewhere(route: Route, me: Me | null): 'sign-in' | 'forbidden' | null {
  if (route.who === 'all' || me === null) {
    return null;
  }
  if (!me.signed_in) {
    return 'sign-in';
  }
  return route.who === 'members' || hasRole(me, ...route.who) ? null : 'forbidden';
}

/* A page that fails while it is drawn gives way to a sentence and a way to try again. */
function Guarded({ page: Page, ...props }: PageProps & { page: ComponentType<PageProps> }) {
  const [failure] = useErrorBoundary();
  return failure ? <Failed /> : <Page {...props} />;
}

function useMe(asked: Promise<Me | null>) {
  const [me, setMe] = useState<Me | null | undefined>(undefined);
  const take = useCallback((answer: Me | null) => {
    setMe(answer);
    if (answer) {
      rememberPerson(answer.signed_in ? answer.person.id : null);
    }
    const person = answer?.signed_in ? answer.person.id : answer ? null : rememberedPerson();
    void import('./outbox.ts').then((outbox) => outbox.setPerson(person));
  }, []);
  const refresh = useCallback(async () => {
    const answer = await meApi.read().catch(() => null);
    take(answer);
    return answer;
  }, []);
  useEffect(() => {
    void asked.then(take);
    whenSignedOut(() => void refresh());
    const again = () => void refresh();
    addEventListener('online', again);
    return () => removeEventListener('online', again);
  }, []);
  return { me, refresh, take };
}

function usePage(lang: Lang) {
  const [showing, setShowing] = useState<Showing>();
  const first = useRef(true);
  const latest = useRef(lang);
  latest.current = lang;
  useEffect(() => {
    let round = 0;
    const change = () => {
      round += 1;
      const mine = round;
      void load(latest.current).then((next) => {
        if (mine !== round) {
          return;
        }
        if (next.route === NOT_FOUND && !first.current) {
          location.reload(); /* perhaps a page of the server's own */
        } else {
          setShowing(next);
        }
      });
    };
    startRouter(isPage, change);
    change();
    const soon = setTimeout(() => void loadMore().catch(() => undefined), MORE_MS);
    return () => clearTimeout(soon);
  }, []);
  useEffect(() => {
    if (!showing) {
      return;
    }
    if (!first.current) {
      scrollTo(0, 0);
      document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
    }
    first.current = false;
  }, [showing?.address]);
  return showing;
}

export function App({ lang: initial, asked }: { lang: Lang; asked: Promise<Me | null> }) {
  const [lang, setLang] = useState(initial);
  const { me, refresh, take } = useMe(asked);
  const showing = usePage(lang);

  const speak = useCallback(async (next: Lang) => {
    await Promise.all([words.shell.load(next), loadAll(next)]);
    setApiLanguage(next);
    document.documentElement.lang = next;
    setLang(next);
  }, []);
  const choose = useCallback((next: Lang) => {
    rememberLang(next);
    void speak(next);
    if (me?.signed_in) {
      void meApi.change({ language: next }).then(take, () => undefined);
    }
  }, [me]);

  const own = me?.signed_in ? me.person.language : null;
  useEffect(() => {
    if ((own === 'it' || own === 'en') && own !== lang && chosenLang() === null) {
      void speak(own);
    }
  }, [own]);

  const session = useMemo<Session>(() => ({ me: me ?? null, refresh, replace: take }), [me]);
  const route = showing?.route;
  const barred = route && me !== undefined ? elsewhere(route, me) : null;
  useEffect(() => {
    if (barred === 'sign-in') {
      navigate(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`, { replace: true });
    }
  }, [barred, showing]);

  if (me === undefined || !showing || barred === 'sign-in') {
    return <LangContext.Provider value={lang}><Shell me={null} lang={lang} onLang={choose} waiting /></LangContext.Provider>;
  }
  const Page = showing.component;
  const page = (
    <Guarded key={showing.address} page={Page} params={showing.params} query={new URLSearchParams(location.search)} />
  );
  return (
    <LangContext.Provider value={lang}>
      <SessionContext.Provider value={session}>
        {showing.route.bare ? page : (
          <Shell me={me} lang={lang} onLang={choose} forbidden={barred === 'forbidden'} wide={showing.route.wide ?? false}>
            {page}
          </Shell>
        )}
        <Toasts />
      </SessionContext.Provider>
    </LangContext.Provider>
  );
}

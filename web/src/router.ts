/* Addresses to pages. A route names its page's code and its words, both loaded together, then shown
 * at once. Links are plain <a href>; those that match a route are followed without a reload. After
 * a move the page starts at its top and the heading has the focus, so a screen reader says where
 * we are. */
import type { ComponentType } from 'preact';

import type { Loadable } from './i18n.ts';
import type { Role } from './wire.ts';

export interface PageProps {
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
}
export type Page = ComponentType<PageProps>;

export interface Route {
  path: string;
  page: () => Promise<{ default: Page }>;
  words: readonly Loadable[];
  /* Who may see it: everyone, whoever is signed in, or holders of one of these roles. */
  who: 'all' | 'members' | readonly Role[];
  /* Without header and navigation (a projector's screen). */
  bare?: true;
  /* Uses the whole width of the window. */
  wide?: true;
}

export interface Match {
  route: Route;
  params: Record<string, string>;
}

/* The first route whose segments fit; {name} takes one segment. */
export function match(routes: readonly Route[], path: string): Match | null {
  const given = path.split('/').filter(Boolean);
  for (const route of routes) {
    const wanted = route.path.split('/').filter(Boolean);
    const params: Record<string, string> = {};
    const fits = wanted.length === given.length && wanted.every((segment, i) => {
      const value = given[i] ?? '';
      if (!segment.startsWith('{')) {
        return segment === value;
      }
      params[segment.slice(1, -1)] = decodeURIComponent(value);
      return true;
    });
    if (fits) {
      return { route, params };
    }
  }
  return null;
}

let moved: () => void = () => undefined;

export function navigate(to: string, options: { replace?: boolean } = {}): void {
  if (options.replace) {
    history.replaceState(null, '', to);
  } else {
    history.pushState(null, '', to);
  }
  moved();
}

/* Changes the query without a history entry and without moving focus or scroll. */
export function replaceQuery(values: Record<string, string>): void {
  const text = new URLSearchParams(values).toString();
  history.replaceState(null, '', location.pathname + (text ? `?${text}` : ''));
}

function followed(ours: (path: string) => boolean, event: MouseEvent): string | null {
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!plain || event.defaultPrevented || !link || link.target || link.hasAttribute('download')) {
    return null;
  }
  const url = new URL(link.href, location.href);
  const here = url.pathname === location.pathname && url.search === location.search;
  if (url.origin !== location.origin || (here && url.hash) || !ours(url.pathname)) {
    return null;
  }
  return url.pathname + url.search + url.hash;
}

/* Calls `change` after every move from now on; `ours` says which addresses are pages here (others
 * are left to the browser). */
export function startRouter(ours: (path: string) => boolean, change: () => void): void {
  moved = change;
  addEventListener('popstate', change);
  document.addEventListener('click', (event) => {
    const to = followed(ours, event);
    if (to) {
      event.preventDefault();
      navigate(to);
    }
  });
}

/* The pages of the first load, and the way to all others (routes-more.ts), whose table is fetched
 * once when an address is not among these, or in the quiet after the first page. */
import * as words from '../lang/index.ts';
import { match } from './router.ts';
import type { Match, Route } from './router.ts';

const FIRST: readonly Route[] = [
  { path: '/', page: () => import('../pages/common/home.tsx'), words: [words.home], who: 'all' },
  { path: '/sign-in', page: () => import('../pages/common/sign-in.tsx'), words: [words.signIn], who: 'all' },
  { path: '/sign-in/confirm', page: () => import('../pages/common/sign-in-confirm.tsx'), words: [words.signIn], who: 'all' },
  { path: '/check-in', page: () => import('../pages/participant/check-in.tsx'), words: [words.checkIn, words.problems], who: 'all' },
  { path: '/c/{session}/{code}', page: () => import('../pages/participant/check-in.tsx'), words: [words.checkIn, words.problems], who: 'all' },
];

export const NOT_FOUND: Route = { path: '', page: () => import('../pages/common/not-found.tsx'), words: [], who: 'all' };

let more: readonly Route[] = [];

export async function loadMore(): Promise<void> {
  more = (await import('./routes-more.ts')).ROUTES;
}

/* What the server answers itself. */
const SERVERS = /^\/(api|print|feeds|enter|join|c|sessions|healthz|readyz|metrics)(\/|$)|\.\w+$/;
export const isPage = (path: string): boolean => !SERVERS.test(path);

/* Among all pages; the second table is fetched when first needed. */
export async function find(path: string): Promise<Match> {
  const first = match(FIRST, path) ?? match(more, path);
  if (first) {
    return first;
  }
  await loadMore();
  return match(more, path) ?? { route: NOT_FOUND, params: {} };
}

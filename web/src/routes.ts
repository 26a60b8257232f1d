/* The table of pages: address, code, words, who may see it. Order matters only where two fit. */
import * as words from '../lang/index.ts';
import type { Route } from './router.ts';

export const ROUTES: readonly Route[] = [
  { path: '/', page: () => import('../pages/common/home.tsx'), words: [words.home], who: 'all' },
  { path: '/sign-in', page: () => import('../pages/common/sign-in.tsx'), words: [words.signIn], who: 'all' },
  { path: '/sign-in/confirm', page: () => import('../pages/common/sign-in-confirm.tsx'), words: [words.signIn], who: 'all' },
];

export const NOT_FOUND: Route = {
  path: '',
  page: () => import('../pages/common/not-found.tsx'),
  words: [],
  who: 'all',
};

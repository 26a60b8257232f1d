/* Addresses to routes. */
import { describe, expect, it } from 'vitest';

import { match } from '../src/router.ts';
import type { Route } from '../src/router.ts';

const route = (path: string): Route => ({
  path,
  page: () => Promise.reject(new Error('not shown')),
  words: [],
  who: 'all',
});
const routes = [route('/'), route('/live/{session}'), route('/demo/mail'), route('/demo/mail/{id}')];

describe('match', () => {
  it.each([
    ['/', '/'],
    ['/live/a-b', '/live/{session}'],
    ['/demo/mail/', '/demo/mail'],
    ['/demo/mail/7', '/demo/mail/{id}'],
  ])('%s is %s', (path, wanted) => {
    expect(match(routes, path)?.route.path).toBe(wanted);
  });

  it('decodes what stands in braces', () => {
    expect(match(routes, '/live/a%2Fb')?.params).toEqual({ session: 'a/b' });
  });

  it.each(['/live', '/live/a/b', '/nowhere'])('%s is none', (path) => {
    expect(match(routes, path)).toBeNull();
  });
});

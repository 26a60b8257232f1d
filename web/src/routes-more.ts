/* Every page beyond the first load's: address, code, words, who may see it. The first that fits. */
import * as words from '../lang/more.ts';
import type { Route } from './router.ts';
import { ROUTES as OFFICE_ROUTES } from './routes-office.ts';

export const ROUTES: readonly Route[] = [
  { path: '/account', page: () => import('../pages/common/account.tsx'), words: [words.account], who: 'members' },
  { path: '/accessibility', page: () => import('../pages/common/accessibility.tsx'), words: [words.about], who: 'all' },
  { path: '/privacy', page: () => import('../pages/common/privacy.tsx'), words: [words.about], who: 'all' },
  { path: '/demo/mail', page: () => import('../pages/common/demo-mail.tsx'), words: [words.mail], who: 'all' },
  { path: '/demo/mail/{id}', page: () => import('../pages/common/demo-mail.tsx'), words: [words.mail], who: 'all' },
  { path: '/my-sessions', page: () => import('../pages/participant/my-sessions.tsx'), words: [words.sessions], who: 'members' },
  { path: '/calendar', page: () => import('../pages/participant/calendar.tsx'), words: [words.sessions], who: 'members' },
  { path: '/teaching', page: () => import('../pages/trainer/teaching.tsx'), words: [words.sessions], who: ['trainer'] },
  { path: '/availability', page: () => import('../pages/trainer/availability.tsx'), words: [words.availability], who: ['trainer'] },
  { path: '/live/{session}', page: () => import('../pages/trainer/live.tsx'), words: [words.live], who: ['trainer', 'coordinator', 'inspector', 'admin'] },
  { path: '/projector/{session}', page: () => import('../pages/trainer/projector.tsx'), words: [words.live], who: ['trainer', 'coordinator'], bare: true },
  ...OFFICE_ROUTES,
];

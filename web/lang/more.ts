/* Every dictionary beyond the first load's, one row each. Pages of src/routes-more.ts import their
 * words from here; the first load's come along. */
import { dictionary } from '../src/i18n.ts';

export * from './index.ts';
export const sessions = dictionary(() => import('./it/sessions.it.ts'), () => import('./en/sessions.en.ts'));
export const live = dictionary(() => import('./it/live.it.ts'), () => import('./en/live.en.ts'));
export const availability = dictionary(() => import('./it/availability.it.ts'), () => import('./en/availability.en.ts'));
export const account = dictionary(() => import('./it/account.it.ts'), () => import('./en/account.en.ts'));
export const mail = dictionary(() => import('./it/mail.it.ts'), () => import('./en/mail.en.ts'));
export const about = dictionary(() => import('./it/about.it.ts'), () => import('./en/about.en.ts'));

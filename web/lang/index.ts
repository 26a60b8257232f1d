/* The words of the first load: what a signed-out visitor, home and check-in need. All others stand
 * in more.ts, which loads with the first page that uses it. File names end in .it.ts and .en.ts. */
import { dictionary } from '../src/i18n.ts';

export const shell = dictionary(() => import('./it/shell.it.ts'), () => import('./en/shell.en.ts'));
export const problems = dictionary(() => import('./it/problems.it.ts'), () => import('./en/problems.en.ts'));
export const home = dictionary(() => import('./it/home.it.ts'), () => import('./en/home.en.ts'));
export const signIn = dictionary(() => import('./it/sign-in.it.ts'), () => import('./en/sign-in.en.ts'));
export const checkIn = dictionary(() => import('./it/check-in.it.ts'), () => import('./en/check-in.en.ts'));

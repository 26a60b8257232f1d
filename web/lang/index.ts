/* Every dictionary, one row each: a page names its own in src/routes.ts and loads it with itself.
 * Shared words (header, states, kinds) are the shell's. File names end in .it.ts and .en.ts. */
import { dictionary } from '../src/i18n.ts';

export const shell = dictionary(() => import('./it/shell.it.ts'), () => import('./en/shell.en.ts'));
export const problems = dictionary(() => import('./it/problems.it.ts'), () => import('./en/problems.en.ts'));
export const home = dictionary(() => import('./it/home.it.ts'), () => import('./en/home.en.ts'));
export const signIn = dictionary(() => import('./it/sign-in.it.ts'), () => import('./en/sign-in.en.ts'));

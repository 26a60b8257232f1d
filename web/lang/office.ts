/* The words of the coordinator's pages: lists and forms, the plan's board, what rules say. */
import { dictionary } from '../src/i18n.ts';

export * from './more.ts';
export const manage = dictionary(() => import('./it/manage.it.ts'), () => import('./en/manage.en.ts'));
export const plan = dictionary(() => import('./it/plan.it.ts'), () => import('./en/plan.en.ts'));
export const rules = dictionary(() => import('./it/rules.it.ts'), () => import('./en/rules.en.ts'));

/* The sentence of a Problem, in the language in force. */
import * as words from '../lang/index.ts';
import type { Problem } from '../src/api.ts';
import { useLang } from '../src/i18n.ts';
import type { Lang } from '../src/i18n.ts';

/* Our sentence for the code; else the server's own title; an overlap's or a rule's detail is added
 * by those who show it. */
export function sentence(problem: Problem, lang: Lang): string {
  try {
    return words.problems.of(lang).maybe(problem.code) ?? problem.body.title ?? problem.message;
  } catch {
    return problem.body.title ?? problem.message;
  }
}

export function useSentence(): (problem: Problem) => string {
  const lang = useLang();
  return (problem) => sentence(problem, lang);
}

/* The sentence for one field, when the problem points at it: `/email`, `/people/0/name`. */
export function fieldError(problem: Problem | null, pointer: string, lang: Lang): string | undefined {
  return problem?.pointer === pointer ? sentence(problem, lang) : undefined;
}

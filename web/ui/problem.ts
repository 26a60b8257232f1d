/* The sentence of a Problem, in the language in force. */
import * as words from '../lang/index.ts';
import type { Problem } from '../src/api.ts';
import { useLang } from '../src/i18n.ts';
import type { Lang } from '../src/i18n.ts';

/* Our sentence for a code; none where the code or the dictionary is not there. */
export function codeSentence(code: string, lang: Lang): string | undefined {
  try {
    return words.problems.of(lang).maybe(code);
  } catch {
    return undefined;
  }
}

/* Our sentence for the code; else the server's own title; an overlap's or a rule's detail is added
 * by those who show it. */
export function sentence(problem: Problem, lang: Lang): string {
  return codeSentence(problem.code, lang) ?? problem.body.title ?? problem.message;
}

export function useSentence(): (problem: Problem) => string {
  const lang = useLang();
  return (problem) => sentence(problem, lang);
}

/* The sentence for one field, when the problem points at it: `/email`, `/people/0/name`. */
export function fieldError(problem: Problem | null, pointer: string, lang: Lang): string | undefined {
  return problem?.pointer === pointer ? sentence(problem, lang) : undefined;
}

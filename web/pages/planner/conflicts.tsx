/* Conflicts as sentences, hard ones first; and what a score counts, in words. */
import * as words from '../../lang/office.ts';
import { useLang } from '../../src/i18n.ts';
import type { Conflict, RuleCount, Score } from '../../src/plan-api.ts';
import { Icon } from '../../ui/icon.tsx';
import { Notice } from '../../ui/field.tsx';
import { anyHard, hardFirst, isWish, say } from './model.ts';

export function ConflictLines({ conflicts }: { conflicts: readonly Conflict[] }) {
  const lang = useLang();
  return (
    <ul class="conflict-lines">
      {hardFirst(conflicts).map((conflict, i) => (
        <li key={i}>
          <Icon name={conflict.hard ? 'error' : 'warning-circle'} /> {say(conflict, lang)}.
        </li>
      ))}
    </ul>
  );
}

/* The answer to "may it go there?", announced as it changes. */
export function CheckAnswer({ conflicts, checking }: { conflicts: readonly Conflict[] | null; checking: boolean }) {
  const t = words.plan.use();
  return (
    <div class="check-answer" role="status" aria-live="polite">
      {checking && !conflicts && <p class="muted">{t('move.checking')}</p>}
      {conflicts && conflicts.length === 0 && (
        <Notice look="success">
          <p>{t('move.fine')}</p>
        </Notice>
      )}
      {conflicts && conflicts.length > 0 && (
        <Notice look={anyHard(conflicts) ? 'danger' : 'warning'}>
          <p>
            <strong>{t(anyHard(conflicts) ? 'move.hard' : 'move.soft')}</strong>
          </p>
          <ConflictLines conflicts={conflicts} />
        </Notice>
      )}
    </div>
  );
}

export function useRuleWords() {
  const t = words.rules.use();
  return ({ rule, count }: RuleCount): string =>
    t.maybe(`${rule}.${count === 1 ? 'one' : 'other'}`, { n: count }) ?? `${rule}: ${count}`;
}

/* A score as sentences: what must be corrected, what waits, what could be better. */
export function ScoreLines({ score }: { score: Score }) {
  const t = words.plan.use();
  const say = useRuleWords();
  const must = score.by_rule.filter((row) => !isWish(row));
  const should = score.by_rule.filter(isWish);
  return (
    <ul class="score-lines">
      {score.hard === 0 && (
        <li>
          <Icon name="check-circle" /> {t('score.fine')}
        </li>
      )}
      {score.hard > 0 && must.length === 0 && (
        <li>
          <Icon name="error" /> {t.n('score.hard', score.hard)}
        </li>
      )}
      {must.map((row) => (
        <li key={row.rule}>
          <Icon name="error" /> {say(row)}
        </li>
      ))}
      <li>
        <Icon name={score.unassigned > 0 ? 'clock' : 'check-circle'} />{' '}
        {score.unassigned > 0 ? t.n('unplaced.count', score.unassigned) : t('plan.unassigned.none')}
      </li>
      {should.map((row) => (
        <li key={row.rule}>
          <Icon name="warning-circle" /> {say(row)}
        </li>
      ))}
    </ul>
  );
}

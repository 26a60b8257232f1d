/* What a release changes, session by session: how it was, how it becomes. Used by the review and
 * by the releases already made. */
import * as words from '../../lang/office.ts';
import { useLang, when } from '../../src/i18n.ts';
import type { Change, ChangeKind, PublishedState } from '../../src/plan-api.ts';
import { Chip } from '../../ui/chip.tsx';
import type { ChipLook } from '../../ui/chip.tsx';

const LOOKS: Partial<Record<ChangeKind, { look: ChipLook; icon: string }>> = {
  added: { look: 'success', icon: 'plus-circle' },
  moved: { look: 'warning', icon: 'arrow-right' },
  cancelled: { look: 'danger', icon: 'close' },
};

/* "gio 12 nov 2026, 14:30-18:30, Aula, con Elena Colombo" */
function useSaid() {
  const t = words.plan.use();
  const shell = words.shell.use();
  const lang = useLang();
  return (state: PublishedState): string =>
    [
      when(state.starts_at, state.ends_at, lang),
      [state.room_name, state.virtual_room_name].filter(Boolean).join(' + '),
      shell(`modality.${state.modality}`),
      state.trainers &&
        state.trainers.length > 0 &&
        t('review.with', { names: state.trainers.map(({ name }) => name).join(', ') }),
    ]
      .filter(Boolean)
      .join(', ');
}

export function Changes({ changes }: { changes: readonly Change[] }) {
  const t = words.plan.use();
  const say = useSaid();
  return (
    <ul class="changes">
      {changes.map((change) => (
        <li key={change.session} class="change">
          <div class="change-head">
            <h2>{change.title}</h2>
            <span class="actions">
              <Chip {...LOOKS[change.kind]}>{t(`review.kind.${change.kind}`)}</Chip>
              {change.inside_notice && (
                <Chip look="warning" icon="clock">
                  {t('review.inside')}
                </Chip>
              )}
              {change.people !== undefined && <Chip icon="user">{t.n('people', change.people)}</Chip>}
            </span>
          </div>
          <p class="muted">{change.edition_title}</p>
          <dl class="was-becomes">
            {change.before?.starts_at && (
              <div class="was">
                <dt>{t('review.was')}</dt>
                <dd>{say(change.before)}</dd>
              </div>
            )}
            <div class="becomes">
              <dt>{t('review.becomes')}</dt>
              <dd>
                {change.kind === 'cancelled' ? t('review.cancelled') : change.after?.starts_at ? say(change.after) : ''}
              </dd>
            </div>
          </dl>
        </li>
      ))}
    </ul>
  );
}

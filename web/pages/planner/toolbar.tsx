/* What the board shows: view, week or day, edition. */
import * as words from '../../lang/office.ts';
import { day, noonOf, useLang } from '../../src/i18n.ts';
import { Button } from '../../ui/button.tsx';
import { addDays } from './model.ts';
import type { Board } from './model.ts';

export type View = 'rooms' | 'trainers' | 'days' | 'list';
const DESKTOP_VIEWS: readonly View[] = ['rooms', 'trainers', 'days', 'list'];
const PHONE_VIEWS: readonly View[] = ['days', 'list'];

interface BarProps {
  board: Board;
  phone: boolean;
  view: View;
  onView: (view: View) => void;
  date: string;
  onDate: (date: string) => void;
  today: string;
  days: readonly string[];
  edition: string;
  onEdition: (edition: string) => void;
}

function usePeriod(days: readonly string[]): string {
  const t = words.plan.use();
  const lang = useLang();
  const first = day(noonOf(days[0] ?? ''), lang);
  const last = day(noonOf(days[days.length - 1] ?? ''), lang);
  return days.length === 1 ? first : t('week.of', { from: first.replace(/,? \d{4}$/, ''), to: last });
}

export function Bar(props: BarProps) {
  const { phone, view, onView, date, onDate, today, days } = props;
  const t = words.plan.use();
  const period = usePeriod(days);
  const step = phone ? 1 : 7;
  const unit = phone ? 'day' : 'week';
  return (
    <div class="board-bar">
      <div class="view-switch" role="group" aria-label={t('view')}>
        {(phone ? PHONE_VIEWS : DESKTOP_VIEWS).map((name) => (
          <button
            key={name}
            type="button"
            class="btn view-button"
            aria-pressed={view === name}
            onClick={() => onView(name)}
          >
            {t(`view.${name}`)}
          </button>
        ))}
      </div>
      {view !== 'list' && (
        <div class="week-switch">
          <Button
            look="plain"
            icon="chevron-left"
            label={t(`${unit}.previous`)}
            onPress={() => onDate(addDays(date, -step))}
          />
          <p role="status">{period}</p>
          <Button
            look="plain"
            icon="chevron-right"
            label={t(`${unit}.next`)}
            onPress={() => onDate(addDays(date, step))}
          />
          <Button look="plain" onPress={() => onDate(today)}>
            {t('week.today')}
          </Button>
          <input
            type="date"
            class="form-control week-date"
            aria-label={t('week.go')}
            value={date}
            onChange={(event) => event.currentTarget.value && onDate(event.currentTarget.value)}
          />
        </div>
      )}
      <EditionSelect {...props} />
    </div>
  );
}

function EditionSelect({ board, edition, onEdition }: BarProps) {
  const t = words.plan.use();
  const editions = new Map(
    board.draft.sessions.map((session) => [session.edition, `${session.edition_code} ${session.edition_title}`]),
  );
  return (
    <select
      class="form-control edition-select"
      aria-label={t('edition')}
      value={edition}
      onChange={(event) => onEdition(event.currentTarget.value)}
    >
      <option value="">{t('edition.all')}</option>
      {[...editions].map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

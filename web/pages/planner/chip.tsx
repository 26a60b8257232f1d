/* A session on the board: a button that opens its form and that the pointer may drag. Letters and
 * signs in it are explained by the legend and said in full to screen readers. */
import * as words from '../../lang/office.ts';
import { useLang } from '../../src/i18n.ts';
import type { Demand, Placement } from '../../src/plan-api.ts';
import { Chip } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { StartDrag } from './drag.ts';
import { anyHard, endOf, placeWhen, trainersOf, whereOf } from './model.ts';
import type { Board, Item, Lane } from './model.ts';

/* What is to be known of a placed session, in words. */
export function useMarks() {
  const t = words.plan.use();
  return ({ published, pinned, conflicts }: Placement): string[] => {
    const hard = conflicts.filter((conflict) => conflict.hard).length;
    const soft = conflicts.length - hard;
    return [
      published !== 'same' && t(published === 'new' ? 'mark.new' : 'mark.changed'),
      pinned && t('mark.pinned'),
      hard > 0 && t.n('mark.hard', hard),
      soft > 0 && t.n('mark.soft', soft),
    ].filter((mark) => mark !== false);
  };
}

export function MarkChips({ placement }: { placement: Placement }) {
  const t = words.plan.use();
  const hard = placement.conflicts.filter((conflict) => conflict.hard).length;
  const soft = placement.conflicts.length - hard;
  return (
    <>
      {placement.published !== 'same' && (
        <Chip look="primary">{t(placement.published === 'new' ? 'mark.new' : 'mark.changed')}</Chip>
      )}
      {placement.pinned && <Chip icon="locked">{t('mark.pinned')}</Chip>}
      {hard > 0 && (
        <Chip look="danger" icon="error">
          {t.n('mark.hard', hard)}
        </Chip>
      )}
      {soft > 0 && (
        <Chip look="warning" icon="warning-circle">
          {t.n('mark.soft', soft)}
        </Chip>
      )}
    </>
  );
}

interface BoxProps {
  item: Item;
  lane: Lane | null;
  onOpen: (session: Demand) => void;
  startDrag: StartDrag;
}

function useBox({ item, lane, onOpen, startDrag }: BoxProps) {
  const { session, placement } = item;
  return {
    'type': 'button' as const,
    'data-session': session.id,
    'onClick': () => onOpen(session),
    'onPointerDown': (event: PointerEvent) => startDrag(event, { session, placement, from: lane }),
  };
}

const stateClass = ({ conflicts, published }: Placement): string =>
  [anyHard(conflicts) ? 'box-hard' : conflicts.length > 0 ? 'box-soft' : '', published === 'same' ? '' : 'box-fresh']
    .filter(Boolean)
    .join(' ');

/* Everything about a box in one sentence, for those who hear it. */
function useLabel({ session, placement }: Item): string {
  const lang = useLang();
  const marks = useMarks();
  const when = placeWhen(placement, session.length_minutes, lang);
  return [session.title, session.edition_code, when, ...marks(placement)].join(', ');
}

/* One line: what fits a cell of the matrix. */
export function SmallBox(props: BoxProps) {
  const t = words.plan.use();
  const label = useLabel(props.item);
  const { session, placement } = props.item;
  return (
    <button
      {...useBox(props)}
      class={`box box-small ${stateClass(placement)}`}
      title={`${session.title}, ${session.edition_title}`}
    >
      <span class="visually-hidden">{label}</span>
      <b aria-hidden="true">{placement.start}</b>
      <span class="box-code" aria-hidden="true">
        {session.edition_code}
      </span>
      {placement.pinned && <Icon name="locked" />}
      {placement.published !== 'same' && (
        <abbr aria-hidden="true">{t(placement.published === 'new' ? 'letter.new' : 'letter.changed')}</abbr>
      )}
      {placement.conflicts.length > 0 && <Icon name={anyHard(placement.conflicts) ? 'error' : 'warning-circle'} />}
    </button>
  );
}

/* A card: what a day's column has room for. */
export function BigBox(props: BoxProps & { board: Board }) {
  const { session, placement } = props.item;
  return (
    <button {...useBox(props)} class={`box box-big ${stateClass(placement)}`}>
      <b>
        {placement.start}-{endOf(placement.start, session.length_minutes)}
      </b>
      <span class="box-title">{session.title}</span>
      <span>{session.edition_code}</span>
      <span>{whereOf(props.board, placement)}</span>
      <span class="muted">{trainersOf(props.board, placement)}</span>
      <span class="box-marks">
        <MarkChips placement={placement} />
      </span>
    </button>
  );
}

export function Legend() {
  const t = words.plan.use();
  return (
    <dl class="legend" aria-label={t('legend')}>
      <div>
        <dt>
          <abbr>{t('letter.new')}</abbr>
        </dt>
        <dd>{t('legend.new')}</dd>
      </div>
      <div>
        <dt>
          <abbr>{t('letter.changed')}</abbr>
        </dt>
        <dd>{t('legend.changed')}</dd>
      </div>
      <div>
        <dt>
          <Icon name="locked" />
        </dt>
        <dd>{t('legend.pinned')}</dd>
      </div>
      <div>
        <dt>
          <Icon name="error" />
        </dt>
        <dd>{t('legend.hard')}</dd>
      </div>
      <div>
        <dt>
          <Icon name="warning-circle" />
        </dt>
        <dd>{t('legend.soft')}</dd>
      </div>
    </dl>
  );
}

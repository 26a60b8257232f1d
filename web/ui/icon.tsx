/* An icon of Bootstrap Italia's set (scripts/icons.ts lists those we ship). Always decoration: the
 * words beside it, or the button's label, say the same. */
import sprite from 'virtual:icons';

export function Icon({ name, class: extra = '' }: { name: string; class?: string }) {
  return (
    <svg class={`icon ${extra}`} aria-hidden="true" focusable="false">
      <use href={`${sprite}#it-${name}`} />
    </svg>
  );
}

/* Buttons and links that look like buttons. A busy button keeps its place and its focus, says so to
 * screen readers and ignores further presses. */
import type { ComponentChildren } from 'preact';

import { Icon } from './icon.tsx';

type Look = 'primary' | 'outline' | 'plain' | 'danger';
const LOOKS: Record<Look, string> = {
  primary: 'btn btn-primary',
  outline: 'btn btn-outline-primary',
  plain: 'btn btn-plain',
  danger: 'btn btn-outline-danger',
};

interface Shape {
  look?: Look;
  icon?: string;
  class?: string;
  children?: ComponentChildren;
  /* For buttons that show only an icon. */
  label?: string;
}

interface ButtonProps extends Shape {
  onPress?: () => void;
  submit?: boolean;
  busy?: boolean;
  disabled?: boolean;
  pressed?: boolean;
}

const inside = ({ icon, children }: Shape) => (
  <>
    {icon && <Icon name={icon} />}
    {children !== undefined && <span>{children}</span>}
  </>
);

export function Button(props: ButtonProps) {
  const { look = 'primary', class: extra = '', onPress, submit, busy, disabled, pressed, label } = props;
  return (
    <button
      type={submit ? 'submit' : 'button'}
      class={`${LOOKS[look]} ${busy ? 'is-busy' : ''} ${extra}`}
      disabled={disabled}
      aria-disabled={busy ? 'true' : undefined}
      aria-busy={busy ? 'true' : undefined}
      aria-pressed={pressed}
      aria-label={label}
      title={label}
      onClick={(event) => {
        if (busy) {
          event.preventDefault();
        } else {
          onPress?.();
        }
      }}
    >
      {inside(props)}
    </button>
  );
}

interface LinkProps extends Shape {
  href: string;
  download?: boolean;
  newTab?: boolean;
}

export function LinkButton(props: LinkProps) {
  const { look = 'primary', class: extra = '', href, download, newTab, label } = props;
  return (
    <a
      class={`${LOOKS[look]} ${extra}`}
      href={href}
      download={download}
      target={newTab ? '_blank' : undefined}
      rel={newTab ? 'noopener noreferrer' : undefined}
      aria-label={label}
    >
      {inside(props)}
    </a>
  );
}

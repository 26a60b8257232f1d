/* Chips: a word in a coloured frame. The word says it all; colour and sign only help the eye. */
import type { ComponentChildren } from 'preact';

import * as words from '../lang/index.ts';
import type { Modality, PresenceState } from '../src/wire.ts';
import { Icon } from './icon.tsx';

export type ChipLook = 'neutral' | 'primary' | 'success' | 'warning' | 'danger';

/* Written out, so that PurgeCSS finds them. */
const LOOKS: Record<ChipLook, string> = {
  neutral: 'tag',
  primary: 'tag tag-primary',
  success: 'tag tag-success',
  warning: 'tag tag-warning',
  danger: 'tag tag-danger',
};

export function Chip({ look = 'neutral', icon, children }: { look?: ChipLook; icon?: string; children: ComponentChildren }) {
  return (
    <span class={LOOKS[look]}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </span>
  );
}

const STATES: Record<PresenceState, { look: ChipLook; icon?: string }> = {
  registered: { look: 'neutral' },
  expected: { look: 'neutral', icon: 'clock' },
  present: { look: 'success', icon: 'check' },
  late: { look: 'warning', icon: 'clock' },
  left: { look: 'primary', icon: 'arrow-right' },
  excused: { look: 'neutral', icon: 'info-circle' },
  absent: { look: 'danger', icon: 'close' },
};

export function StateChip({ state }: { state: PresenceState }) {
  const t = words.shell.use();
  return <Chip {...STATES[state]}>{t(`state.${state}`)}</Chip>;
}

const MODALITIES: Record<Modality, string> = { presence: 'map-marker', remote: 'video', hybrid: 'presentation' };

export function ModalityChip({ modality }: { modality: Modality }) {
  const t = words.shell.use();
  return <Chip icon={MODALITIES[modality]}>{t(`modality.${modality}`)}</Chip>;
}

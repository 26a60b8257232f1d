/* A time of day on the 24-hour clock, whatever the browser's own language is. Takes what people
 * type, "9", "930", "9.30", "09:30", and writes "09:30" when they leave the field. */
import { useState } from 'preact/hooks';

import { readTime } from '../calendar/hours.ts';

interface TimeInputProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  invalid?: boolean;
  /* A visible label ties itself by this id. */
  id?: string;
}

export function TimeInput({ label, value, onValue, invalid, id }: TimeInputProps) {
  const [typing, setTyping] = useState<string | null>(null);
  return (
    <input
      id={id}
      type="text"
      inputMode="numeric"
      autocomplete="off"
      maxLength={5}
      class="form-control"
      aria-label={label}
      aria-invalid={invalid ? 'true' : undefined}
      placeholder="--:--"
      value={typing ?? value}
      onInput={(event) => setTyping(event.currentTarget.value)}
      onBlur={() => {
        if (typing !== null) {
          onValue(typing.trim() === '' ? '' : (readTime(typing) ?? value));
          setTyping(null);
        }
      }}
    />
  );
}

/* Ids made on the device. */
import { expect, it } from 'vitest';

import { uuid } from '../src/uuid.ts';

it('makes random ids of version 4', () => {
  const made = Array.from({ length: 1000 }, uuid);
  expect(new Set(made).size).toBe(made.length);
  for (const id of made) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

/* Unit tests run with the clock of New York: nothing may depend on the device's zone. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: { include: ['test/**/*.test.ts'], env: { TZ: 'America/New_York' } },
});

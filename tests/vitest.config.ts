import { defineConfig } from "vitest/config";

// Each file starts its own server on a port the kernel chooses, so files run in parallel.
export default defineConfig({
  test: {
    include: ["api/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});

import { defineConfig } from "vitest/config";

const full = process.env["OPALENS_TEST_FULL"] === "1";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/build.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: full ? 300_000 : 60_000,
    hookTimeout: 120_000,
  },
});

import { defineConfig } from "vitest/config";

const full = process.env["OPALENS_TEST_FULL"] === "1";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/build.ts"],
    pool: "forks",
    maxWorkers: 2,
    // .ci/run adds these counts up
    reporters: ["default", ["json", { outputFile: "node_modules/.cache/opalens/tests.json" }]],
    testTimeout: full ? 300_000 : 60_000,
    hookTimeout: 120_000,
  },
});

import { execFileSync } from "node:child_process";
import { ROOT } from "./library.ts";

/** Builds dist once before all tests: what is deployed is what is tested. */
export default function setup(): void {
  if (process.env["OPALENS_TEST_NO_BUILD"] === "1") return;
  run("rollup/dist/bin/rollup", "-c", "--silent");
  run("vite/bin/vite.js", "build", "src/studio");
}

function run(program: string, ...args: readonly string[]): void {
  // Vite takes the NODE_ENV that tests have for a wish, and would build a page for development
  const env = { ...process.env, NODE_ENV: "production" };
  execFileSync(process.execPath, [`node_modules/${program}`, ...args], { cwd: ROOT, stdio: "inherit", env });
}

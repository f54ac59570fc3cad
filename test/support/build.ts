import { execFileSync } from "node:child_process";
import { ROOT } from "./library.ts";

/** Builds dist once before all tests: what is deployed is what is tested. */
export default function setup(): void {
  if (process.env["OPALENS_TEST_NO_BUILD"] === "1") return;
  execFileSync(process.execPath, ["node_modules/rollup/dist/bin/rollup", "-c", "--silent"], { cwd: ROOT, stdio: "inherit" });
}

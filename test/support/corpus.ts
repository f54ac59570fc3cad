import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./library.ts";

/** A folder of real and broken pictures that is not part of this repository; tests that need it are skipped without it. */
export const CORPUS = process.env["OPALENS_CORPUS"] ?? join(ROOT, "../shared/corpus");
export const HAS_CORPUS = existsSync(CORPUS);

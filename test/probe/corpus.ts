import { fileURLToPath } from "node:url";

/** The folder of test pictures (not part of the repository); tests that need it are skipped without it. */
export const CORPUS = process.env["OPALENS_CORPUS"] ?? fileURLToPath(new URL("../../../shared/corpus", import.meta.url));

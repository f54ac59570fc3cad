/** What the studio runs before the first picture. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Paths of the scripts of a built studio that index.html names, of the workers that they start, and of all that any of these
 * imports statically.
 */
export function initialScripts(folder) {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const found = new Set();
  for (const [, source] of html.matchAll(/<script[^>]*\bsrc="([^"]+)"/g)) follow(join(folder, source), found);
  return [...found];
}

function follow(path, found) {
  if (found.has(path) || !existsSync(path)) return;
  found.add(path);
  const code = readFileSync(path, "utf8");
  for (const name of [...staticImports(code), ...workers(code)]) follow(join(dirname(path), name), found);
}
/** `import(…)` has its specifier in parentheses; these have not. */
function staticImports(code) {
  return [...code.matchAll(/\b(?:from|import)\s*["'`](\.[^"'`]+)["'`]/g)].map(([, name]) => name);
}
/** As Vite writes them: new Worker(new URL("worker-HASH.js", import.meta.url)), with or without the base. */
function workers(code) {
  return [...code.matchAll(/new URL\([^)"'`]*["'`]([^"'`]+\.js)["'`]/g)].map(([, name]) => name);
}

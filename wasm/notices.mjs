import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Name, version and licenses of every package that one of these files belongs to. `ids`: of modules, as bundlers have them, or paths. */
export function noticesOf(ids) {
  const roots = new Set([...ids].map(packageRoot).filter((root) => root !== undefined));
  return [...roots].sort().map(notice).join("\n");
}

function packageRoot(id) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replace(/^\0/, ""));
  return match === null ? undefined : match[1];
}
function notice(root) {
  const meta = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const files = licenseFiles(root).map((file) => readFileSync(file, "utf8").trim());
  const rule = "=".repeat(80);
  return `${rule}\n${meta.name} ${meta.version} (${meta.license ?? "see below"})\n${rule}\n${files.join("\n\n") || `License: ${meta.license}`}\n`;
}
/** Of the package and of the codecs it carries. */
function licenseFiles(root, depth = 0) {
  if (depth > 3 || !existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    const path = join(root, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : licenseFiles(path, depth + 1);
    return /^(licen[cs]e|copying|notice)/i.test(entry.name) ? [path] : [];
  });
}

/** The library in workerd, as a Cloudflare Worker has it: every module given at the start, none compiled while it runs. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface WorkerdFiles {
  readonly dist: string;
  readonly equality: string;
  readonly sources: string;
}

/** What the worker prints: the hashes as JSON. */
export async function runWorkerd(path: string, { dist, equality, sources }: WorkerdFiles, fastOnly: boolean): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "opalens-workerd-"));
  try {
    for (const [name, target] of Object.entries({ dist, equality, sources })) await symlink(target, join(folder, name));
    const list = async (name: string, pattern: RegExp) =>
      (await readdir(join(folder, name))).filter((file) => pattern.test(file)).map((file) => `${name}/${file}`);
    const files = {
      esModule: ["main.mjs", "equality/requests.mjs", "dist/lib/index.js", ...(await list("dist/chunks", /^web-/))],
      wasm: await list("dist/wasm", /\.wasm$/),
      data: [...(await list("sources", /./)), ...(await list("dist/fc/fonts", /\.ttf$/))],
    };
    await writeFile(join(folder, "main.mjs"), mainOf(files, fastOnly));
    await writeFile(join(folder, "config.capnp"), configOf(files));
    const { stdout, stderr } = await run(path, ["test", "config.capnp"], { cwd: folder, timeout: 240_000, maxBuffer: 1 << 24 });
    const printed = /^HASHES (.*)$/m.exec(stdout)?.[1];
    if (printed === undefined) throw new Error(`workerd printed no hashes: ${stdout} ${stderr}`);
    return printed;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Files = Readonly<Record<"esModule" | "wasm" | "data", readonly string[]>>;

function configOf(files: Files): string {
  const modules = Object.entries(files).flatMap(([kind, names]) =>
    names.map((name) => `    (name = ${JSON.stringify(name)}, ${kind} = embed ${JSON.stringify(name)}),`),
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);
const worker :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  modules = [
${modules.join("\n")}
  ],
);
`;
}

function mainOf({ wasm, data }: Files, fastOnly: boolean): string {
  const names = [...wasm, ...data];
  const baseName = (path: string) => path.slice(path.lastIndexOf("/") + 1);
  const table = (paths: readonly string[], key: (path: string) => string) =>
    `{${paths.map((path) => `${JSON.stringify(key(path))}: file${names.indexOf(path)}`).join(", ")}}`;
  return `${names.map((name, i) => `import file${i} from ${JSON.stringify(name)};`).join("\n")}
import { transform } from "dist/lib/index.js";
import { hashAll, subtleSha256 } from "equality/requests.mjs";

const modules = ${table(wasm, (path) => baseName(path).replace(/\.wasm$/, ""))};
const files = ${table(data, baseName)};
const bytesOf = (name) => new Uint8Array(files[name]);
const fonts = Object.fromEntries(Object.keys(files).filter((name) => name.endsWith(".ttf")).map((name) => [name, bytesOf(name)]));

export default {
  async test() {
    const read = async (name) => bytesOf(name);
    console.log("HASHES " + JSON.stringify(await hashAll({ transform, read, sha256: subtleSha256, fastOnly: ${fastOnly}, modules, fonts })));
  },
};
`;
}

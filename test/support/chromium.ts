/** A headless Chromium of the machine, and one page in it. */
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { type Binary, exists, missing } from "./runtimes.ts";

const run = promisify(execFile);
const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
/** The smallest package of Debian that has one. */
const PACKAGE = "chromium-headless-shell";
const INSTALL = `command -v ${PACKAGE} || { apt-get update -qq && apt-get install -y -qq --no-install-recommends ${PACKAGE}; }`;

/**
 * What is on PATH. With `install`, on Debian as root, apt-get installs it; where that cannot be: an error under CI, else the
 * reason.
 */
export async function findChromium(install: boolean): Promise<Binary> {
  const found = await onPath();
  if (found !== undefined) return { path: found };
  if (!install) return { missing: "no Chromium is on PATH; OPALENS_TEST_FULL=1 installs one, on Debian as root" };
  const isRootOnDebian = process.getuid?.() === 0 && (await exists("/etc/debian_version"));
  if (!isRootOnDebian) return missing("no Chromium is on PATH, and only on Debian as root can one be installed from here");
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    // One test file at a time: apt-get does not wait for another one that reads the lists
    await run("flock", [join(tmpdir(), "opalens-apt.lock"), "sh", "-c", INSTALL], { env, timeout: 420_000 });
  } catch (thrown) {
    return missing(`apt-get could not install ${PACKAGE}: ${(thrown as Error).message.split("\n")[0]}`);
  }
  const installed = await onPath();
  return installed === undefined ? missing(`${PACKAGE} has no program on PATH`) : { path: installed };
}
async function onPath(): Promise<string | undefined> {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    for (const name of NAMES) if (await exists(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

/** Longer than any page here takes; without an end a page that says nothing would leave its browser running. */
const PAGE_MS = 240_000;

/** Opens `url` and keeps it open until `done` settles; the browser is ended then. Its own log is part of an error. */
export async function withPage<T>(path: string, url: string, done: Promise<T>): Promise<T> {
  const profile = await mkdtemp(join(tmpdir(), "opalens-chromium-"));
  // Without a user namespace, which containers rarely give, root has no sandbox; the page is our own
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const args = ["--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-port=0"];
  const browser = spawn(path, [...args, ...sandbox, `--user-data-dir=${profile}`, url], {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true, // a group of its own: what is on PATH may be a script, whose end would leave the browser running
  });
  let log = "";
  browser.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const ended = new Promise<void>((resolve) => void browser.once("exit", resolve));
  const early = new Promise<never>((_, reject) => {
    browser.once("error", reject);
    browser.once("exit", (code) => reject(new Error(`Chromium ended with ${code}: ${log.slice(-500)}`)));
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the page said nothing within ${PAGE_MS / 1000} s: ${log.slice(-500)}`)),
      PAGE_MS,
    );
  });
  try {
    return await Promise.race([done, early, late]);
  } finally {
    clearTimeout(timer);
    early.catch(() => undefined);
    if (browser.pid !== undefined) {
      endGroup(browser.pid);
      await ended;
    }
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ESRCH") throw thrown; // it has ended by itself
  }
}

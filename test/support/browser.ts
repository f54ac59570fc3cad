/** The built studio on the local stack, in a headless Chromium, for the tests of one file. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import { type Stack, startStack } from "../../src/stack/index.ts";
import { findChromium } from "./chromium.ts";
import { ROOT } from "./library.ts";

export interface Studio {
  readonly browser: Browser;
  readonly stack: Stack;
  /** Address of the page. */
  readonly url: string;
  /** Folder of the objects: copies of fixtures/images. */
  readonly objects: string;
  /** A page of its own context, watched until the test ends. `fragment` and the like come after the page's address. */
  open(after?: string, options?: OpenOptions): Promise<Page>;
}
export interface OpenOptions extends BrowserContextOptions {
  /** Another address than the stack's. */
  readonly url?: string;
  /** Runs in the page before its own scripts. */
  readonly before?: () => void;
  /** Complaints that belong to what is tested. */
  readonly allow?: RegExp;
}

/** Installing a browser and starting the stack; the first takes a minute once. */
const START_MS = 480_000;
/** Longest wait for one thing on the page: an AVIF takes seconds where other test files have the cores. */
const WAIT_MS = 45_000;
/** Of a whole test, which waits for many. */
const TEST_MS = 180_000;

/** Starts everything before the file's tests and fails each test whose page complained. Call it at the top of a file. */
export function useStudio(): Studio {
  vi.setConfig({ testTimeout: TEST_MS });
  let started: { browser: Browser; stack: Stack; objects: string } | undefined;
  let missing: string | undefined;
  let complaints: string[] = [];
  const address = () => `${parts().stack.urls.edge}/studio/`;
  const parts = () => {
    if (started === undefined) throw new Error("the studio has not been started");
    return started;
  };

  beforeAll(async () => {
    const found = await findChromium(true);
    if ("path" in found) {
      started = await start(found.path);
      return;
    }
    missing = found.missing;
    console.warn(`The tests of this file are skipped: ${missing}.`);
  }, START_MS);
  afterAll(async () => {
    await started?.browser.close();
    await started?.stack.close();
    if (started !== undefined) await rm(started.objects, { recursive: true, force: true });
  });
  beforeEach(({ skip }) => {
    if (missing !== undefined) skip(missing);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await showPages(started?.browser, task.name);
    const seen = complaints;
    complaints = [];
    for (const context of started?.browser.contexts() ?? []) await context.close();
    expect(seen, "what the page complained about").toEqual([]);
  });

  return {
    get browser() {
      return parts().browser;
    },
    get stack() {
      return parts().stack;
    },
    get url() {
      return address();
    },
    get objects() {
      return parts().objects;
    },
    async open(after = "", { url = address(), before, allow, ...options } = {}) {
      const context = await parts().browser.newContext({
        viewport: { width: 1440, height: 900 },
        locale: "en-US",
        ...options,
      });
      context.setDefaultTimeout(WAIT_MS);
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      if (before !== undefined) await context.addInitScript(before);
      const page = await context.newPage();
      watch(page, (complaint) => {
        if (allow?.test(complaint) !== true) complaints.push(complaint);
      });
      await page.goto(url + after);
      return page;
    },
  };
}

async function start(executablePath: string) {
  const objects = await mkdtemp(join(tmpdir(), "opalens-studio-"));
  await cp(join(ROOT, "fixtures/images"), objects, { recursive: true });
  const stack = await startStack({
    root: objects,
    bundleDir: join(ROOT, "dist/fc"),
    instanceScript: join(ROOT, "dist/stack/instance.cjs"),
    studioDir: join(ROOT, "dist/studio"),
    maxInstances: 1,
  });
  // Without a user namespace, which containers rarely give, root has no sandbox; the page is our own
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = await chromium
    .launch({ executablePath, args: ["--disable-dev-shm-usage", ...sandbox] })
    .catch(async (thrown: unknown) => {
      await stack.close();
      throw thrown;
    });
  return { browser, stack, objects };
}

/** What the pages of a failed test look like, for whoever reads the failure. */
async function showPages(browser: Browser | undefined, test: string): Promise<void> {
  const pages = (browser?.contexts() ?? []).flatMap((context) => context.pages());
  for (const [i, page] of pages.entries()) {
    const path = join(ROOT, "node_modules/.cache/opalens/studio", `${test.replace(/\W+/g, "-")}-${i}.png`);
    const isShown = await page.screenshot({ path }).then(
      () => true,
      () => false, // a page that hangs
    );
    if (isShown) console.error(`the page as the test left it: ${path}`);
  }
}

function watch(page: Page, complain: (complaint: string) => void): void {
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      complain(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => complain(`error: ${error.stack ?? error.message}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    // What the page itself gave up, such as a comparison that was overtaken
    if (reason !== "net::ERR_ABORTED") complain(`request failed: ${request.url()}: ${reason}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complain(`HTTP ${response.status()}: ${response.url()}`);
  });
}

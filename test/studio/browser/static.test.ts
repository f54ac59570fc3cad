/** dist/studio on any web host: without a store, in a folder of its own. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useStudio } from "../../support/browser.ts";
import { ROOT } from "../../support/library.ts";
import { serveFolder } from "../../support/static-host.ts";
import { addStep, copied, download, drop, sample, setFormat, setNumber, sha256, waitForResult } from "./person.ts";

const studio = useStudio();
let folder = "";
let host: Awaited<ReturnType<typeof serveFolder>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "opalens-static-"));
  await cp(join(ROOT, "dist/studio"), folder, { recursive: true });
  host = await serveFolder(folder, "/some/where/");
});
afterAll(async () => {
  await host?.close();
  await rm(folder, { recursive: true, force: true });
});

test("a static copy makes the same bytes, and says why there is no tick", async () => {
  const page = await studio.open("", { url: host.url });
  await drop(page, await sample("owl.jpg"));
  await waitForResult(page, "JPEG 1023 × 682");
  await setNumber(await addStep(page, "Resize"), "Width", 320);
  await setFormat(page, "WebP");
  await waitForResult(page, "WebP 320 × 213");
  await page.getByRole("button", { name: /^Not compared with a server/ }).click();
  const reason = page.getByRole("dialog", { name: "Not compared with a server" });
  expect(await reason.innerText()).toMatch(/was not served by a running stack/);
  await page.keyboard.press("Escape");

  const { bytes } = await download(page);
  const query = new URL(await copied(page, "Address")).search;
  const answer = await fetch(`${studio.stack.urls.edge}/owl.jpg${query}`);
  expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(sha256(bytes));
});

test("a static copy has pictures to try", async () => {
  const page = await studio.open("", { url: host.url });
  await page.getByRole("button", { name: /^dice/ }).click();
  await setFormat(page, "AVIF");
  await waitForResult(page, "AVIF");
});

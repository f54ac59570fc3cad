/** What a person does with the studio, on the built page and the local stack. */
import type { Page } from "playwright-core";
import sharp from "sharp";
import { expect, test } from "vitest";
import { useStudio } from "../../support/browser.ts";
import { noteTexts } from "../../support/in-page.mjs";
import {
  addStep,
  copied,
  download,
  drag,
  drop,
  numberOf,
  pasteText,
  sample,
  setFormat,
  setNumber,
  sha256,
  stepOf,
  storeAndCompare,
  waitForResult,
  waitForTick,
} from "./person.ts";

const studio = useStudio();

async function answerOf(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  expect(response.status, url).toBe(200);
  return new Uint8Array(await response.arrayBuffer());
}

test("from a dropped picture to a URL that answers the very bytes on the page", async () => {
  const page = await studio.open();
  await drop(page, await sample("owl.jpg"));
  await waitForResult(page, "JPEG 1023 × 682");

  const resize = await addStep(page, "Resize");
  await setNumber(resize, "Width", 640);
  await waitForResult(page, "640 × 427");

  const watermark = await addStep(page, "Watermark");
  await watermark.getByRole("textbox", { name: "Text", exact: true }).fill("你好，世界");
  await setNumber(watermark, "Size", 48);

  await addStep(page, "Crop");
  await drag(page, page.getByRole("slider", { name: "Bottom right corner" }), { x: -200, y: -100 });
  await drag(page, page.getByRole("application", { name: /^Crop rectangle/ }), { x: 60, y: 30 });
  const cropped = await numberOf(stepOf(page, "Crop"), "Width").inputValue();
  expect(Number(cropped)).toBeGreaterThan(100);
  expect(Number(cropped)).toBeLessThan(600);
  await waitForResult(page, `${cropped} ×`);

  await page.getByRole("button", { name: "Done" }).click();

  await setFormat(page, "WebP");
  await waitForResult(page, "WebP");
  const divider = page.getByRole("slider", { name: "Divider between original and result" });
  const before = Number(await divider.getAttribute("aria-valuenow"));
  await drag(page, divider, { x: 150, y: 0 });
  expect(Number(await divider.getAttribute("aria-valuenow"))).toBeGreaterThan(before + 5);

  await addStep(page, "Blur");
  await stepOf(page, "Blur").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await stepOf(page, "Blur").waitFor({ state: "detached" });
  await waitForResult(page, "WebP");

  await storeAndCompare(page);
  const url = await copied(page, "Address");
  expect(url).toMatch(new RegExp(`^${studio.stack.urls.edge}/owl\\.jpg\\?x-oss-process=image/`));
  const [here, there] = [await download(page), await answerOf(url)];
  expect(here.name).toBe("owl.webp");
  expect(sha256(there)).toBe(sha256(here.bytes));
  expect(await waitForTick(page)).toBe(sha256(there));
  expect(await sharp(there).metadata()).toMatchObject({ format: "webp", width: Number(cropped) });
});

/** Opens an object of the store by its picture on the start screen. */
async function openObject(page: Page, key: string): Promise<void> {
  await page.getByRole("button", { name: new RegExp(`^${key}`) }).click();
}

test("a shared link brings back the chain and the very bytes, and so does a reload", async () => {
  const page = await studio.open();
  await openObject(page, "dice.png");
  const resize = await addStep(page, "Resize");
  await setNumber(resize, "Width", 300);
  await addStep(page, "Rotate");
  await setNumber(stepOf(page, "Rotate"), "Angle", 10);
  await addStep(page, "Blur");
  await stepOf(page, "Blur").getByRole("switch", { name: "Blur: apply this step" }).click();
  await setFormat(page, "AVIF");
  await waitForResult(page, "AVIF");
  const { bytes } = await download(page);
  await page.getByRole("button", { name: "Share link" }).click();
  const link = String(await page.evaluate("navigator.clipboard.readText()"));
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/studio\/#key=dice\.png&process=image\/resize,w_300\/rotate,10\/.*&off=2$/);

  const other = await studio.open(new URL(link).hash);
  for (const way of ["opened", "reloaded"]) {
    if (way === "reloaded") await other.reload();
    await waitForResult(other, "AVIF");
    expect(sha256((await download(other)).bytes), way).toBe(sha256(bytes));
    expect(await waitForTick(other), way).toBe(sha256(bytes));
    for (const step of [/^Resize ?, 300 px wide$/, /^Rotate ?, 10°$/, /^Blur ?, sigma 5 px$/]) {
      await other.getByRole("button", { name: step }).waitFor();
    }
    expect(await other.getByRole("switch", { name: "Blur: apply this step" }).isChecked(), way).toBe(false);
  }
});

test("a picture of one's own is still there after a reload, with its chain", async () => {
  const page = await studio.open();
  await drop(page, await sample("road.jpg"));
  await setNumber(await addStep(page, "Resize"), "Width", 200);
  await waitForResult(page, "200 × 113");
  await page.waitForURL(/#process=image\/resize,w_200/);
  await page.reload();
  await waitForResult(page, "JPEG 200 × 113");
  await page.getByRole("button", { name: /^Picture: road\.jpg/ }).waitFor();
});

test("a pasted URL becomes the chain, whatever its language", async () => {
  const page = await studio.open();
  await openObject(page, "owl.jpg");
  await waitForResult(page, "JPEG 1023 × 682");
  await pasteText(page, `${studio.stack.urls.edge}/owl.jpg?x-oss-process=image/resize,w_200/rotate,90/format,webp`);
  await waitForResult(page, "WebP 133 × 200");
  await stepOf(page, "Rotate").waitFor();
  await pasteText(page, "https://cdn.example.com/dice.png?w=240&radius=max&f=png");
  await waitForResult(page, "PNG 240 × 180");
  await page.getByRole("button", { name: /^Picture: dice\.png/ }).waitFor();
  await stepOf(page, "Rounded corners").waitFor();

  const field = page.getByRole("textbox", { name: "Edit by text" });
  await field.fill("w=100&blur=3");
  await field.press("Enter");
  await waitForResult(page, "PNG 100 × 75");
  await field.fill("image/resize,w_abc");
  await field.press("Enter");
  await page.getByRole("alert").filter({ hasText: "abc" }).waitFor();
  await waitForResult(page, "PNG 100 × 75");
  await page.getByRole("heading", { name: "Use it" }).click(); // text that is pasted into a field is the field's
  await pasteText(page, "what a lovely day");
  await page.getByRole("status").filter({ hasText: "There is nothing to read in this" }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await waitForResult(page, "PNG 240 × 180");
});

test("a change while a result is being made ends it: the new one comes, and never the old one", async () => {
  // 7 s of one core: nobody waits for it here
  const page = await studio.open("#key=road.jpg&process=image/effort,small/format,avif");
  const figures = page.getByRole("region", { name: "Result in figures" });
  await figures.evaluate(noteTexts, "dl");
  await page.getByRole("status", { name: "Progress" }).filter({ hasText: "Making the exact result" }).waitFor();
  await setNumber(await addStep(page, "Resize"), "Width", 120);
  await waitForResult(page, "AVIF 120 × 68");
  await page.getByRole("button", { name: "Undo" }).click();
  await setFormat(page, "JPEG");
  await waitForResult(page, "JPEG");
  const seen = (await page.evaluate("globalThis.opalensSeen")) as readonly string[];
  expect(seen.join("\n")).toContain("AVIF 120 × 68");
  expect(seen.join("\n")).not.toContain("AVIF 1920 × 1080");
});

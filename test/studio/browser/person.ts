/** What a person does on the studio's page, each by what the page says. In English, unless a test chose otherwise. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { dropFile, paste } from "../../support/in-page.mjs";
import { ROOT } from "../../support/library.ts";

const TYPES: Readonly<Record<string, string>> = { ".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp" };

export interface Picture {
  readonly name: string;
  readonly bytes: Uint8Array;
}
/** A picture of fixtures/images. */
export async function sample(name: string): Promise<Picture> {
  return { name, bytes: await readFile(join(ROOT, "fixtures/images", name)) };
}
function pageFile({ name, bytes }: Picture) {
  return { name, type: TYPES[extname(name)] ?? "", base64: Buffer.from(bytes).toString("base64") };
}

/** Drops it in the middle of the page. */
export async function drop(page: Page, picture: Picture): Promise<void> {
  await page.locator("main").evaluate(dropFile, pageFile(picture));
}
export async function pastePicture(page: Page, picture: Picture): Promise<void> {
  await page.evaluate(paste, { file: pageFile(picture) });
}
export async function pasteText(page: Page, text: string): Promise<void> {
  await page.evaluate(paste, { text });
}

/** The step of that name in the chain. */
export function stepOf(page: Page, name: string): Locator {
  const head = page.getByRole("button", { name: new RegExp(`^${name}\\b`) });
  return page.getByRole("region", { name: "Steps" }).getByRole("listitem").filter({ has: head });
}
/** Adds an operation at the end of the chain and gives its card, which is open then. */
export async function addStep(page: Page, name: string): Promise<Locator> {
  await page.getByRole("button", { name: "Add step" }).click();
  await page.getByRole("option", { name: new RegExp(`^${name}\\b`) }).click();
  return stepOf(page, name);
}
/** A field of numbers in a card. */
export function numberOf(step: Locator, name: string): Locator {
  return step.getByRole("spinbutton", { name, exact: true });
}
export async function setNumber(step: Locator, name: string, value: number): Promise<void> {
  await numberOf(step, name).fill(String(value));
  await numberOf(step, name).press("Enter");
}
export async function setFormat(page: Page, name: string): Promise<void> {
  await page.getByRole("radiogroup", { name: "Format" }).getByText(name, { exact: true }).click();
}

/** Drags the middle of something by px of the screen. */
export async function drag(page: Page, target: Locator, by: { readonly x: number; readonly y: number }): Promise<void> {
  const box = await target.boundingBox();
  if (box === null) throw new Error("what is to be dragged is not on the screen");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by.x / 2, y + by.y / 2, { steps: 4 });
  await page.mouse.move(x + by.x, y + by.y, { steps: 4 });
  await page.mouse.up();
}

/** Waits until the result is the one that is asked for: format and size, as the page prints them. */
export async function waitForResult(page: Page, what: string | RegExp): Promise<void> {
  const figures = page.getByRole("region", { name: "Result in figures" });
  await figures.locator("dd").nth(1).filter({ hasText: what }).waitFor();
  await figures.getByRole("button", { name: "Download" }).and(page.locator(":enabled")).waitFor();
}
/** The bytes that the page made, as it hands them out. */
export async function download(page: Page): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const [started] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download" }).click()]);
  return { name: started.suggestedFilename(), bytes: await readFile(await started.path()) };
}

/** Stores the picture in the local store, so that the server can be asked for it, and waits for the tick. */
export async function storeAndCompare(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Not compared with a server/ }).click();
  await page.getByRole("button", { name: "Store a copy and compare" }).click();
  await waitForTick(page);
}
/** The SHA-256 that the page and the server agree about. */
export async function waitForTick(page: Page): Promise<string> {
  const tick = page.getByRole("button", { name: /^Same bytes as the server/ });
  await tick.click();
  const text = await page.getByRole("dialog", { name: "Same bytes as the server" }).innerText();
  await page.keyboard.press("Escape");
  return /\b[0-9a-f]{64}\b/.exec(text)?.[0] ?? `no SHA-256 in: ${text}`;
}
/** What the page's Copy button of that text puts on the clipboard. */
export async function copied(page: Page, what: string): Promise<string> {
  await page.getByRole("button", { name: `Copy: ${what}` }).click();
  return page.evaluate("navigator.clipboard.readText()") as Promise<string>;
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

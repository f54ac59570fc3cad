/** What axe-core says about the page in its states: nothing serious. */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { type OpenOptions, useStudio } from "../../support/browser.ts";
import { waitForResult } from "./person.ts";

const studio = useStudio();
let axe = "";
beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
});

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}
/** Rules of WCAG 2.2 AA and of good practice that are broken here. Our own world of scripts: the page's policy forbids others. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate("axe.run()")) as { readonly violations: readonly Violation[] };
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

/** One step of each kind of control, the last one open by a press. */
const CHAIN =
  "#key=example.jpg&process=image/resize,m_pad,w_300,h_200,color_FF0000/watermark,text_5L2g5aW9,color_FFFFFF,size_30,g_center/format,webp";
const PHONE: OpenOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

async function withChain(page: Page): Promise<void> {
  await waitForResult(page, "WebP 300 × 200");
  await page.getByRole("button", { name: /^Watermark/, expanded: false }).click();
  await page.getByRole("spinbutton", { name: "Size", exact: true }).waitFor();
}
const withCrop = async (page: Page) => {
  await waitForResult(page, "JPEG 400 × 267");
  await page.getByRole("button", { name: "Crop", exact: true }).click();
  await page.getByRole("slider", { name: "Bottom right corner" }).waitFor();
};
const withMenu = async (page: Page) => {
  await waitForResult(page, "WebP 300 × 200");
  await page.getByRole("button", { name: "Add step" }).click();
  await page.getByRole("listbox").waitFor();
};
const withFault = async (page: Page) => {
  await page.getByRole("status").filter({ hasText: "This link cannot be read." }).waitFor();
};
const inChinese = async (page: Page) => {
  expect(await page.locator("html").getAttribute("lang")).toBe("zh-CN");
  await page.getByRole("definition").filter({ hasText: "WebP 300 × 200" }).waitFor();
  await page.getByRole("button", { name: "下载" }).and(page.locator(":enabled")).waitFor();
};
const empty = async (page: Page) => {
  await page.getByRole("button", { name: /^(Choose a picture|选择图片)$/ }).waitFor();
};

// biome-ignore format: one row per case
test.each<[string, string, OpenOptions, (page: Page) => Promise<unknown>]>([
  ["the empty page",                  "",                              {},                                       empty],
  ["the empty page, dark",            "",                              { colorScheme: "dark" },                  empty],
  ["the empty page on a phone",       "",                              PHONE,                                    empty],
  ["a chain",                         CHAIN,                           {},                                       withChain],
  ["a chain, dark",                   CHAIN,                           { colorScheme: "dark" },                  withChain],
  ["a chain in Chinese",              CHAIN,                           { locale: "zh-CN" },                      inChinese],
  ["a chain on a phone",              CHAIN,                           PHONE,                                    withChain],
  ["a chain on a phone, dark",        CHAIN,                           { ...PHONE, colorScheme: "dark" },        withChain],
  ["cropping",                        "#key=example.jpg",              {},                                       withCrop],
  ["the list of operations",          CHAIN,                           {},                                       withMenu],
  ["a link that cannot be read",      "#process=image/resize,w_abc",   {},                                       withFault],
])("%s has no serious finding", async (_name, after, options, prepare) => {
  const page = await studio.open(after, { reducedMotion: "reduce", ...options });
  await prepare(page);
  expect(await violations(page)).toEqual([]);
  // WCAG 2.2, 1.4.10: nothing is to be scrolled sideways
  expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
});

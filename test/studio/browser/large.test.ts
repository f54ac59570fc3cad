/** A photograph as cameras make them: 24 MP. */
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { useStudio } from "../../support/browser.ts";
import { noteFrames } from "../../support/in-page.mjs";
import { ROOT } from "../../support/library.ts";
import { addStep, copied, download, drop, sha256, waitForResult } from "./person.ts";

const studio = useStudio();
const { transform } = await import(join(ROOT, "dist/lib/index-node.js"));

test("24 MP: drafts follow the slider, the exact result comes when it is let go", async () => {
  const bytes = await sharp(join(ROOT, "fixtures/images/road.jpg")).resize(6528, 3672).jpeg({ quality: 85 }).toBuffer();
  const page = await studio.open();
  await drop(page, { name: "large.jpg", bytes });
  await waitForResult(page, "JPEG 6528 × 3672");
  const blur = await addStep(page, "Blur");
  await waitForResult(page, "JPEG 6528 × 3672");

  const slider = blur.getByRole("slider", { name: "Sigma" });
  const box = await slider.boundingBox();
  if (box === null) throw new Error("there is no slider");
  const figures = page.getByRole("region", { name: "Result in figures" }).locator("[data-outdated]");
  await page.evaluate(noteFrames);
  await page.mouse.move(box.x + box.width * 0.2, box.y + box.height / 2);
  await page.mouse.down();
  for (let i = 0; i <= 30; i++) {
    await page.mouse.move(box.x + box.width * (0.2 + i * 0.02), box.y + box.height / 2);
    await page.waitForTimeout(50);
  }
  const { pictures, longestMs } = (await page.evaluate("globalThis.opalensFrames")) as {
    pictures: readonly string[];
    longestMs: number;
  };
  console.log(`24 MP, 31 moves in about 2 s: ${pictures.length - 2} drafts shown, longest frame ${Math.round(longestMs)} ms`);
  expect(pictures.length).toBeGreaterThan(4); // both sides as they were, and some drafts
  expect(await figures.getAttribute("data-outdated")).toBe("true");
  await page.mouse.up();
  await expect.poll(() => figures.getAttribute("data-outdated"), { timeout: 45_000 }).toBe("false");

  const process = await copied(page, "x-oss-process");
  expect(process).toMatch(/^image\/blur,sigma_[\d.]+$/);
  const expected = await transform(bytes, process);
  expect(sha256((await download(page)).bytes)).toBe(sha256(expected.data));
});

/** Ways a picture comes in, and pictures that cannot. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { useStudio } from "../../support/browser.ts";
import { ROOT } from "../../support/library.ts";
import { download, drop, type Picture, pastePicture, sample, sha256, waitForResult } from "./person.ts";

const studio = useStudio();
const images = join(ROOT, "fixtures/images");

test("takes a picture from the file dialog", async () => {
  const page = await studio.open();
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose a picture" }).click(),
  ]);
  await chooser.setFiles(join(images, "landscape-6.jpg"));
  await waitForResult(page, "JPEG 600 × 400");
});

test("takes a picture from the clipboard, and another one after it", async () => {
  const page = await studio.open();
  await pastePicture(page, await sample("lossy_alpha1.webp"));
  await page.getByRole("button", { name: /^Picture: lossy_alpha1\.webp/ }).waitFor();
  await pastePicture(page, await sample("boxes.png"));
  await page.getByRole("button", { name: /^Picture: boxes\.png/ }).waitFor();
  await waitForResult(page, "PNG");
});

test("hands out an untouched picture as it is", async () => {
  const page = await studio.open();
  const owl = await sample("owl.jpg");
  await drop(page, owl);
  await waitForResult(page, "JPEG 1023 × 682");
  const { name, bytes } = await download(page);
  expect([name, sha256(bytes)]).toEqual(["owl.jpg", sha256(owl.bytes)]);
});

const damaged = async (): Promise<Picture> => {
  const { name, bytes } = await sample("truncated.png");
  return { name, bytes: bytes.subarray(0, 60) };
};
const garbage: Picture = { name: "garbage.jpg", bytes: Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) & 255) };
const empty: Picture = { name: "empty.png", bytes: new Uint8Array() };
// biome-ignore format: one row per case
test.each<[string, () => Promise<Picture> | Picture, RegExp]>([
  ["damaged", damaged,       /damaged/],
  ["garbage", () => garbage, /not a picture of a format that can be read/],
  ["empty",   () => empty,   /not a picture of a format that can be read|empty|damaged/],
])("says clearly that a file is %s, and lives on", async (_name, make, sentence) => {
  const page = await studio.open();
  const broken = await make();
  await drop(page, broken);
  const alert = page.getByRole("alert").filter({ hasText: `${broken.name} could not be opened` });
  await alert.filter({ hasText: sentence }).waitFor();
  await page.getByRole("button", { name: "Choose a picture" }).waitFor();

  const owl = await sample("owl.jpg");
  await drop(page, owl);
  await waitForResult(page, "JPEG 1023 × 682");
  await alert.waitFor({ state: "detached" });
  await drop(page, broken);
  await alert.waitFor();
  await waitForResult(page, "JPEG 1023 × 682"); // the one before stays
  await page.getByRole("button", { name: "Dismiss" }).click();
  await alert.waitFor({ state: "detached" });
});

test("says what is wrong with a link that cannot be read", async () => {
  const page = await studio.open("#process=image/resize,w_abc");
  await page.getByRole("status").filter({ hasText: "This link cannot be read." }).filter({ hasText: "abc" }).waitFor();
  await page.getByRole("button", { name: "Choose a picture" }).waitFor();
});

test("a link to an object that is gone says so and leaves the others to choose from", async () => {
  // Browsers write down every 404 themselves
  const page = await studio.open("#key=none.jpg&process=image/resize,w_100", { allow: /404.*none\.jpg/ });
  await page.getByRole("alert").filter({ hasText: "none.jpg could not be opened" }).waitFor();
  await expect.poll(() => page.getByText("Opening none.jpg").count()).toBe(0);
  await page
    .getByRole("button", { name: /^owl\.jpg/ })
    .locator("img")
    .waitFor();
  await page.getByRole("button", { name: /^owl\.jpg/ }).click();
  await waitForResult(page, "JPEG 100 × 67");
});

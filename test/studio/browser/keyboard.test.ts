/** The studio without a mouse. */
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { useStudio } from "../../support/browser.ts";
import { waitForResult } from "./person.ts";

const studio = useStudio();
/** More than the page has places for the focus: whoever needs that many is lost. */
const MOST_TABS = 120;

/** Presses Tab (or Shift+Tab) until the focus is there, and fails where it never comes, or cannot be seen. */
async function tabTo(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await target.first().waitFor();
  for (let i = 0; i < MOST_TABS; i++) {
    await page.keyboard.press(key);
    if (!(await target.first().evaluate((element) => element === element.ownerDocument.activeElement))) continue;
    expect(await target.first().isVisible()).toBe(true);
    return;
  }
  throw new Error(`${MOST_TABS} times ${key} do not lead to ${target}`);
}
/** Names of the chain's steps, from the first on. */
async function stepsOf(page: Page): Promise<readonly string[]> {
  const names = await page
    .getByRole("region", { name: "Steps" })
    .getByRole("switch", { name: /: apply this step$/ })
    .all();
  return Promise.all(names.map(async (name) => (await name.getAttribute("aria-label"))?.split(":")[0] ?? ""));
}

test("a chain is built, changed, reordered, switched and undone with the keyboard alone", async () => {
  const page = await studio.open();
  await tabTo(page, page.getByRole("button", { name: /^owl\.jpg/ }));
  await page.keyboard.press("Enter");
  await waitForResult(page, "JPEG 1023 × 682");

  await tabTo(page, page.getByRole("button", { name: "Add step" }));
  await page.keyboard.press("Enter");
  await page.keyboard.type("resize");
  await page.keyboard.press("Enter");
  const width = page.getByRole("spinbutton", { name: "Width", exact: true });
  await tabTo(page, width);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("200");
  await page.keyboard.press("Enter");
  await waitForResult(page, "JPEG 200 × 133");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Tab");
  await waitForResult(page, "JPEG 202 × 135");

  await tabTo(page, page.getByRole("button", { name: "Add step" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.type("rotate");
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("spinbutton", { name: "Angle", exact: true }));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("90");
  await page.keyboard.press("Enter");
  await waitForResult(page, "JPEG 135 × 202");
  expect(await stepsOf(page)).toEqual(["Resize", "Rotate"]);

  await tabTo(page, page.getByRole("button", { name: "Move Rotate", exact: true }), "Shift+Tab");
  await page.keyboard.press("ArrowUp");
  await page.getByRole("status").filter({ hasText: "Rotate is now step 1 of 2" }).waitFor();
  expect(await stepsOf(page)).toEqual(["Rotate", "Resize"]);
  await waitForResult(page, "JPEG 202 × 303");

  await tabTo(page, page.getByRole("switch", { name: "Rotate: apply this step" }));
  await page.keyboard.press("Space");
  await waitForResult(page, "JPEG 202 × 135");
  await page.keyboard.press("ControlOrMeta+z");
  await waitForResult(page, "JPEG 202 × 303");
  await page.keyboard.press("ControlOrMeta+z");
  await waitForResult(page, "JPEG 135 × 202");
  await page.keyboard.press("ControlOrMeta+Shift+z");
  await waitForResult(page, "JPEG 202 × 303");
});

test("the divider and a crop rectangle follow the arrow keys", async () => {
  const page = await studio.open("#key=example.jpg&process=image/crop,w_300,h_200");
  await waitForResult(page, "JPEG 300 × 200");
  const divider = page.getByRole("slider", { name: "Divider between original and result" });
  await tabTo(page, divider);
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+ArrowRight");
  expect(await divider.getAttribute("aria-valuenow")).toBe("10");

  await tabTo(page, page.getByRole("button", { name: /^Crop/, expanded: false }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("slider", { name: "Bottom right corner" }), "Shift+Tab");
  await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("ArrowUp");
  await waitForResult(page, "JPEG 290 × 199");
  await tabTo(page, page.getByRole("application", { name: /^Crop rectangle/ }), "Shift+Tab");
  await page.keyboard.press("Shift+ArrowRight");
  await page.waitForURL(/crop,w_290,h_199,x_10/);
});

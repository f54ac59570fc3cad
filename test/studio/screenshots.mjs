/**
 * Pictures of the studio for docs/studio, from the build: `npm run screenshots`. Chromium is the one on PATH, or $CHROMIUM.
 * Chinese needs a Chinese font on the machine.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import sharp from "sharp";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const OUT = join(ROOT, "docs/studio");

const CHAIN =
  "image/crop,w_1500,h_844,x_210,y_118/resize,w_960/watermark,text_5Zu-54mH5aSE55CG,color_FFFFFF,shadow_50/format,webp";
const OWL =
  "image/resize,w_800/rounded-corners,r_32/watermark,text_5Zu-54mH5aSE55CG,color_FFFFFF,size_48,shadow_60/format,webp";
const opened = (name) => async (page) => page.getByRole("button", { name }).first().click();

/** name, width, height, language, colors, what the address says, what is done before the picture is taken. */
// biome-ignore format: one row per picture
const SCENES = [
  ["start-1440",   1440, 900, "en-US", "light", ""],
  ["chain-1440",   1440, 900, "en-US", "light", `#key=road.jpg&process=${CHAIN}`],
  ["dark-1440",    1440, 900, "zh-CN", "dark",  `#key=owl.jpg&process=${OWL}`, opened(/^水印/)],
  ["crop-1024",    1024, 768, "en-US", "light", `#key=road.jpg&process=${CHAIN}`, opened(/^Crop/)],
  ["dark-1024",    1024, 768, "en-US", "dark",  `#key=dice.png&process=image/resize,w_400/format,webp`],
  ["phone-390",    390,  844, "en-US", "light", `#key=owl.jpg&process=${OWL}`],
  ["phone-zh-390", 390,  844, "zh-CN", "dark",  `#key=owl.jpg&process=${OWL}`],
];

const stack = spawn(process.execPath, [join(ROOT, "dist/cli/main.js"), "dev", "--port", "0", "--quiet"]);
const url = await addressOf(stack);
const browser = await chromium.launch({
  executablePath: chromiumPath(),
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
try {
  await mkdir(OUT, { recursive: true });
  for (const scene of SCENES) await take(...scene);
} finally {
  await browser.close();
  stack.kill("SIGINT");
}

async function take(name, width, height, locale, colorScheme, after, act) {
  const context = await browser.newContext({ viewport: { width, height }, locale, colorScheme, deviceScaleFactor: 1 });
  const page = await context.newPage();
  await page.goto(`${url}/${after}`);
  if (after === "") await page.waitForFunction(() => document.querySelectorAll("img.checker").length >= 12);
  else await page.locator(".proof-words").first().waitFor();
  await act?.(page);
  await page.waitForLoadState("networkidle");
  // The comparison is made once nothing has changed for a while
  await page.waitForFunction(
    () => document.querySelector('[aria-busy="true"], [data-state="waiting"], [data-state="making"]') === null,
  );
  await page.waitForTimeout(1500);
  await sharp(await page.screenshot())
    .png({ palette: true, quality: 95, effort: 10 })
    .toFile(join(OUT, `${name}.png`));
  await context.close();
}

function addressOf(process) {
  return new Promise((resolve, reject) => {
    let said = "";
    process.once("exit", (code) => reject(new Error(`opalens dev ended with ${code}`)));
    process.stdout.on("data", (text) => {
      said += text;
      const found = /^studio\s+(\S+)/m.exec(said);
      if (found !== null && said.includes("Ready")) resolve(found[1]);
    });
  });
}

function chromiumPath() {
  const names = ["chromium", "chromium-headless-shell", "chromium-browser", "google-chrome"];
  const places = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = [process.env.CHROMIUM, ...places].find((path) => path !== undefined && existsSync(path));
  if (found === undefined) throw new Error("there is no Chromium on PATH; name one in $CHROMIUM");
  return found;
}

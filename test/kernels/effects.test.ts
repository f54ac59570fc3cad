import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { opcodesOf } from "../wasm/opcodes.ts";
import { createInstance, speckled } from "./effects-module.ts";

const bytes = readFileSync(new URL("../../wasm/build/effects_scalar.wasm", import.meta.url));

test("effects_scalar.wasm uses WebAssembly 1.0 only: no SIMD, bulk memory or sign extension", () => {
  expect(opcodesOf(bytes).length).toBeGreaterThan(500);
});

test("effects.wasm uses SIMD", () => {
  const simd = readFileSync(new URL("../../wasm/build/effects.wasm", import.meta.url));
  expect(() => opcodesOf(simd)).toThrow("0xfd");
});

test("one instance does one effect after the other, each as if it were alone", () => {
  const shared = createInstance().api;
  const none = () => undefined;
  for (const [i, sigmaMilli] of [2000, 30000, 700, 9000, 2000].entries()) {
    const alone = createInstance().api;
    const [first, second] = [speckled(50 + i, 40, true), speckled(50 + i, 40, true)];
    for (const [api, picture] of [
      [shared, first],
      [alone, second],
    ] as const) {
      const output = { ...speckled(91, 91, true), data: new Uint8Array(91 * 91 * 4) };
      api.rotate(picture, 45, output, none);
      api.blur(picture, sigmaMilli, Math.ceil((3 * sigmaMilli) / 1000), none);
      api.sharpen(picture, 700, 3, 1000, none);
      picture.data.set(output.data.subarray(0, 400));
    }
    expect(Buffer.compare(first.data, second.data)).toBe(0);
  }
});

import { describe, expect, test } from "vitest";
import { testLibrary } from "../support/library.ts";
import { probeOf } from "../support/pictures.ts";

const { explain } = testLibrary();
const photo = probeOf(400, 300);
const kinds = (request: string, source = photo) => explain(request, source).steps.map(({ kind }) => kind);

describe("explain", () => {
  test("names what will be drawn before it has been read", () => {
    const { steps, width, height } = explain("w=200&wm=logo.png&wm_text=Hi&wm_t=50", photo);
    expect([width, height]).toEqual([200, 150]);
    expect(steps.slice(1)).toEqual([
      { kind: "composite", params: { mark: "logo.png", opacity: 128 }, width: 200, height: 150 },
      { kind: "composite", params: { mark: "Hi", opacity: 128 }, width: 200, height: 150 },
    ]);
  });
  test("gives the upper bound where a size depends on pixels", () => {
    const { steps, width, height, memoryBytes } = explain("trim=5&w=100", photo);
    expect(steps).toMatchObject([
      { kind: "trim", width: 400, height: 300 },
      { kind: "scale", width: 100, height: 75 },
    ]);
    expect([width, height]).toEqual([100, 75]);
    expect(memoryBytes).toBeGreaterThan(400 * 300 * 4);
  });
  test("shows the conversion to sRGB behind the reduction, and none for sRGB", () => {
    expect(kinds("w=100&blur=2", probeOf(400, 300, { colorimetry: "other" }))).toEqual(["scale", "convert", "blur"]);
    expect(kinds("w=100&blur=2")).toEqual(["scale", "blur"]);
  });
  test("has every effect in the order in which it is applied", () => {
    const query =
      "radius=9&pixelate=4&sharpen=1&blur=2&gray=1&saturate=5&contrast=5&bright=5&flip=h&rotate=30&w=100&trim=4&crop=0,0,200,200";
    expect(kinds(query).join(" ")).toBe("crop trim scale rotate turn matrix matrix matrix matrix blur sharpen pixelate mask");
  });
  test("has no quality for a result without loss, and JSON for what describes", () => {
    expect(explain("f=webp", photo)).toMatchObject({ format: "webp", quality: 75 });
    expect(explain("f=webp&lossless=1", photo)).not.toHaveProperty("quality");
    expect(explain("image/average-hue", photo)).toMatchObject({ canonical: "image/average-hue", mimeType: "application/json" });
  });
});

import { describe, expect, test } from "vitest";
import { badArgument, type ErrorCode, TransformError } from "../../src/core/errors.ts";
import { errorXml, ossError, statusOf } from "../../src/http/problem.ts";
import { forwardStatus } from "../../src/oss/respond.ts";
import { parseQueryString } from "../../src/syntax/index.ts";
import { testLibrary } from "../support/library.ts";
import { probeOf } from "../support/pictures.ts";

/** OSS IMG reference, section 4.2. */
// biome-ignore format: one row per code
const CODES: Readonly<Record<ErrorCode, readonly [status: number, code: string]>> = {
  BAD_ARGUMENT: [400, "InvalidArgument"], NOT_SUPPORTED: [400, "NotImplemented"], SOURCE_NOT_FOUND: [404, "NoSuchKey"],
  STYLE_NOT_FOUND: [404, "NoSuchStyle"], ACCESS_DENIED: [403, "AccessDenied"], SOURCE_TOO_LARGE: [400, "ImageTooLarge"],
  UNSUPPORTED_FORMAT: [400, "BadRequest"], CORRUPT_IMAGE: [400, "BadRequest"], OUTPUT_TOO_LARGE: [400, "ImageTooLarge"],
  WATERMARK_FAILED: [400, "WatermarkError"], UPSTREAM_FAILED: [503, "ServiceUnavailable"], TIMEOUT: [503, "ServiceUnavailable"],
  INTERNAL: [500, "InternalError"],
};

test.each(Object.entries(CODES))("problem: %s", (name, [status, code]) => {
  expect(statusOf(name as ErrorCode)).toBe(status);
  expect(forwardStatus(status)).toBe(status); // the access point forwards it as it is
  expect(ossError(new TransformError(name as ErrorCode, "some text"))).toEqual({ code, message: "some text" });
});

/** What a 400x267 JPEG makes of a query. */
function problemOf(query: string): { code: string; message: string } {
  try {
    const plan = parseQueryString(query)!.plan;
    testLibrary().explain(plan, probeOf(400, 267));
  } catch (thrown) {
    if (thrown instanceof TransformError) return ossError(thrown);
    throw thrown;
  }
  throw new Error("expected an error");
}

describe("problem: requests of the reference that fail (sections 4.2 and 4.3)", () => {
  const invalid = (value: string, parameter: string) =>
    new RegExp(`^The value: ${value} of parameter: ${parameter} is invalid\\.`);
  // biome-ignore format: one row per case
  test.each([
    ["image/resize,w_99999999",        "InvalidArgument", invalid("99999999", "w")],
    ["image/resize,w_abc",             "InvalidArgument", /^The value: abc of parameter: w is invalid\. reason:Value must be digit$/],
    ["image/resize,w_0",               "InvalidArgument", invalid("0", "w")],
    ["image/resize,l_0",               "InvalidArgument", invalid("0", "l")],
    ["image/resize,p_0",               "InvalidArgument", invalid("0", "p")],
    ["image/resize,w_100,limit_3",     "InvalidArgument", invalid("3", "limit")],
    ["image/resize,m_big,w_100",       "InvalidArgument", invalid("big", "m")],
    ["image/resize,w_100,color_FFF",   "InvalidArgument", invalid("FFF", "color")],
    ["image/format,f_png",             "InvalidArgument", invalid("f_png", "format")],
    ["image/format,dng",               "InvalidArgument", invalid("dng", "format")],
    ["image/rotate,a_90",              "InvalidArgument", invalid("a_90", "rotate")],
    ["image/rotate,90,200,300",        "InvalidArgument", invalid("90,200,300", "rotate")],
    ["image/rotate,361",               "InvalidArgument", invalid("361", "rotate")],
    ["image/crop,w_abc",               "InvalidArgument", invalid("abc", "w")],
    ["image/crop,w_500,h_500,g_fac",   "InvalidArgument", invalid("fac", "g")],
    ["image/slim,1",                   "InvalidArgument", /slim,1/],
    ["image/quality,Q_101",            "InvalidArgument", invalid("101", "Q")],
    ["image/watermark,image_YQ,t_200", "InvalidArgument", invalid("200", "t")],
    ["image/watermark,image_YQ,x_8000","InvalidArgument", invalid("8000", "x")],
    ["image/crop,x_500,y_0",           "BadRequest",      /^Advance cut's position is out of image\.$/],
    ["image/crop,x_0,y_267",           "BadRequest",      /^Advance cut's position is out of image\.$/],
    ["image/watermark,image_***",      "BadRequest",      /^Input is not base64 decoding\.$/],
    ["image/watermark,text_***",       "BadRequest",      /^Input is not base64 decoding\.$/],
    ["image/resize",                   "MissingArgument", /resize/],
    ["image/format",                   "MissingArgument", /format/],
    ["image/",                         "MissingArgument", /./],
    ["image/blindwatermark,content_eA", "NotImplemented",  /blindwatermark/],
    ["style/none",                     "NoSuchStyle",     /^The style you get is not found\.$/],
    ["style/a b",                      "InvalidArgument", invalid("a b", "stylename")],
  ])("%s", (process, code, message) => {
    const problem = problemOf(`x-oss-process=${process}`);
    expect(problem.code).toBe(code);
    expect(problem.message).toMatch(message);
  });
});

describe("problem: XML", () => {
  test("in OSS's form", () => {
    expect(errorXml(new TransformError("SOURCE_NOT_FOUND", "The specified key does not exist."), "5C3D", "b.oss.com")).toBe(
      [
        `<?xml version="1.0" encoding="UTF-8"?>`,
        "<Error>",
        "  <Code>NoSuchKey</Code>",
        "  <Message>The specified key does not exist.</Message>",
        "  <RequestId>5C3D</RequestId>",
        "  <HostId>b.oss.com</HostId>",
        "</Error>",
        "",
      ].join("\n"),
    );
  });

  test("escapes what clients wrote, and drops what XML cannot hold", () => {
    const value = `</Message><script>"&'\u0000\u0001\u001f\u007f\ufffe\ud800日本`;
    const xml = errorXml(badArgument({ operation: "resize", parameter: "w", value, expected: "a number" }), "<id>", "h&h");
    expect(xml).toContain("&lt;/Message&gt;&lt;script&gt;&quot;&amp;'");
    expect(xml).toContain("日本");
    expect(xml).toContain("<RequestId>&lt;id&gt;</RequestId>");
    expect(xml).toContain("<HostId>h&amp;h</HostId>");
    // XML 1.0 section 2.2: nothing but these characters
    expect(xml).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd]*$/);
  });

  test("a long value is cut", () => {
    const value = "9".repeat(5000);
    expect(errorXml(badArgument({ operation: "resize", parameter: "w", value, expected: "less" }), "", "").length).toBeLessThan(
      500,
    );
  });
});

import { describe, expect, test } from "vitest";
import { ConfigError, type Environment, readConfig, VARIABLES } from "../../src/config.ts";
import { DEFAULT_LIMITS } from "../../src/core/limits.ts";

function faultsOf(env: Environment, readText?: (path: string) => string): readonly string[] {
  try {
    readConfig(env, readText);
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.faults;
    throw thrown;
  }
  return [];
}

/** For each variable: what silence means, a good value and what it means, a bad value. */
// biome-ignore format: one row per variable
const CASES: Readonly<Record<string, { silence: object; good: string; means: object; bad: string }>> = {
  OPALENS_OSS_ENDPOINT:        { silence: { oss: {} }, good: "oss-cn-hangzhou-internal.aliyuncs.com", means: { oss: { endpoint: "https://oss-cn-hangzhou-internal.aliyuncs.com" } }, bad: "ftp://x" },
  OPALENS_OSS_BUCKET:          { silence: { oss: {} }, good: "pictures", means: { oss: { bucket: "pictures" } }, bad: "a/b" },
  OPALENS_OSS_REGION:          { silence: { oss: {} }, good: "oss-cn-hangzhou", means: { oss: { region: "cn-hangzhou" } }, bad: "cn hangzhou" },
  OPALENS_ON_ERROR:            { silence: { onError: "error" }, good: "original", means: { onError: "original" }, bad: "ignore" },
  OPALENS_MAX_PIXELS:          { silence: { limits: DEFAULT_LIMITS }, good: "1000", means: { limits: { ...DEFAULT_LIMITS, maxPixels: 1000 } }, bad: "abc" },
  OPALENS_MAX_BYTES:           { silence: {}, good: "1001", means: { limits: { ...DEFAULT_LIMITS, maxBytes: 1001 } }, bad: "-1" },
  OPALENS_MAX_OUTPUT_PIXELS:   { silence: {}, good: "1002", means: { limits: { ...DEFAULT_LIMITS, maxOutputPixels: 1002 } }, bad: "1e6" },
  OPALENS_MAX_FRAMES:          { silence: {}, good: "1", means: { limits: { ...DEFAULT_LIMITS, maxFrames: 1 } }, bad: "0" },
  OPALENS_DEADLINE_MS:         { silence: { deadlineMs: 20_000 }, good: "5000", means: { deadlineMs: 5000 }, bad: "5s" },
  OPALENS_MEMORY_MB:           { silence: { memoryIsSet: false }, good: "256", means: { memoryIsSet: true, limits: { ...DEFAULT_LIMITS, maxMemoryBytes: 256 * 1024 * 1024 } }, bad: "1.5" },
  OPALENS_TRUSTED_HOSTS:       { silence: {}, good: " 127.0.0.1 , .example.com,", means: { trustedHosts: ["127.0.0.1", ".example.com"] }, bad: "https://example.com" },
  OPALENS_SIGNATURE:           { silence: { signature: "v4" }, good: "v1", means: { signature: "v1" }, bad: "v2" },
  OPALENS_ORIGINAL_EXTENSIONS: { silence: { originalExtensions: "jpg,jpeg,png,webp,avif,gif,heic,tiff,bmp".split(",") }, good: "heic, jpg", means: { originalExtensions: ["heic", "jpg"] }, bad: ".jpg" },
  OPALENS_KEY_SEPARATOR:       { silence: { keySeparator: "!" }, good: "@", means: { keySeparator: "@" }, bad: "a/b" },
  OPALENS_WATERMARK_PREFIXES:  { silence: {}, good: "marks/,logos/", means: { watermarkPrefixes: ["marks/", "logos/"] }, bad: "/marks" },
  OPALENS_OSS_LIMITS:          { silence: { limits: DEFAULT_LIMITS }, good: "strict", means: { limits: { ...DEFAULT_LIMITS, ossStrict: true } }, bad: "1" },
  OPALENS_STRICT_QUERY:        { silence: { strictQuery: false }, good: "1", means: { strictQuery: true }, bad: "yes" },
  OPALENS_PASS_SVG:            { silence: { passSvg: false }, good: "1", means: { passSvg: true }, bad: "true" },
  OPALENS_CACHE_CONTROL:       { silence: {}, good: "public, max-age=60", means: { cacheControl: "public, max-age=60" }, bad: "public\r\nX-Evil: 1" },
  OPALENS_STYLES:              { silence: { styles: {} }, good: `{"thumb":"image/resize,w_60"}`, means: { styles: { thumb: "image/resize,w_60" } }, bad: `{"thumb":"image/resize;w_60"}` },
  OPALENS_SIGNING_KEYS:        { silence: {}, good: "", means: {}, bad: "id:00ff" },
};

test("config: every variable of the table is tested here", () => {
  expect(Object.keys(CASES).sort()).toEqual(VARIABLES.map(({ name }) => name).sort());
});

describe.each(Object.entries(CASES))("config: %s", (name, { silence, good, means, bad }) => {
  test("absent or empty means the documented default", () => {
    expect(readConfig({})).toMatchObject(silence);
    if (name !== "OPALENS_KEY_SEPARATOR") expect(readConfig({ [name]: " " })).toEqual(readConfig({}));
  });
  test("a good value changes what it says and nothing else", () => {
    expect(readConfig({ [name]: good })).toEqual({ ...readConfig({}), ...means });
  });
  test("a bad value is reported by name", () => {
    const faults = faultsOf({ [name]: bad });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${name}: `));
  });
});

test("config: all faults at once, in one message", () => {
  const env = Object.fromEntries(Object.entries(CASES).map(([name, { bad }]) => [name, bad]));
  const faults = faultsOf({ ...env, OPALENS_MAX_PIXEL: "1" });
  for (const { name } of VARIABLES) expect(faults.filter((fault) => fault.startsWith(`${name}: `))).toHaveLength(1);
  expect(faults).toHaveLength(VARIABLES.length + 1);
  expect(faults).toContain("OPALENS_MAX_PIXEL: unknown variable");
  expect(() => readConfig(env)).toThrow(/OPALENS_ON_ERROR.*OPALENS_MAX_PIXELS.*"abc"/s);
});

test("config: an unknown OPALENS_ variable is a fault, other variables and those of tests are not ours", () => {
  expect(faultsOf({ OPALENS_SIGNATUR: "v1" })).toEqual(["OPALENS_SIGNATUR: unknown variable"]);
  expect(faultsOf({ PATH: "/bin", opalens_x: "1", OPALENS_TEST_FULL: "1" })).toEqual([]);
});

test("config: keys never appear in a message", () => {
  expect(faultsOf({ OPALENS_SIGNING_KEYS: "id:5ec4e7" }).join()).not.toContain("5ec4e7");
});

test("config: an empty separator turns keys with arguments off", () => {
  expect(readConfig({ OPALENS_KEY_SEPARATOR: "" }).keySeparator).toBe("");
});

test("config: frozen through and through", () => {
  const config = readConfig({ OPALENS_STYLES: `{"a":"image/info"}`, OPALENS_TRUSTED_HOSTS: "a" });
  const values: unknown[] = [config, config.limits, config.oss, config.styles, config.trustedHosts, config.originalExtensions];
  for (const value of values) expect(Object.isFrozen(value)).toBe(true);
  expect(() => Object.assign(config.limits, { maxBytes: 1 })).toThrow(TypeError);
});

describe("config: styles", () => {
  const files: Readonly<Record<string, string>> = {
    "/code/styles.json": `{ "thumb": "image/resize,w_60/format,webp" }`,
    "/code/broken.json": "{",
  };
  const readText = (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return text;
  };
  test("from a file", () => {
    const { styles } = readConfig({ OPALENS_STYLES: "/code/styles.json" }, readText);
    expect(styles).toEqual({ thumb: "image/resize,w_60/format,webp" });
  });
  // biome-ignore format: one row per case
  test.each([
    ["a missing file", "/code/none.json"], ["a broken file", "/code/broken.json"], ["broken JSON", "{"], ["an array", "[]"],
    ["a number for a process", `{"a":1}`], ["a bad name", `{"a/b":"image/info"}`], ["a long name", `{"${"n".repeat(64)}":"image/info"}`],
    ["a space", `{"a":"image/ info"}`], ["a quote", `{"a":"image/'info"}`], ["brackets", `{"a":"image/(info)"}`],
  ])("%s is a fault", (_name, value) => {
    expect(faultsOf({ OPALENS_STYLES: value }, readText).join()).toMatch(/^OPALENS_STYLES: /);
  });
});

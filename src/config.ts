import { DEFAULT_LIMITS, type Limits } from "./core/limits.ts";

/** Where other objects than the original are read. */
export interface OssConfig {
  readonly endpoint?: string;
  readonly bucket?: string;
  readonly region?: string;
}
/** Everything the environment can say, validated and frozen. */
export interface Config {
  readonly oss: OssConfig;
  readonly onError: "error" | "original";
  readonly limits: Limits;
  /** Memory was set by hand; otherwise a runtime may derive it from the size of its instance. */
  readonly memoryIsSet: boolean;
  readonly deadlineMs: number;
  /** Host suffixes for both of an event's hosts; absent: the documented ones. */
  readonly trustedHosts?: readonly string[];
  readonly signature: "v4" | "v1";
  readonly originalExtensions: readonly string[];
  readonly keySeparator: string;
  /** Absent: any key of the bucket. */
  readonly watermarkPrefixes?: readonly string[];
  readonly strictQuery: boolean;
  readonly passSvg: boolean;
  readonly cacheControl?: string;
  readonly styles: Readonly<Record<string, string>>;
}
/** Thrown once with all faults, each naming its variable. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`the configuration is wrong: ${faults.join("; ")}`);
    this.faults = faults;
  }
}

interface Variable {
  readonly name: string;
  readonly meaning: string;
  readonly initial: string;
}
/** One row per variable: the README's table is made of these. */
export const VARIABLES: readonly Variable[] = [
  {
    name: "OPALENS_OSS_ENDPOINT",
    initial: "from the event's URL",
    meaning: "endpoint for objects other than the original (watermark pictures, candidates of a format mapping)",
  },
  { name: "OPALENS_OSS_BUCKET", initial: "from the event's URL", meaning: "their bucket" },
  { name: "OPALENS_OSS_REGION", initial: "the function's region", meaning: "region for signing, e.g. `cn-hangzhou`" },
  {
    name: "OPALENS_ON_ERROR",
    initial: "error",
    meaning: "`error` answers the error; `original` answers the untouched source, marked `no-store`",
  },
  { name: "OPALENS_MAX_PIXELS", initial: String(DEFAULT_LIMITS.maxPixels), meaning: "width × height × frames of a source" },
  {
    name: "OPALENS_MAX_BYTES",
    initial: String(DEFAULT_LIMITS.maxBytes),
    meaning: "bytes of a source that are decoded; pass-through is not bounded",
  },
  {
    name: "OPALENS_MAX_OUTPUT_PIXELS",
    initial: String(DEFAULT_LIMITS.maxOutputPixels),
    meaning: "width × height of any picture that is made",
  },
  { name: "OPALENS_MAX_FRAMES", initial: String(DEFAULT_LIMITS.maxFrames), meaning: "frames of a source" },
  {
    name: "OPALENS_DEADLINE_MS",
    initial: "20000",
    meaning: "time for one request; never more than the function's own time-out allows",
  },
  {
    name: "OPALENS_MEMORY_MB",
    initial: "the function's memory less 128",
    meaning: "memory one transform may need, by its plan",
  },
  {
    name: "OPALENS_TRUSTED_HOSTS",
    initial: ".aliyuncs.com for reads, .oss-object-process.aliyuncs.com for answers",
    meaning: "host suffixes an event may name, comma-separated; replaces both",
  },
  { name: "OPALENS_SIGNATURE", initial: "v4", meaning: "`v4` or `v1`, for write-back and object reads" },
  {
    name: "OPALENS_ORIGINAL_EXTENSIONS",
    initial: "jpg,jpeg,png,webp,avif,gif,heic,tiff,bmp",
    meaning: "candidates of a format mapping, in order",
  },
  { name: "OPALENS_KEY_SEPARATOR", initial: "!", meaning: "separates arguments or a style from the key; empty turns it off" },
  { name: "OPALENS_WATERMARK_PREFIXES", initial: "any key", meaning: "prefixes of keys a watermark may name, comma-separated" },
  {
    name: "OPALENS_OSS_LIMITS",
    initial: "relaxed",
    meaning: "`strict` refuses what OSS refuses: sides over 4096 for auto-orient and rotate, results over 16.7 MP",
  },
  { name: "OPALENS_STRICT_QUERY", initial: "0", meaning: "`1` refuses unknown plain names" },
  {
    name: "OPALENS_PASS_SVG",
    initial: "0",
    meaning: "`1` passes SVG, HTML and XML through without `Content-Disposition: attachment`",
  },
  {
    name: "OPALENS_CACHE_CONTROL",
    initial: "the original's, else public, max-age=86400",
    meaning: "what successful results carry",
  },
  { name: "OPALENS_STYLES", initial: "none", meaning: 'named styles: JSON `{"name": "image/…"}` or the path of such a file' },
  {
    name: "OPALENS_SIGNING_KEYS",
    initial: "none",
    meaning: "required request signatures; not supported yet, so setting it is a configuration fault",
  },
];

export type Environment = Readonly<Record<string, string | undefined>>;

/** The only reader of the environment. Throws ConfigError with every fault at once. `readText` reads the file of OPALENS_STYLES. */
export function readConfig(env: Environment, readText?: (path: string) => string): Config {
  const faults: string[] = [];
  const read = createReaders(env, faults);
  const known = new Set(VARIABLES.map(({ name }) => name));
  for (const name of Object.keys(env)) {
    if (name.startsWith("OPALENS_") && !known.has(name) && !name.startsWith("OPALENS_TEST_"))
      faults.push(`${name}: unknown variable`);
  }
  if (read.text("OPALENS_SIGNING_KEYS") !== undefined) faults.push("OPALENS_SIGNING_KEYS: not supported yet");
  const cacheControl = read.text("OPALENS_CACHE_CONTROL");
  const trustedHosts = read.list("OPALENS_TRUSTED_HOSTS", /^[A-Za-z0-9.-]+$/, "host suffixes without scheme and port");
  const watermarkPrefixes = read.list("OPALENS_WATERMARK_PREFIXES", /^[^/]/, "prefixes of keys, which never start with /");
  const extensions = read.list("OPALENS_ORIGINAL_EXTENSIONS", /^[A-Za-z0-9]+$/, "extensions without a dot");
  const memoryMb = read.number("OPALENS_MEMORY_MB", DEFAULT_LIMITS.maxMemoryBytes / (1024 * 1024), 16);
  const config: Config = {
    oss: readOss(read),
    onError: read.word("OPALENS_ON_ERROR", ["error", "original"], "error"),
    limits: {
      maxBytes: read.number("OPALENS_MAX_BYTES", DEFAULT_LIMITS.maxBytes),
      maxPixels: read.number("OPALENS_MAX_PIXELS", DEFAULT_LIMITS.maxPixels),
      maxOutputPixels: read.number("OPALENS_MAX_OUTPUT_PIXELS", DEFAULT_LIMITS.maxOutputPixels),
      maxFrames: read.number("OPALENS_MAX_FRAMES", DEFAULT_LIMITS.maxFrames),
      maxMemoryBytes: memoryMb * 1024 * 1024,
      ossStrict: read.word("OPALENS_OSS_LIMITS", ["relaxed", "strict"], "relaxed") === "strict",
    },
    memoryIsSet: read.text("OPALENS_MEMORY_MB") !== undefined,
    deadlineMs: read.number("OPALENS_DEADLINE_MS", 20_000, 100),
    ...(trustedHosts === undefined ? {} : { trustedHosts }),
    signature: read.word("OPALENS_SIGNATURE", ["v4", "v1"], "v4"),
    originalExtensions: extensions ?? "jpg,jpeg,png,webp,avif,gif,heic,tiff,bmp".split(","),
    keySeparator: env["OPALENS_KEY_SEPARATOR"] ?? "!",
    ...(watermarkPrefixes === undefined ? {} : { watermarkPrefixes }),
    strictQuery: read.word("OPALENS_STRICT_QUERY", ["0", "1"], "0") === "1",
    passSvg: read.word("OPALENS_PASS_SVG", ["0", "1"], "0") === "1",
    ...(cacheControl === undefined ? {} : { cacheControl }),
    styles: readStyles(read.text("OPALENS_STYLES"), faults, readText),
  };
  if (/[^\t\x20-\x7e]/.test(cacheControl ?? "")) faults.push("OPALENS_CACHE_CONTROL: expected one line of ASCII");
  if (config.keySeparator.includes("/") || config.keySeparator.length > 4)
    faults.push("OPALENS_KEY_SEPARATOR: expected up to 4 characters without /");
  if (faults.length > 0) throw new ConfigError(faults);
  return frozen(config);
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

interface Readers {
  text(name: string): string | undefined;
  matching(name: string, pattern: RegExp, expected: string): string | undefined;
  /** Each item must match `pattern`. */
  list(name: string, pattern: RegExp, expected: string): readonly string[] | undefined;
  number(name: string, initial: number, min?: number): number;
  word<T extends string>(name: string, words: readonly T[], initial: T): T;
}

function createReaders(env: Environment, faults: string[]): Readers {
  const text = (name: string) => {
    const value = env[name]?.trim();
    return value === "" ? undefined : value;
  };
  return {
    text,
    matching(name, pattern, expected) {
      const value = text(name);
      if (value !== undefined && !pattern.test(value))
        faults.push(`${name}: expected ${expected}, got ${JSON.stringify(value)}`);
      return value;
    },
    list(name, pattern, expected) {
      const items = text(name)
        ?.split(",")
        .map((item) => item.trim())
        .filter((item) => item !== "");
      for (const item of items ?? []) {
        if (!pattern.test(item)) faults.push(`${name}: expected ${expected}, got ${JSON.stringify(item)}`);
      }
      return items === undefined || items.length === 0 ? undefined : items;
    },
    number(name, initial, min = 1) {
      const value = text(name);
      if (value === undefined) return initial;
      if (/^\d{1,15}$/.test(value) && Number(value) >= min) return Number(value);
      faults.push(`${name}: expected an integer of at least ${min}, got ${JSON.stringify(value)}`);
      return initial;
    },
    word(name, words, initial) {
      const value = text(name);
      if (value === undefined) return initial;
      const found = words.find((word) => word === value);
      if (found === undefined) faults.push(`${name}: expected ${words.join(" or ")}, got ${JSON.stringify(value)}`);
      return found ?? initial;
    },
  };
}

function readOss(read: Readers): OssConfig {
  const host = /^(https?:\/\/)?([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?\/?$/;
  const endpoint = read.matching("OPALENS_OSS_ENDPOINT", host, "a host, with or without http:// or https://");
  const bucket = read.matching("OPALENS_OSS_BUCKET", /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "3 to 63 of a-z 0-9 -");
  const region = read.matching("OPALENS_OSS_REGION", /^[a-z0-9-]+$/, "an id such as cn-hangzhou");
  return {
    ...(endpoint === undefined ? {} : { endpoint: /^https?:\/\//.test(endpoint) ? endpoint : `https://${endpoint}` }),
    ...(bucket === undefined ? {} : { bucket }),
    ...(region === undefined ? {} : { region: region.replace(/^oss-/, "") }),
  };
}

function readStyles(
  value: string | undefined,
  faults: string[],
  readText?: (path: string) => string,
): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  try {
    const text = value.startsWith("{") || readText === undefined ? value : readText(value);
    const styles: unknown = JSON.parse(text);
    if (typeof styles !== "object" || styles === null || Array.isArray(styles)) throw new Error("expected a JSON object");
    for (const [name, process] of Object.entries(styles)) {
      // The characters OSS rejects in a style (OSS IMG reference, section 1.4, EC 0017-00000253)
      if (typeof process !== "string" || /[;()'*? ]/.test(process))
        faults.push(`OPALENS_STYLES: ${name}: Style content is invalid.`);
      if (!/^[A-Za-z0-9_.-]{1,63}$/.test(name)) faults.push(`OPALENS_STYLES: ${JSON.stringify(name)} is no style name`);
    }
    return styles as Record<string, string>;
  } catch (error) {
    faults.push(`OPALENS_STYLES: expected JSON or a file of JSON (${error instanceof Error ? error.message : String(error)})`);
    return {};
  }
}

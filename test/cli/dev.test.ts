import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OSS } from "../stack/support.ts";
import { decodeWithSharp, difference, type Pixels, pixelAt, psnr } from "../support/pictures.ts";
import { childrenOf, IMAGES, isAlive, type RunOptions, removeFolder, run, start, temporaryFolder } from "./support.ts";

interface Dev {
  readonly pid: number;
  readonly output: string;
  readonly edge: string;
  readonly store: string;
  readonly key: string;
  readonly secret: string;
  readonly objects: string;
  /** Sends a signal; gives the exit code and how long it took. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; ms: number }>;
}

/** Starts `opalens dev` and waits for its ready line. */
async function startDev(args: readonly string[], options: RunOptions = {}): Promise<Dev> {
  const child = start(["dev", ...args], options);
  let output = "";
  const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
      if (/^Ready\./m.test(output)) resolve();
    });
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    void closed.then((code) => reject(new Error(`dev ended with ${code}: ${output}`)));
  });
  const find = (pattern: RegExp) => pattern.exec(output)?.[1] ?? `no ${pattern} in: ${output}`;
  return {
    pid: child.pid as number,
    get output() {
      return output;
    },
    edge: find(/^edge cache +(\S+)/m),
    store: find(/^object store +(\S+)/m),
    key: find(/key (\S+),/),
    secret: find(/secret (\S+)/),
    objects: find(/^objects +(\S+)/m),
    async stop(signal = "SIGTERM") {
      const began = Date.now();
      child.kill(signal);
      return { code: await closed, ms: Date.now() - began };
    },
  };
}

let dev: Dev;
let temporary = "";
beforeAll(async () => {
  temporary = await temporaryFolder();
  dev = await startDev(["--port", "0"], { env: { TMPDIR: temporary } });
});
afterAll(async () => {
  if (isAlive(dev.pid)) await dev.stop("SIGKILL");
  await removeFolder(temporary);
});

const sample = (name: string) => readFile(join(IMAGES, name));
const png = (image: Sharp) => image.png().toBuffer().then(decodeWithSharp);
async function cut(pixels: Pixels, left: number, top: number, width: number, height: number): Promise<Pixels> {
  const raw = { raw: { width: pixels.width, height: pixels.height, channels: 4 as const } };
  return png(sharp(pixels.data, raw).extract({ left, top, width, height }));
}

interface Got {
  readonly status: number;
  readonly type: string | null;
  readonly body: Buffer;
}
/** What a viewer sees on white: the colors of clear pixels mean nothing. */
const onWhite = ({ data, width, height }: Pixels) =>
  png(sharp(data, { raw: { width, height, channels: 4 } }).flatten({ background: "#fff" }));

/** A picture of that format whose pixels are close to what libvips makes of the sample: 30 dB, lossy encoding included. */
function picture(format: string, expected: () => Promise<Pixels>) {
  return async ({ status, type, body }: Got) => {
    const [actual, wanted] = [await decodeWithSharp(body), await expected()];
    expect({ status, type, format: actual.format, width: actual.width, height: actual.height }).toEqual({
      status: 200,
      type: `image/${format}`,
      format,
      width: wanted.width,
      height: wanted.height,
    });
    expect(psnr(await onWhite(actual), await onWhite(wanted))).toBeGreaterThan(30);
  };
}
const open = async (name: string) => sharp(await sample(name));

/** 800x450 of road.jpg, changed in one region of 160x144 and nowhere else. */
function marked(left: number, top: number) {
  return async ({ status, type, body }: Got) => {
    expect({ status, type }).toEqual({ status: 200, type: "image/jpeg" });
    const actual = await decodeWithSharp(body);
    const plain = await png((await open("road.jpg")).resize(800));
    expect([actual.width, actual.height]).toEqual([800, 450]);
    const at = [left, top, 160, 144] as const;
    expect(difference(await cut(actual, ...at), await cut(plain, ...at)).mean).toBeGreaterThan(10);
    const opposite = [640 - left, 306 - top, 160, 144] as const;
    expect(psnr(await cut(actual, ...opposite), await cut(plain, ...opposite))).toBeGreaterThan(30);
  };
}

/** Title printed by dev, and what must come of its address, by libvips. */
const EXPECTED: Readonly<Record<string, (got: Got) => Promise<void>>> = {
  "the original, untouched": async ({ status, type, body }) => {
    expect({ status, type }).toEqual({ status: 200, type: "image/jpeg" });
    expect(body.equals(await sample("owl.jpg"))).toBe(true);
  },
  "400 px wide WebP": picture("webp", async () => png((await open("owl.jpg")).resize(400, 267))),
  // 225x150 covers the box; of the 25 px too many, 12 go on the left
  "in OSS IMG's own language": picture("webp", async () => {
    const covering = await (await open("owl.jpg")).resize(225, 150, { fit: "fill" }).png().toBuffer();
    return png(sharp(covering).extract({ left: 12, top: 0, width: 200, height: 150 }));
  }),
  // 1080 px square around 0.3 of 1920 px: from 36 to 1116
  "cropped to a square at a focal point": picture("jpeg", async () =>
    png((await open("road.jpg")).extract({ left: 36, top: 0, width: 1080, height: 1080 }).resize(300, 300)),
  ),
  "padded on red": async (got) => {
    await picture("jpeg", async () =>
      png((await open("example.jpg")).resize(300, 300, { fit: "contain", background: "#C00000" })),
    )(got);
    const [red, green, blue] = pixelAt(await decodeWithSharp(got.body), 5, 5) as [number, number, number];
    expect([Math.abs(red - 0xc0) < 8, green < 8, blue < 8]).toEqual([true, true, true]);
  },
  "turned upright by its EXIF orientation": picture("jpeg", async () =>
    png((await open("landscape-6.jpg")).rotate().resize(300)),
  ),
  "turned a quarter": picture("jpeg", async () => png((await open("example.jpg")).rotate(90))),
  "an 800x500 rectangle of it": picture("jpeg", async () =>
    png((await open("road.jpg")).extract({ left: 600, top: 300, width: 800, height: 500 })),
  ),
  "with a watermark, a fifth of its width": marked(620, 286), // 20 px from the lower right
  "the same in plain words": marked(10, 10),
  "text in four scripts with a shadow": async ({ status, type, body }) => {
    expect({ status, type }).toEqual({ status: 200, type: "image/jpeg" });
    const [actual, plain] = [await decodeWithSharp(body), await png((await open("owl.jpg")).resize(600, 400))];
    const [text, elsewhere] = [[290, 340, 300, 50] as const, [0, 0, 600, 320] as const];
    expect(difference(await cut(actual, ...text), await cut(plain, ...text)).mean).toBeGreaterThan(10);
    expect(psnr(await cut(actual, ...elsewhere), await cut(plain, ...elsewhere))).toBeGreaterThan(30);
  },
  "turned by 8° on a translucent ground": async ({ status, type, body }) => {
    expect({ status, type }).toEqual({ status: 200, type: "image/png" });
    const actual = await decodeWithSharp(body);
    // 400 cos 8° + 267 sin 8° = 433.3, 400 sin 8° + 267 cos 8° = 320.1
    expect([actual.width, actual.height]).toEqual([434, 321]);
    expect(pixelAt(actual, 1, 1)).toEqual([0x33, 0x66, 0xcc, 0x80]);
    expect(pixelAt(actual, 217, 160)[3]).toBe(255);
  },
  "gray, blurred, progressive, at most 20 kB": async ({ status, type, body }) => {
    expect({ status, type }).toEqual({ status: 200, type: "image/jpeg" });
    expect(body.length).toBeLessThanOrEqual(20_000);
    expect(await sharp(body).metadata()).toMatchObject({ width: 800, height: 450, isProgressive: true });
    const [r, g, b] = pixelAt(await decodeWithSharp(body), 100, 100) as [number, number, number];
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(2);
  },
  "PNG with alpha to AVIF": async (got) => {
    await picture("avif", async () => png((await open("dice.png")).resize(400)))(got);
    expect(pixelAt(await decodeWithSharp(got.body), 2, 2)[3]).toBeLessThan(8);
  },
  "arguments in the key": picture("webp", async () => png((await open("owl.jpg")).resize(240, 160))),
  "a format that is not stored: made from example.jpg": picture("webp", async () => png(await open("example.jpg"))),
  "what the header says": async ({ status, type, body }) => {
    expect({ status, type }).toEqual({ status: 200, type: "application/json" });
    expect(JSON.parse(body.toString("utf8"))).toMatchObject({
      Format: { value: "jpg" },
      ImageWidth: { value: "1023" },
      ImageHeight: { value: "682" },
    });
  },
  "a clear refusal": async ({ status, type, body }) => {
    expect({ status, type }).toEqual({ status: 400, type: "application/xml" });
    expect(body.toString("utf8")).toMatch(
      /<Code>InvalidArgument<\/Code>\s*<Message>The value: 99999999 of parameter: w is invalid\./,
    );
  },
};

describe("opalens dev", () => {
  test("prints every scenario that is known here, each an address of its edge", () => {
    const printed = [...dev.output.matchAll(/^ {2}(\S.*?) +curl -sD- -o out '(\S+)'$/gm)];
    expect(printed.map(([, title]) => title)).toEqual(Object.keys(EXPECTED));
    for (const [, , url] of printed) expect(url).toMatch(new RegExp(`^${dev.edge}/`));
  });

  test.each(Object.keys(EXPECTED))("%s", async (title) => {
    const url =
      dev.output
        .split("\n")
        .find((line) => line.trim().startsWith(`${title} `) && line.includes("curl"))
        ?.split("'")
        .at(-2) ?? "";
    const answers: Got[] = [];
    const caches: (string | null)[] = [];
    for (let i = 0; i < 2; i++) {
      const response = await fetch(url);
      caches.push(response.headers.get("x-cache"));
      answers.push({
        status: response.status,
        type: response.headers.get("content-type"),
        body: Buffer.from(await response.arrayBuffer()),
      });
    }
    const [first, second] = answers as [Got, Got];
    await EXPECTED[title]?.(first);
    expect(caches).toEqual(["MISS", first.status === 200 ? "HIT" : "MISS"]); // errors are not kept
    if (first.status === 200) expect(second.body.equals(first.body)).toBe(true);
  });

  test.each([
    ["V1", {}],
    ["V4", { authorizationV4: true }],
  ])("serves ali-oss with the printed keys, and transforms what it puts: %s", async (version, options) => {
    const { store, key: accessKeyId, secret: accessKeySecret } = dev;
    const client = new OSS({
      endpoint: store,
      bucket: "opalens-local",
      region: "oss-cn-hangzhou",
      accessKeyId,
      accessKeySecret,
      ...options,
    });
    const name = `put/${version} ü.png`;
    const bytes = await sharp({ create: { width: 90, height: 60, channels: 3, background: "#2060a0" } })
      .png()
      .toBuffer();
    expect((await client.put(name, bytes)).res.status).toBe(200);
    expect((await client.get(name)).content.equals(bytes)).toBe(true);
    expect((await client.head(name)).res.headers["content-length"]).toBe(String(bytes.length));
    expect((await client.listV2({ prefix: "put/" })).objects).toMatchObject([{ name, size: bytes.length }]);
    const url = `${dev.edge}/${encodeURI(name)}?w=30&format=webp`;
    const transformed = await decodeWithSharp(new Uint8Array(await (await fetch(url)).arrayBuffer()));
    expect(transformed).toMatchObject({ format: "webp", width: 30, height: 20 });
    expect((await client.delete(name)).res.status).toBe(204);
    await expect(client.get(name)).rejects.toMatchObject({ code: "NoSuchKey" });
    expect((await fetch(`${url}&again=1`)).status).toBe(404);
  });

  test("keys that are not the printed ones are refused", async () => {
    const stranger = { accessKeyId: dev.key, accessKeySecret: "wrong", bucket: "opalens-local", region: "oss-cn-hangzhou" };
    await expect(new OSS({ ...stranger, endpoint: dev.store }).get("owl.jpg")).rejects.toMatchObject({ status: 403 });
  });

  // The last one with this process: it has warm instances and kept connections by now
  test("ends on SIGTERM within seconds, with exit code 0, without children and without its folder", async () => {
    const children = childrenOf(dev.pid);
    expect(children.length).toBeGreaterThan(0);
    expect(existsSync(dev.objects)).toBe(true);
    expect(dev.objects.startsWith(temporary)).toBe(true);
    const { code, ms } = await dev.stop("SIGTERM");
    expect(code).toBe(0);
    expect(ms).toBeLessThan(4000);
    expect(children.filter(isAlive)).toEqual([]);
    expect(await readdir(temporary)).toEqual([]);
  });
});

describe("opalens dev, otherwise started", () => {
  test("--root serves that folder, leaves it alone, and SIGINT ends it too", async () => {
    const root = join(temporary, "root");
    await mkdir(root);
    await writeFile(join(root, "mine.png"), await sample("dice.png"));
    const own = await startDev(["--port", "0", "--root", root, "--quiet"]);
    expect(own.objects).toBe(root);
    const response = await fetch(`${own.edge}/mine.png?w=40`);
    expect(await decodeWithSharp(new Uint8Array(await response.arrayBuffer()))).toMatchObject({
      format: "png",
      width: 40,
      height: 30,
    });
    expect(own.output.trimEnd()).toMatch(/Ready\. Ctrl-C ends it\.$/); // --quiet: not a line after it
    expect((await own.stop("SIGINT")).code).toBe(0);
    // A folder that is only read stays as it was
    expect(await readdir(root)).toEqual(["mine.png"]);
    expect((await readFile(join(root, "mine.png"))).equals(await sample("dice.png"))).toBe(true);
  });

  test("takes the asked port, and others where it is taken", async () => {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const options = { env: { TMPDIR: temporary } };
    const first = await startDev(["--port", String(port)], options);
    const second = await startDev(["--port", String(port)], options);
    try {
      expect(first.edge).toBe(`http://127.0.0.1:${port}`);
      expect(second.output).toContain(`Ports ${port} to ${port + 2} are not all free`);
      expect(second.edge).not.toBe(first.edge);
      expect((await fetch(`${second.edge}/owl.jpg`)).status).toBe(200);
    } finally {
      expect([(await first.stop()).code, (await second.stop("SIGHUP")).code]).toEqual([0, 0]);
    }
  });

  const patch = (statement: string) => [
    "--import",
    `data:text/javascript,${encodeURIComponent(`import net from "node:net"; ${statement}`)}`,
  ];
  test("leaves nothing behind when it cannot start", async () => {
    const broken = `net.Server.prototype.listen = function () { process.nextTick(() => this.emit("error", new Error("no sockets here"))); return this; };`;
    const folder = await temporaryFolder();
    const { status, stderr } = await run(["dev", "--port", "0"], { env: { TMPDIR: folder }, nodeArgs: patch(broken) });
    expect({ status, stderr }).toEqual({ status: 1, stderr: "INTERNAL: no sockets here\n" });
    expect(await readdir(folder)).toEqual([]);
    await removeFolder(folder);
  });

  test("ends quietly, with its folder, when nobody reads what it prints", async () => {
    const folder = await temporaryFolder();
    const options = { env: { TMPDIR: folder }, deafStdout: true };
    expect(await run(["dev", "--port", "0"], options)).toMatchObject({ status: 0, stderr: "" });
    expect(await readdir(folder)).toEqual([]);
    await removeFolder(folder);
  });
});

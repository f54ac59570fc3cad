import { execFileSync } from "node:child_process";
import { lstat, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ENGINE_VERSION } from "../../src/version.ts";
import { decodeWithSharp, difference, psnr } from "../support/pictures.ts";
import { IMAGES, MAIN, removeFolder, run, temporaryFolder } from "./support.ts";

const OWL = join(IMAGES, "owl.jpg"); // 1023x682
const ROAD = join(IMAGES, "road.jpg"); // 1920x1080
const DICE = join(IMAGES, "dice.png"); // 800x600 with alpha

let folder = "";
const at = (name: string) => join(folder, name);
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => removeFolder(folder));

/** Format and size as libvips sees them. */
async function looks(picture: string | Uint8Array) {
  const { format, width, height } = await sharp(picture).metadata();
  return `${format} ${width}x${height}`;
}

describe("transform", () => {
  // biome-ignore format: one row per case
  test.each([
    ["an OSS process",                        OWL,  "out.webp", ["--process", "image/resize,m_fill,w_200,h_150/format,webp"], "webp 200x150"],
    ["a plain query",                         OWL,  "out.webp", ["--query", "w=200&format=webp"],                             "webp 200x133"],
    ["OUT's extension as the format",         OWL,  "out.png",  ["--query", "w=60"],                                          "png 60x40"],
    ["OUT's extension in capitals",           DICE, "out.JPG",  ["--process", "image/resize,w_80"],                           "jpeg 80x60"],
    ["the plan's format over OUT's extension", OWL, "out.png",  ["--query", "w=60&format=webp"],                              "webp 60x40"],
    ["the source's format for no extension",  DICE, "out",      ["--query", "w=60"],                                          "png 60x45"],
    ["the source's format for a foreign one", DICE, "out.tmp",  ["--query", "w=60"],                                          "png 60x45"],
    ["a conversion alone",                    join(IMAGES, "lossy_alpha1.webp"), "out.avif", [],                              "heif 1000x307"],
    ["options before the files",              OWL,  "out.jpg",  undefined,                                                    "jpeg 30x20"],
  ])("takes %s", async (_name, input, output, options, expected) => {
    const args = options === undefined ? ["--query=w=30", input, at(output)] : [input, at(output), ...options];
    expect(await run(["transform", ...args])).toEqual({ status: 0, stdout: Buffer.alloc(0), stderr: "" });
    expect(await looks(at(output))).toBe(expected);
    expect(await readdir(folder)).toEqual([output]);
  });

  test("gives what libvips gives", async () => {
    await run(["transform", ROAD, at("out.png"), "--query", "w=480"]);
    const expected = await sharp(ROAD).resize(480).png().toBuffer();
    const [ours, theirs] = [await decodeWithSharp(await readFile(at("out.png"))), await decodeWithSharp(expected)];
    expect(ours).toMatchObject({ width: 480, height: 270 });
    expect(psnr(ours, theirs)).toBeGreaterThan(35);
  });

  test("warns of a damaged picture on stderr, and writes what could be decoded", async () => {
    const result = await run(["transform", join(IMAGES, "truncated.jpg"), at("out.jpg"), "--query", "w=50"]);
    expect(result).toEqual({
      status: 0,
      stdout: Buffer.alloc(0),
      stderr: "opalens: warning: the image data ends early\n",
    });
    expect(await looks(at("out.jpg"))).toMatch(/^jpeg 50x/);
  });

  test("reads stdin and writes stdout", async () => {
    const { status, stdout, stderr } = await run(["transform", "-", "-", "--query", "w=90&format=webp"], {
      input: await readFile(OWL),
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(await looks(stdout)).toBe("webp 90x60");
    const { stdout: again } = await run(["transform", OWL, "-", "--query", "w=90&format=webp"]);
    expect(again.equals(stdout)).toBe(true);
  });

  test("answers info with JSON, whatever OUT is called", async () => {
    await run(["transform", OWL, at("out.jpg"), "--process", "image/info"]);
    expect(JSON.parse(await readFile(at("out.jpg"), "utf8"))).toMatchObject({ ImageWidth: { value: "1023" } });
  });

  test("may write over its own input, and keeps the mode of a file it replaces", async () => {
    await writeFile(at("same.jpg"), await readFile(OWL), { mode: 0o640 });
    expect(await run(["transform", at("same.jpg"), at("same.jpg"), "--query", "w=30"])).toMatchObject({ status: 0 });
    expect(await looks(at("same.jpg"))).toBe("jpeg 30x20");
    expect((await stat(at("same.jpg"))).mode & 0o777).toBe(0o640);
  });

  test("writes through a link", async () => {
    await writeFile(at("real.jpg"), "old");
    await symlink("real.jpg", at("link.jpg"));
    expect(await run(["transform", OWL, at("link.jpg"), "--query", "w=30"])).toMatchObject({ status: 0 });
    expect(await readlink(at("link.jpg"))).toBe("real.jpg");
    expect(await looks(at("real.jpg"))).toBe("jpeg 30x20");
  });

  test("writes into a named pipe instead of replacing it", async () => {
    execFileSync("mkfifo", [at("pipe")]);
    const [{ status }, bytes] = await Promise.all([
      run(["transform", OWL, at("pipe"), "--query", "w=30"]),
      readFile(at("pipe")),
    ]);
    expect(status).toBe(0);
    expect(await looks(bytes)).toBe("jpeg 30x20");
    expect((await lstat(at("pipe"))).isFIFO()).toBe(true);
  });
});

describe("watermarks", () => {
  const args = (key: string) => [
    "transform",
    ROAD,
    at("out.png"),
    "--query",
    `w=400&wm=${encodeURIComponent(key)}&wm_w=20&wm_g=se`,
  ];

  test("are read from --objects and drawn where they are asked for", async () => {
    await mkdir(at("objects/marks"), { recursive: true });
    await writeFile(at("objects/marks/boxes.png"), await readFile(join(IMAGES, "boxes.png")));
    expect(await run([...args("marks/boxes.png"), "--objects", at("objects")])).toMatchObject({ status: 0, stderr: "" });
    await run(["transform", ROAD, at("plain.png"), "--query", "w=400"]);
    const cut = async (name: string, left: number, top: number) =>
      decodeWithSharp(await sharp(at(name)).extract({ left, top, width: 80, height: 70 }).png().toBuffer());
    // 20 % of 400 px is 80x72; 10 px from the right and lower edges of 400x225
    expect(difference(await cut("out.png", 310, 145), await cut("plain.png", 310, 145)).mean).toBeGreaterThan(5);
    expect(difference(await cut("out.png", 0, 0), await cut("plain.png", 0, 0)).largest).toBe(0);
  });

  test("of text need no object, and say so where they are explained", async () => {
    const query = "w=400&wm_text=Hi%20%E5%9B%BE&wm_size=60&wm_color=ffffff&wm_g=nw";
    expect(await run(["transform", ROAD, at("out.png"), "--query", query])).toMatchObject({ status: 0, stderr: "" });
    await run(["transform", ROAD, at("plain.png"), "--query", "w=400"]);
    const cut = async (name: string, left: number, top: number) =>
      decodeWithSharp(await sharp(at(name)).extract({ left, top, width: 120, height: 60 }).png().toBuffer());
    expect(difference(await cut("out.png", 10, 10), await cut("plain.png", 10, 10)).mean).toBeGreaterThan(10);
    expect(difference(await cut("out.png", 280, 160), await cut("plain.png", 280, 160)).largest).toBe(0);
    const { stdout } = await run(["explain", ROAD, "--query", query]);
    expect(JSON.parse(stdout.toString())).toMatchObject({ steps: [{ kind: "scale" }, { params: { mark: "Hi 图" } }] });
  });

  test("are never read outside it", async () => {
    await mkdir(at("objects"));
    await writeFile(at("secret.png"), await readFile(join(IMAGES, "boxes.png")));
    await symlink(at("secret.png"), at("objects/link.png"));
    await symlink(folder, at("objects/up"));
    for (const key of ["../secret.png", "a/../../secret.png", at("secret.png"), "link.png", "up/secret.png", ".", "\0"]) {
      const { status, stderr } = await run([...args(key), "--objects", at("objects")]);
      expect({ key, status }).toEqual({ key, status: 1 });
      expect(stderr, key).toMatch(/^(WATERMARK_FAILED|BAD_ARGUMENT): [^\n]+\n$/);
    }
    expect(await readdir(folder)).toEqual(["objects", "secret.png"]);
  });

  test("a sibling folder with the same beginning is outside too", async () => {
    await mkdir(at("objects"));
    await mkdir(at("objects-2"));
    await writeFile(at("objects-2/mark.png"), await readFile(join(IMAGES, "boxes.png")));
    expect(await run([...args("../objects-2/mark.png"), "--objects", at("objects")])).toMatchObject({ status: 1 });
    expect(await run([...args("mark.png"), "--objects", at("objects-2")])).toMatchObject({ status: 0 });
  });

  test("without --objects say what is missing", async () => {
    expect(await run(args("boxes.png"))).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^WATERMARK_FAILED: .*--objects/),
    });
  });
});

describe("a transform that fails", () => {
  // biome-ignore format: one row per case
  test.each([
    ["a bad value",            OWL,  "out.jpg", ["--query", "w=abc"],                      "BAD_ARGUMENT"],
    ["an unknown operation",   OWL,  "out.jpg", ["--process", "image/nope"],               "BAD_ARGUMENT"],
    ["an unknown plain name",  OWL,  "out.jpg", ["--query", "w=20&wdith=30"],              "BAD_ARGUMENT"],
    ["a later capability",     OWL,  "out.jpg", ["--query", "frame=2"],                    "NOT_SUPPORTED"],
    ["an OUT nobody writes",   OWL,  "out.gif", ["--query", "w=20"],                       "NOT_SUPPORTED"],
    ["another one",            OWL,  "out.jxl", [],                                        "NOT_SUPPORTED"],
    ["a text for a picture",   MAIN, "out.jpg", [],                                        "UNSUPPORTED_FORMAT"],
    ["a broken picture",       join(IMAGES, "truncated.png"), "out.jpg", [],               "CORRUPT_IMAGE"],
    ["a result too large",     OWL,  "out.jpg", ["--query", "w=16384&h=16384&fit=fill&enlarge=1"], "OUTPUT_TOO_LARGE"],
  ])("on %s exits with 1, one line, and keeps OUT", async (_name, input, output, options, code) => {
    await writeFile(at(output), "precious");
    const { status, stdout, stderr } = await run(["transform", input, at(output), ...options]);
    expect(status).toBe(1);
    expect(stdout.length).toBe(0);
    expect(stderr).toMatch(new RegExp(`^${code}: [^\\n]+\\n$`));
    expect(await readdir(folder)).toEqual([output]);
    expect(await readFile(at(output), "utf8")).toBe("precious");
  });

  test("writes no OUT where there was none", async () => {
    await run(["transform", join(IMAGES, "truncated.png"), at("out.png")]);
    expect(await readdir(folder)).toEqual([]);
  });

  test("tells a key with line breaks and escape sequences in one plain line", async () => {
    const { stderr } = await run(["transform", OWL, at("out.jpg"), "--query", "wm=a%0Ab%1B[31m.png", "--objects", folder]);
    expect(stderr).toMatch(/^[A-Z_]+: \P{Cc}+\n$/u);
  });

  test("refuses endless input", async () => {
    expect(await run(["info", "/dev/zero"])).toMatchObject({ status: 1, stderr: expect.stringMatching(/^SOURCE_TOO_LARGE: /) });
  });
});

describe("a file that cannot be written", () => {
  test("is kept as it was, and nothing is left beside it", async () => {
    await writeFile(at("out.png"), "precious");
    // The result has more than the 8 KiB that a file may have here
    const script = 'ulimit -f 8 && exec "$0" "$@"';
    const args = ["-c", script, process.execPath, MAIN, "transform", OWL, at("out.png"), "--query", "w=300"];
    expect(() => execFileSync("bash", args, { stdio: "pipe" })).toThrow(expect.objectContaining({ status: 2 }));
    expect(await readdir(folder)).toEqual(["out.png"]);
    expect(await readFile(at("out.png"), "utf8")).toBe("precious");
  });
});

describe("info and explain", () => {
  test("info prints the header as JSON, from a file or stdin", async () => {
    const landscape = join(IMAGES, "landscape-6.jpg");
    const fromFile = await run(["info", landscape]);
    const expected = { format: "jpeg", width: 400, height: 600, orientation: 6, alpha: false, bytes: 45288 };
    expect(JSON.parse(fromFile.stdout.toString())).toMatchObject(expected);
    const fromStdin = await run(["info", "-"], { input: await readFile(landscape) });
    expect(fromStdin).toEqual(fromFile);
  });

  test("explain prints the plan against the picture, in both grammars alike", async () => {
    const query = await run(["explain", OWL, "--query", "w=200&format=webp&q=70"]);
    const explained = JSON.parse(query.stdout.toString()) as { canonical: string; steps: unknown[]; memoryBytes: number };
    expect(explained).toMatchObject({ width: 200, height: 133, format: "webp", quality: 70 });
    expect(explained.steps).toEqual([expect.objectContaining({ kind: "scale", width: 200, height: 133 })]);
    expect(explained.memoryBytes).toBeGreaterThan(1023 * 682 * 4);
    const process = await run(["explain", "-", "--process", explained.canonical], { input: await readFile(OWL) });
    expect(JSON.parse(process.stdout.toString())).toEqual(explained);
  });

  test("explain fails as the transform would, without doing it", async () => {
    const { status, stderr } = await run(["explain", OWL, "--query", "w=16384&h=16384&fit=fill&enlarge=1"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^OUTPUT_TOO_LARGE: [^\n]+\n$/);
  });
});

describe("wrong use exits with 2 and says what is wrong", () => {
  // biome-ignore format: one row per case
  test.each<[readonly string[], RegExp]>([
    [[],                                                          /command is missing/],
    [["nonsense"],                                                /no command "nonsense".*transform/],
    [["constructor"],                                             /no command "constructor"/],
    [["serve", "--root", "."],                                    /serve.*not part of this version/],
    [["transform"],                                               /IN and OUT are missing[\s\S]*Usage: opalens transform IN OUT/],
    [["transform", OWL],                                          /OUT is missing/],
    [["transform", OWL, "a.jpg", "b.jpg"],                        /"b\.jpg" is one argument too many/],
    [["transform", OWL, "a.jpg", "--process", "image/resize,w_9", "--query", "w=9"], /not both/],
    [["transform", OWL, "a.jpg", "--query"],                      /--query/],
    [["transform", OWL, "a.jpg", "--width", "9"],                 /--width/],
    [["transform", "no-such.jpg", "a.jpg"],                       /cannot read no-such\.jpg: there is no such file/],
    [["transform", IMAGES, "a.jpg"],                              /cannot read .*it is a folder/],
    [["transform", OWL, "no-such-folder/a.jpg", "--query", "w=9"], /cannot write no-such-folder\/a\.jpg: there is no such/],
    [["transform", OWL, ".", "--query", "w=9"],                   /cannot write \.: it is a folder/],
    [["transform", OWL, "a.jpg", "--objects", "no-such-folder"],  /--objects: there is no folder/],
    [["transform", OWL, "a.jpg", "--objects", OWL],               /--objects: there is no folder/],
    [["info"],                                                    /IN is missing/],
    [["info", OWL, "--query", "w=9"],                             /--query/],
    [["explain", OWL, OWL],                                       /too many/],
    [["dev", "here"],                                             /too many/],
    [["dev", "--port", "65534"],                                  /--port: expected 0 to 65533/],
    [["dev", "--port", ""],                                       /--port: expected/],
    [["dev", "--port", "8e3"],                                    /--port: expected/],
    [["dev", "--root", "no-such-folder"],                         /--root: there is no folder/],
    [["dev", "--root", OWL],                                      /--root: there is no folder/],
  ])("%j", async (args, message) => {
    const { status, stdout, stderr } = await run(args, { cwd: folder, env: { TMPDIR: folder } });
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^opalens: /);
    expect(stderr).toMatch(message);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("the rest", () => {
  test.each([[["help"]], [["--help"]], [["-h"]], [["transform", "--help"]], [["dev", "-h"]]])(
    "%j explains all commands",
    async (args) => {
      const { status, stdout, stderr } = await run(args);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      for (const command of ["transform", "info", "explain", "dev"]) expect(stdout.toString()).toContain(`opalens ${command}`);
      expect(stdout.toString()).toContain("Exit status: 0 done, 1 ");
    },
  );

  test("--version is the package's", async () => {
    expect((await run(["--version"])).stdout.toString()).toBe(`${ENGINE_VERSION}\n`);
  });

  test.each([
    ["JSON", ["info", OWL]],
    ["a picture larger than a pipe holds", ["transform", ROAD, "-", "--query", "format=png"]],
  ])("a reader of stdout that has gone is no failure: %s", async (_name, args) => {
    expect(await run(args, { deafStdout: true })).toMatchObject({ status: 0, stderr: "" });
  });

  test("a full disk behind stdout is", async () => {
    const script = 'exec "$0" "$@" > /dev/full';
    expect(() => execFileSync("bash", ["-c", script, process.execPath, MAIN, "info", OWL], { stdio: "pipe" })).toThrow(
      expect.objectContaining({ status: 2 }),
    );
  });

  test("the file starts as a program does", async () => {
    expect((await readFile(MAIN, "utf8")).split("\n")[0]).toBe("#!/usr/bin/env node");
  });
});

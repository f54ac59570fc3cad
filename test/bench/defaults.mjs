#!/usr/bin/env node
/**
 * The sweep behind the encoders' default settings and qualities.
 *
 *   node test/bench/defaults.mjs [PICTURE …] [--quick] [--json FILE] [--write FILE]
 *
 * Run after `npm run build`. Each picture is drawn 720 px wide (Lanczos-3 in double precision, over white) and encoded by the
 * engine's encoders at several qualities per setting. A setting's bytes are compared with those of the engine's own setting at
 * equal SSIM and at equal PSNR over RGB (which sees chroma), geometric mean over qualities and pictures; times are those of one
 * encoder call. The last table tells which quality of each format has the SSIM of a JPEG. Without pictures it takes three that
 * the project ships.
 * --quick       fewer qualities and settings
 * --json FILE   also writes all figures there
 * --write FILE  also puts the tables into the marked regions of that document (docs/benchmarks.md)
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bytesShare, interpolate, mean, median } from "./arithmetic.mjs";
import { checkSettings, ENGINE_SETTINGS, engineEncoder, stockEncoder } from "./encoders.mjs";
import { score } from "./equal-bytes.mjs";
import { PEERS } from "./peers.mjs";
import { count, fixed, helpOf, ms, surroundings, table, writeDocument } from "./report.mjs";
import { referenceOf } from "./sources.mjs";
import { FORMAT_NAMES } from "./tasks.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const WIDTH = 720;
const SHIPPED = ["road.jpg", "owl.jpg", "boxes.png"].map((name) => join(ROOT, "fixtures/images", name));

const QUALITIES = {
  jpeg: [50, 60, 70, 75, 80, 85, 90],
  webp: [50, 60, 70, 75, 80, 85, 90, 95],
  avif: [30, 40, 50, 60, 70, 80],
};
const QUICK_QUALITIES = { jpeg: [70, 80, 90], webp: [60, 75, 90], avif: [40, 55, 70] };
/** JPEG qualities whose SSIM the other formats are matched to. */
const ANCHORS = [75, 80, 85];

/**
 * Changes upon the engine's settings, which stand first without any. Those of JPEG are names of the plain query, but where
 * `module` names a stock encoder: what effort "small" could write with. `slow` ones are left out of a quick run, `coarse` ones
 * take its few qualities always.
 */
// biome-ignore format: one row per setting
const SETTINGS = {
  jpeg: [
    { label: "progressive",                                changes: { progressive: 1 } },
    { label: "4:4:4",                                      changes: { chroma: "444" } },
    { label: "effort small",                               changes: { effort: "small" } },
    { label: "effort small, progressive",                  changes: { effort: "small", progressive: 1 } },
    { label: "effort small, 4:4:4",                        changes: { effort: "small", chroma: "444" } },
    { label: "mozjpeg, trellis multipass",                 module: "mozjpeg", changes: { trellis_multipass: true } },
    { label: "mozjpeg, trellis multipass, 3 loops, tables", module: "mozjpeg", changes: { trellis_multipass: true, trellis_opt_table: true, trellis_loops: 3 }, slow: true },
    { label: "mozjpeg, its own tables (not IJG's qualities)", module: "mozjpeg", changes: { quant_table: 3 } },
  ],
  webp: [
    ...[0, 1, 2, 3, 4, 5, 6].map((method) => ({ label: `method ${method}`, changes: { method } })),
    { label: "sharp YUV",                                  changes: { use_sharp_yuv: 1 } },
    { label: "2 segments",                                 changes: { segments: 2 } },
    { label: "no spatial noise shaping",                   changes: { sns_strength: 0 } },
    { label: "simple filter",                              changes: { filter_type: 0 } },
    { label: "automatic filter",                           changes: { autofilter: 1 }, slow: true },
    { label: "6 passes",                                   changes: { pass: 6 }, slow: true },
    { label: "spatial noise shaping 80",                   changes: { sns_strength: 80 }, slow: true },
  ],
  avif: [
    ...[10, 9, 8, 7, 6, 5].map((speed) => ({ label: `speed ${speed}`, changes: { speed }, slow: speed < 6, coarse: speed < 7 })),
    { label: "4:4:4",                                      changes: { subsample: 3 } },
    { label: "sharp YUV",                                  changes: { enableSharpYUV: true } },
    { label: "tune PSNR",                                  changes: { tune: 1 } },
    { label: "tune SSIM",                                  changes: { tune: 2 } },
    { label: "2x2 tiles",                                  changes: { tileColsLog2: 1, tileRowsLog2: 1 } },
    { label: "delta Q for chroma",                         changes: { chromaDeltaQ: true } },
  ],
};

const options = readOptions();
const pictures = await Promise.all(
  options.pictures.map(async (path) => ({ name: basename(path), reference: await referenceOf(readFileSync(path), WIDTH) })),
);
const opalens = await PEERS.opalens({ dist: join(ROOT, "dist") });
await checkSettings(opalens, readFileSync(options.pictures[0]), WIDTH); // at once: not after minutes of measuring
const figures = { ...surroundings(), formats: {} };
for (const format of Object.keys(SETTINGS)) figures.formats[format] = await sweepFormat(format);
report();

/** [{ label, ms, points per picture, shares }], the engine's own setting first. */
async function sweepFormat(format) {
  const encode = format === "jpeg" ? engineEncoder(opalens, format) : await stockEncoder(format);
  const own = await sweepAll(encode, format, {});
  const settings = [{ label: "as opalens writes", ...own }];
  for (const { label, changes, module, slow, coarse } of SETTINGS[format]) {
    const same = Object.entries(changes).every(([name, value]) => ENGINE_SETTINGS[module ?? format]?.[name] === value);
    if (same) settings[0].label += ` (${label})`;
    if (same || (slow && options.quick)) continue;
    const encoder = module === undefined ? encode : await stockEncoder(module);
    settings.push({ label, ...(await sweepAll(encoder, format, changes, coarse)) });
  }
  return settings.map((setting) => ({ ...setting, ...shares(setting.points, own.points) }));
}
async function sweepAll(encode, format, changes, coarse = false) {
  console.error(`${(process.uptime() / 60).toFixed(1)} min  ${format} ${JSON.stringify(changes)}`);
  const qualities = (options.quick || coarse ? QUICK_QUALITIES : QUALITIES)[format];
  await encode(pictures[0].reference, qualities[0], changes); // compiled and grown from here on
  const times = [];
  const points = [];
  for (const { reference } of pictures) {
    const list = [];
    for (const quality of qualities) {
      const { data, ms } = await encode(reference, quality, changes);
      list.push({ quality, ms, bytes: data.length, ...(await score(data, reference)) });
    }
    times.push(median(list.map((point) => point.ms)));
    points.push(list);
  }
  return { ms: mean(times), points };
}
/** Bytes against the engine's own setting, mean and range over the pictures. */
function shares(points, own) {
  const of = (field) =>
    points.map((list, i) => bytesShare(list, own[i], field)).filter((share) => share !== undefined && Number.isFinite(share));
  const summary = (list) =>
    list.length === 0
      ? undefined
      : { mean: Math.exp(mean(list.map(Math.log))), low: Math.min(...list), high: Math.max(...list) };
  return { atSsim: summary(of("ssim")), atPsnrRgb: summary(of("psnrRgb")) };
}

function report() {
  const sections = {
    "defaults-head": [
      `- machine: ${figures.machine}; Node ${figures.node}`,
      `- commit ${figures.commit}, ${figures.date}: \`node test/bench/defaults.mjs ${process.argv
        .slice(2)
        .map((text) => basename(text))
        .join(" ")}\``,
      `- pictures, ${WIDTH} px wide: ${pictures.map(({ name, reference }) => `${name} ${reference.width}×${reference.height}`).join(", ")}`,
    ].join("\n"),
    "defaults-settings": Object.entries(figures.formats).map(settingsMarkdown).join("\n\n"),
    "defaults-quality": ANCHORS.map(qualityMarkdown).join("\n\n"),
    "defaults-curves": curvesMarkdown(),
  };
  console.log(Object.values(sections).join("\n\n"));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, undefined, 2)}\n`);
  if (options.write !== undefined) writeDocument(options.write, sections);
}
function settingsMarkdown([format, settings]) {
  const share = (found) =>
    found === undefined ? "–" : `${percent(found.mean)} (${percent(found.low)}–${percent(found.high)})`;
  return table(
    [FORMAT_NAMES[format], "ms", "bytes at equal SSIM Y", "bytes at equal PSNR RGB"],
    settings.map((setting) => [setting.label, ms(setting.ms), share(setting.atSsim), share(setting.atPsnrRgb)]),
  );
}
function qualityMarkdown(anchor) {
  const others = ["webp", "avif"];
  const rows = pictures.map(({ name }, i) => matched(name, i, anchor, others));
  const means = others.map((format) => mean(rows.flatMap(({ found }) => found[format]?.quality ?? [])));
  const cells = rows.map(({ name, jpeg, found }) => [
    name,
    jpeg === undefined ? "–" : fixed(jpeg.ssim, 4),
    count(jpeg?.bytes),
    ...others.flatMap((format) => [
      fixed(found[format]?.quality, 0),
      found[format] === undefined ? "–" : percent(found[format].bytes / jpeg.bytes),
    ]),
  ]);
  const head = [
    `JPEG at quality ${anchor}`,
    "SSIM Y",
    "bytes",
    ...others.flatMap((f) => [`${FORMAT_NAMES[f]} quality`, "bytes"]),
  ];
  return table(head, [...cells, ["mean", "", "", ...means.flatMap((value) => [fixed(value, 0), ""])]]);
}
/** The qualities and bytes of the other formats at the SSIM of that JPEG. */
function matched(name, i, anchor, others) {
  const jpeg = figures.formats.jpeg[0].points[i].find(({ quality }) => quality === anchor);
  const found = {};
  for (const format of jpeg === undefined ? [] : others) {
    const points = figures.formats[format][0].points[i];
    const quality = interpolate(
      points.map((point) => [point.ssim, point.quality]),
      jpeg.ssim,
    );
    const bytes = interpolate(
      points.map((point) => [point.ssim, point.bytes]),
      jpeg.ssim,
    );
    if (quality !== undefined) found[format] = { quality, bytes };
  }
  return { name, jpeg, found };
}
/** The engine's own settings: mean SSIM and bytes over the pictures. */
function curvesMarkdown() {
  const tables = Object.entries(figures.formats).map(([format, [own]]) =>
    table(
      [`${FORMAT_NAMES[format]} quality`, "ms", "SSIM Y, mean", "lowest", "PSNR RGB, mean", "bytes, mean"],
      own.points[0].map(({ quality }, i) => {
        const at = own.points.map((list) => list[i]);
        const of = (field) => at.map((point) => point[field]);
        const lowest = Math.min(...of("ssim"));
        return [
          String(quality),
          ms(mean(of("ms"))),
          fixed(mean(of("ssim")), 4),
          fixed(lowest, 4),
          fixed(mean(of("psnrRgb")), 2),
          count(mean(of("bytes"))),
        ];
      }),
    ),
  );
  return tables.join("\n\n");
}
function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: "boolean", default: false },
        json: { type: "string" },
        write: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) {
      console.log(helpOf(import.meta.url));
      process.exit(0);
    }
    return { ...values, pictures: positionals.length > 0 ? positionals : SHIPPED };
  } catch (error) {
    console.error(`defaults: ${error.message}; try --help`);
    return process.exit(2);
  }
}

import type { Size } from "../core/geometry.ts";
import { type Box, boxesIn } from "./boxes.ts";
import { joinBytes, u32, viewOf } from "./bytes.ts";

/**
 * libavif reads strictly and the wasm build has no switch for it. Two faults are common enough (both from cavif, in the
 * sample files by which others test AVIF) and do not touch the coded picture:
 * - several ipma boxes of one version and flags, which ISO 23008-12 section 9.3.1 forbids. Bits of `flags` above the
 *   lowest have no meaning, so every further box gets a value of its own there.
 * - a clap whose edges are not whole pixels, which MIAF section 7.3.6.7 forbids. libavif only checks it and the pipeline
 *   cuts by what the prober read, so every clap is made to mean the whole picture.
 *
 * Returns `bytes` itself where there is nothing to mend, else a copy with a few bytes changed in place; no box moves.
 * size: the stored size of the primary item.
 */
export function mendAvif(bytes: Uint8Array, size: Size): Uint8Array {
  const view = viewOf(bytes);
  const meta = find(view, { at: 0, end: bytes.length }, "meta");
  const properties = meta && find(view, { at: meta.at + FULL_BOX, end: meta.end }, "iprp");
  const container = properties && find(view, properties, "ipco");
  if (properties === undefined || container === undefined) return bytes;
  const patches: Patch[] = [...associationPatches(view, properties), ...aperturePatches(view, container, size)];
  if (patches.length === 0) return bytes;
  const mended = bytes.slice();
  for (const { at, data } of patches) mended.set(data, at);
  return mended;
}

interface Patch {
  readonly at: number;
  readonly data: Uint8Array;
}

const FULL_BOX = 4;
const CLAP_BYTES = 32;
const MAX_ASSOCIATIONS = 64; // libavif refuses more
/** Version of a FullBox and the one bit of its flags that means something in ipma: how wide an index is. */
const VERSION_AND_WIDTH = 0xff000001;
const FREE_FLAGS = 0x00fffffe;

function find(view: DataView, { at, end }: Pick<Box, "at" | "end">, type: string): Box | undefined {
  for (const box of boxesIn(view, at, end)) if (box.type === type) return box;
  return undefined;
}

function associationPatches(view: DataView, properties: Box): Patch[] {
  const seen = new Set<number>();
  const patches: Patch[] = [];
  for (const box of boxesIn(view, properties.at, properties.end)) {
    if (box.type !== "ipma" || box.end - box.at < FULL_BOX || seen.size === MAX_ASSOCIATIONS) continue;
    const given = view.getUint32(box.at);
    let word = given;
    while (seen.has(word)) word = ((given & VERSION_AND_WIDTH) | ((word + 2) & FREE_FLAGS)) >>> 0;
    seen.add(word);
    if (word !== given) patches.push({ at: box.at, data: u32(word) });
  }
  return patches;
}

function aperturePatches(view: DataView, container: Box, { width, height }: Size): Patch[] {
  const data = joinBytes(...[width, 1, height, 1, 0, 1, 0, 1].map(u32));
  const patches: Patch[] = [];
  for (const box of boxesIn(view, container.at, container.end)) {
    if (box.type === "clap" && box.end - box.at >= CLAP_BYTES) patches.push({ at: box.at, data });
  }
  return patches;
}

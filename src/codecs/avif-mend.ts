import type { Size } from "../core/geometry.ts";

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
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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

interface Span {
  /** Offset of the first byte of the content, and the offset after the last. */
  readonly at: number;
  readonly end: number;
}
interface Patch {
  readonly at: number;
  readonly data: readonly number[];
}

const FULL_BOX = 4;
const CLAP_BYTES = 32;
const MAX_BOXES = 10_000; // the fullest picture of the test corpus has 50
const MAX_ASSOCIATIONS = 64; // libavif refuses more

/** Boxes inside a span, ISO 14496-12 section 4.2; ends at the first that does not fit. */
function* boxesIn(view: DataView, { at: start, end }: Span): Generator<Span & { readonly type: string }> {
  let at = start;
  for (let count = 0; at + 8 <= end && count < MAX_BOXES; count++) {
    const short = view.getUint32(at);
    if (short === 1 && at + 16 > end) return;
    const header = short === 1 ? 16 : 8;
    const size = short === 1 ? view.getUint32(at + 8) * 2 ** 32 + view.getUint32(at + 12) : short === 0 ? end - at : short;
    if (size < header || at + size > end) return;
    const type = String.fromCharCode(
      view.getUint8(at + 4),
      view.getUint8(at + 5),
      view.getUint8(at + 6),
      view.getUint8(at + 7),
    );
    yield { type, at: at + header, end: at + size };
    at += size;
  }
}

function find(view: DataView, span: Span, type: string): Span | undefined {
  for (const box of boxesIn(view, span)) if (box.type === type) return box;
  return undefined;
}

function associationPatches(view: DataView, properties: Span): Patch[] {
  const seen = new Set<number>();
  const patches: Patch[] = [];
  for (const box of boxesIn(view, properties)) {
    if (box.type !== "ipma" || box.end - box.at < FULL_BOX || seen.size === MAX_ASSOCIATIONS) continue;
    let word = view.getUint32(box.at);
    while (seen.has(word)) word += 2; // the lowest bit tells how wide an index is
    seen.add(word);
    if (word !== view.getUint32(box.at)) patches.push({ at: box.at, data: word32(word) });
  }
  return patches;
}

function aperturePatches(view: DataView, container: Span, { width, height }: Size): Patch[] {
  const whole = [width, 1, height, 1, 0, 1, 0, 1];
  const data = whole.reduce((bytes: number[], value) => bytes.concat(word32(value)), []);
  const patches: Patch[] = [];
  for (const box of boxesIn(view, container)) {
    if (box.type === "clap" && box.end - box.at >= CLAP_BYTES) patches.push({ at: box.at, data });
  }
  return patches;
}

function word32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

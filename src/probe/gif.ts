import type { Probe } from "../core/probe.ts";
import { checkSize, corrupt, STILL } from "./common.ts";
import { Reader } from "./reader.ts";

// GIF89a sections 20, 23, 24 and 27: block introducers
const IMAGE = 0x2c;
const EXTENSION = 0x21;
const GRAPHIC_CONTROL = 0xf9;
const LOGICAL_SCREEN_END = 13;

/** GIF89a section 17; GIF87a differs in the version only. */
export function isGif(head: Reader): boolean {
  return head.spells(0, "GIF87a") || head.spells(0, "GIF89a");
}

/**
 * GIF89a: logical screen descriptor (section 18), then a walk over all blocks to count the frames.
 * A frame counts once its image descriptor is complete; the walk ends at the trailer, at the end, or at a byte
 * that starts no block. CORRUPT_IMAGE without a size or without any frame.
 */
export function probeGif(bytes: Uint8Array): Probe {
  const reader = new Reader(bytes, true);
  const width = reader.u16(6);
  const height = reader.u16(8);
  checkSize(width, height);
  const { frames, alpha } = walkBlocks(reader, LOGICAL_SCREEN_END + colorTableBytes(reader.u8(10)));
  if (frames === 0) throw corrupt("a GIF without a frame");
  return { ...STILL, format: "gif", width, height, alpha, frames };
}

function walkBlocks(reader: Reader, start: number): { readonly frames: number; readonly alpha: boolean } {
  let frames = 0;
  let alpha = false;
  let at = start;
  while (reader.has(at, 2)) {
    const introducer = reader.u8(at);
    if (introducer === IMAGE && reader.has(at, 10)) {
      frames++;
      at = afterSubBlocks(reader, at + 10 + colorTableBytes(reader.u8(at + 9)) + 1);
    } else if (introducer === EXTENSION) {
      // Section 23: size 4, packed fields with the transparency flag in bit 0
      if (reader.u8(at + 1) === GRAPHIC_CONTROL && reader.has(at, 4)) alpha = alpha || (reader.u8(at + 3) & 1) === 1;
      at = afterSubBlocks(reader, at + 2);
    } else {
      break;
    }
  }
  return { frames, alpha };
}

/** Sections 18 and 20: flag in bit 7, 3 * 2^(n + 1) bytes with n in bits 0..2. */
function colorTableBytes(packed: number): number {
  return (packed & 0x80) === 0 ? 0 : 3 << ((packed & 7) + 1);
}

/** Offset after the terminator of a run of sub-blocks (section 15), or past the end. */
function afterSubBlocks(reader: Reader, start: number): number {
  let at = start;
  while (reader.has(at, 1)) {
    const size = reader.u8(at);
    at += 1 + size;
    if (size === 0) break;
  }
  return at;
}

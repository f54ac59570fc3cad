/** Damage to a PNG by its chunks, most with right checksums so that it is reached, and inside the compressed stream. */
import { constants, inflateSync } from "node:zlib";
import { be32, crc32, join, put, view } from "./bytes.mjs";
import { CHANNELS, chunk, KINDS, pack, SIGNATURE, split } from "./png-writer.mjs";

/** [{ name, body }]; what does not parse is left out. */
export function chunksOf(bytes) {
  const chunks = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view(bytes).getUint32(at);
    if (at + 12 + length > bytes.length) break;
    const name = Buffer.from(bytes.subarray(at + 4, at + 8)).toString("latin1");
    chunks.push({ name, body: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}
function joinChunks(random, chunks) {
  const sealed = random.chance(0.9);
  return join(
    SIGNATURE,
    chunks.map(({ name, body, length }) => {
      if (length === undefined && sealed) return chunk(name, body);
      const crc = crc32(join(name, body));
      return join(be32(length ?? body.length), name, body, be32(sealed ? crc : crc ^ (1 << random.below(31))));
    }),
  );
}

export function mutatePng(random, bytes, other) {
  const chunks = chunksOf(bytes);
  if (chunks.length < 2) return bytes;
  return joinChunks(random, random.pick(MUTATORS)(random, chunks, other));
}

function changed(random, chunks, name, change) {
  const found = chunks.flatMap((entry, i) => (entry.name === name && entry.body.length > 0 ? [i] : []));
  if (found.length === 0) return chunks;
  const index = random.pick(found);
  const body = chunks[index].body.slice();
  const next = change(body) ?? body;
  return chunks.map((entry, i) => (i === index ? { ...entry, body: next } : entry));
}
const inserted = (chunks, at, ...more) => [...chunks.slice(0, at), ...more, ...chunks.slice(at)];

/** The image data as one, replaced by what `change` makes of it. */
function changedStream(random, chunks, change) {
  const stream = join(...chunks.filter(({ name }) => name === "IDAT").map(({ body }) => body));
  if (stream.length === 0) return chunks;
  const first = chunks.findIndex(({ name }) => name === "IDAT");
  const rest = chunks.filter(({ name }, i) => name !== "IDAT" || i < first);
  return inserted(rest, first, ...split(random, change(stream)).map((body) => ({ name: "IDAT", body })));
}
/** What is in the stream, as far as it can be read; no more than a megabyte. */
function inflated(stream) {
  try {
    return new Uint8Array(inflateSync(stream, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 20 }));
  } catch {
    return undefined;
  }
}

const MUTATORS = [
  function headerSize(random, chunks) {
    return changed(random, chunks, "IHDR", (body) => {
      const at = random.pick([0, 4]);
      const near = (body.length < 8 ? 0 : view(body).getUint32(at)) + random.between(-3, 3);
      const side = random.chance(0.5)
        ? near
        : random.pick([0, 1, 2, 3, 4, 5, 7, 8, 9, 33, 500, 1200, 70000, 0x7fffffff, 0xffffffff]);
      put(body, at, be32(side >>> 0));
    });
  },
  function headerKind(random, chunks) {
    return changed(random, chunks, "IHDR", (body) => {
      const [type, depth] = random.pick(KINDS);
      put(body, 8, [depth, type]);
    });
  },
  function headerField(random, chunks) {
    return changed(random, chunks, "IHDR", (body) => {
      body[8 + random.below(5)] = random.pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 32, 255]);
    });
  },
  function interlace(random, chunks) {
    return changed(random, chunks, "IHDR", (body) => {
      body[12] ^= 1;
    });
  },
  function palette(random, chunks) {
    const body = random.bytes(random.pick([0, 1, 3, 6, 30, 47, 48, 255, 765, 768, 769, 771]));
    if (chunks.some(({ name }) => name === "PLTE") && random.chance(0.7)) return changed(random, chunks, "PLTE", () => body);
    return inserted(chunks, 1 + random.below(chunks.length - 1), { name: "PLTE", body });
  },
  function transparency(random, chunks) {
    const body = random.bytes(random.pick([0, 1, 2, 3, 6, 7, 100, 256, 257]));
    if (chunks.some(({ name }) => name === "tRNS") && random.chance(0.7)) return changed(random, chunks, "tRNS", () => body);
    return inserted(chunks, 1 + random.below(chunks.length - 1), { name: "tRNS", body });
  },
  function streamBytes(random, chunks) {
    return changedStream(random, chunks, (stream) => {
      const copy = stream.slice();
      const range = random.chance(0.5) ? Math.min(copy.length, 40) : copy.length; // the trees of a dynamic block come first
      for (let count = 1 + random.below(6); count > 0; count--) copy[random.below(range)] ^= 1 << random.below(8);
      return copy;
    });
  },
  function streamCut(random, chunks) {
    return changedStream(random, chunks, (stream) => stream.slice(0, 1 + random.below(stream.length)));
  },
  function streamHeader(random, chunks) {
    return changedStream(random, chunks, (stream) =>
      join(random.pick([[0x78, 0x9c], [0x08, 0x1d], [0xf8, 0x01], [0x78, 0xbb], [0, 0], []]), stream.subarray(2)),
    );
  },
  function streamChecksum(random, chunks) {
    return changedStream(random, chunks, (stream) => join(stream.subarray(0, -4), random.bytes(random.pick([0, 3, 4, 9]))));
  },
  function streamOfNoise(random, chunks) {
    return changedStream(random, chunks, (stream) => join(stream.subarray(0, 2), random.bytes(random.pick([1, 5, 50, 400]))));
  },
  /** The rows themselves: other filters, other samples, and all of it packed anew. */
  function rows(random, chunks) {
    return changedStream(random, chunks, (stream) => {
      const data = inflated(stream);
      return data === undefined ? stream : pack(random, random.pick(ROWS)(random, data, chunks[0].body));
    });
  },
  function dropChunk(random, chunks) {
    const index = random.below(chunks.length);
    return chunks.filter((_, i) => i !== index);
  },
  function repeatChunk(random, chunks) {
    return inserted(chunks, random.below(chunks.length + 1), ...new Array(random.pick([1, 1, 3])).fill(random.pick(chunks)));
  },
  function swapChunks(random, chunks) {
    const [a, b] = [random.below(chunks.length), random.below(chunks.length)];
    return chunks.map((entry, i) => (i === a ? chunks[b] : i === b ? chunks[a] : entry));
  },
  function emptyData(random, chunks) {
    const empty = { name: "IDAT", body: new Uint8Array(0) };
    return inserted(chunks, 1 + random.below(chunks.length), ...new Array(random.pick([1, 5, 500])).fill(empty));
  },
  function chunkLength(random, chunks) {
    const index = random.below(chunks.length);
    const right = chunks[index].body.length;
    const length = random.pick([0, right + 1, Math.max(0, right - 1), right + 12, 0x7fffffff, 0x80000000, 0xffffffff]);
    return chunks.map((entry, i) => (i === index ? { ...entry, length } : entry));
  },
  function chunkName(random, chunks) {
    const index = random.below(chunks.length);
    const letter = random.below(4);
    return chunks.map((entry, i) => {
      if (i !== index) return entry;
      const code = entry.name.charCodeAt(letter) ^ random.pick([0x20, 1, 0x80]);
      return { ...entry, name: entry.name.slice(0, letter) + String.fromCharCode(code) + entry.name.slice(letter + 1) };
    });
  },
  function ancillary(random, chunks) {
    const name = random.pick([
      "iCCP",
      "gAMA",
      "cHRM",
      "sRGB",
      "cICP",
      "sBIT",
      "eXIf",
      "acTL",
      "fcTL",
      "fdAT",
      "bKGD",
      "pHYs",
      "zTXt",
    ]);
    const body = random.bytes(random.pick([0, 1, 4, 8, 26, 32, 100]));
    return inserted(chunks, 1 + random.below(chunks.length - 1), { name, body });
  },
  function fromOther(random, chunks, other) {
    const theirs = chunksOf(other);
    if (theirs.length === 0) return chunks;
    const taken = random.pick(theirs);
    const index = chunks.findIndex(({ name }) => name === taken.name);
    if (index < 0) return inserted(chunks, random.below(chunks.length), taken);
    return chunks.map((entry, i) => (i === index ? taken : entry));
  },
];

const ROWS = [
  (random, data) => {
    const copy = data.slice();
    for (let count = 1 + random.below(10); count > 0; count--) copy[random.below(copy.length)] = random.below(256);
    return copy;
  },
  /** Filter bytes, where the header says that rows begin (PNG, third edition, section 9). */
  (random, data, header) => {
    const copy = data.slice();
    const width = header.length < 13 ? 1 : view(header).getUint32(0);
    const stride = 1 + Math.ceil((width * (CHANNELS[header[9]] ?? 1) * (header[8] ?? 8)) / 8);
    for (let at = 0; at < copy.length; at += Math.max(1, stride))
      if (random.chance(0.4)) copy[at] = random.pick([0, 1, 2, 3, 4, 5, 255]);
    return copy;
  },
  (random, data) => data.slice(0, random.below(data.length)),
  (random, data) => join(data, random.bytes(random.pick([1, 100, 5000]))),
  (random, data) => join(data, new Uint8Array(random.pick([1000, 1 << 18]))),
];

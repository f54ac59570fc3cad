/** Damage to a JPEG by its segments (ITU-T T.81 annex B): fields get other values, and all around them stays right. */
import { be16, join, put, view } from "./bytes.mjs";

const [SOF, DHT, DQT, DRI, SOS] = [[0xc0, 0xc1, 0xc2], [0xc4], [0xdb], [0xdd], [0xda]];
const ALONE = (marker) => marker === 0xd8 || marker === 0xd9 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);

/** [{ marker, body, data }]: `data` is what follows up to the next marker, of a scan its coded bytes. Lengths are made anew. */
export function segmentsOf(bytes) {
  const segments = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] !== 0xff) return segments.length === 0 ? [] : withRest(segments, bytes.subarray(at));
    const marker = bytes[at + 1] ?? 0;
    const length = ALONE(marker) || at + 4 > bytes.length ? 0 : Math.max(2, view(bytes).getUint16(at + 2));
    const from = at + 2 + length;
    const to = nextMarker(bytes, from);
    segments.push({ marker, body: length === 0 ? undefined : bytes.subarray(at + 4, from), data: bytes.subarray(from, to) });
    at = Math.max(to, at + 2);
  }
  return segments;
}
function withRest(segments, rest) {
  const last = segments[segments.length - 1];
  return [...segments.slice(0, -1), { ...last, data: join(last.data, rest) }];
}
/** Restart markers and stuffed bytes belong to the scan. */
function nextMarker(bytes, from) {
  for (let at = from; at + 1 < bytes.length; at++) {
    const next = bytes[at + 1];
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}
export function joinSegments(segments) {
  return join(
    segments.map(({ marker, body, data, length }) => [
      ...[0xff, marker],
      body === undefined ? [] : [be16(length ?? body.length + 2), body],
      data,
    ]),
  );
}

export function mutateJpeg(random, bytes, other) {
  const segments = segmentsOf(bytes);
  if (segments.length < 3) return bytes;
  return joinSegments(random.pick(MUTATORS)(random, segments, other));
}

const indexesOf = (segments, markers) =>
  segments.flatMap(({ marker, body }, i) => (markers.includes(marker) && body?.length > 0 ? [i] : []));
/** One segment of those markers changed by `change`, which gets a copy of its body and may give another. */
function changed(random, segments, markers, change) {
  const found = indexesOf(segments, markers);
  if (found.length === 0) return segments;
  const index = random.pick(found);
  const body = segments[index].body.slice();
  const next = change(body) ?? body;
  return segments.map((segment, i) => (i === index ? { ...segment, body: next } : segment));
}
const inserted = (segments, at, ...more) => [...segments.slice(0, at), ...more, ...segments.slice(at)];
const segment = (marker, ...content) => ({ marker, body: join(...content), data: new Uint8Array(0) });
function setAt(body, at, value) {
  body[at] = value;
  return body;
}
const SIDES = [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 127, 129, 255, 257, 500, 1000, 4096, 32768, 65535];

const MUTATORS = [
  function frameSize(random, segments) {
    return changed(random, segments, SOF, (body) => {
      const at = random.pick([1, 3]);
      const near = (body[at] << 8) + body[at + 1] + random.between(-9, 9);
      put(body, at, be16(random.chance(0.5) ? near : random.pick(SIDES)));
    });
  },
  function frameSampling(random, segments) {
    return changed(random, segments, SOF, (body) => {
      const at = 7 + 3 * random.below(body[5] || 1);
      const factor = () => (random.chance(0.8) ? random.between(1, 4) : random.below(16));
      if (at < body.length) body[at] = (factor() << 4) | factor();
    });
  },
  function frameComponents(random, segments) {
    return changed(random, segments, SOF, (body) => {
      const count = random.pick([0, 1, 2, 3, 4, 5, 255]);
      if (random.chance(0.3)) return setAt(body, 5, count); // the list stays as long as it was
      const list = Array.from({ length: Math.min(count, 80) }, (_, i) => [
        i + 1,
        random.pick([0x11, 0x11, 0x22, 0x21]),
        random.below(2),
      ]);
      return join(body.subarray(0, 5), count, list);
    });
  },
  function frameField(random, segments) {
    return changed(random, segments, SOF, (body) => {
      body[random.below(body.length)] = random.pick([0, 1, 2, 3, 8, 12, 16, 255, random.below(256)]);
    });
  },
  function frameKind(random, segments) {
    return segments.map((segment) =>
      SOF.includes(segment.marker)
        ? { ...segment, marker: random.pick([0xc0, 0xc1, 0xc2, 0xc2, 0xc3, 0xc5, 0xc9, 0xca]) }
        : segment,
    );
  },
  function huffmanCounts(random, segments) {
    return changed(random, segments, DHT, (body) => {
      for (let count = 1 + random.below(4); count > 0; count--) {
        body[1 + random.below(16)] = random.pick([0, 1, 2, 3, 255, random.below(256)]);
      }
    });
  },
  /** As many symbols as the counts say, so that the table is read; most are over- or undersubscribed. */
  function huffmanTable(random, segments) {
    return changed(random, segments, DHT, (body) => {
      const counts = Array.from({ length: 16 }, (_, i) =>
        random.chance(0.6) ? 0 : random.below(Math.min(2 ** (i + 1) + 1, 40)),
      );
      const total = counts.reduce((sum, count) => sum + count, 0);
      return join(
        body[0],
        counts,
        random.chance(0.5) ? random.bytes(total) : new Uint8Array(total).fill(random.pick([0, 0xf0, 0xff, 0x0b, 0x1f])),
      );
    });
  },
  function huffmanSymbols(random, segments) {
    return changed(random, segments, DHT, (body) => {
      for (let count = 1 + random.below(12); count > 0; count--) {
        body[17 + random.below(Math.max(1, body.length - 17))] = random.pick([
          0,
          0x0f,
          0xf0,
          0xff,
          0x10,
          0xe0,
          random.below(256),
        ]);
      }
    });
  },
  function huffmanSlot(random, segments) {
    return changed(random, segments, DHT, (body) => {
      body[0] = random.pick([0x00, 0x01, 0x02, 0x03, 0x10, 0x11, 0x12, 0x13, 0x04, 0x20, 0xff]);
    });
  },
  function quantizers(random, segments) {
    return changed(random, segments, DQT, (body) => {
      if (random.chance(0.3)) body[0] = random.pick([0, 1, 2, 3, 4, 0x10, 0x11, 0x20, 0xff]);
      else if (random.chance(0.5)) body.fill(random.pick([0, 1, 255]), 1 + random.below(body.length));
      else body[1 + random.below(Math.max(1, body.length - 1))] = random.pick([0, 1, 255]);
    });
  },
  function deepQuantizers(random, segments) {
    return changed(random, segments, DQT, (body) => join(0x10 | (body[0] & 3), random.bytes(128)));
  },
  function scanParameters(random, segments) {
    return changed(random, segments, SOS, (body) => {
      const tail = body.length - 3;
      if (tail < 1) return;
      body[tail] = random.pick([0, 0, 1, 5, 63, 64, 255]);
      body[tail + 1] = random.pick([0, 1, 5, 63, 63, 64, 255]);
      body[tail + 2] = random.chance(0.7)
        ? (random.below(15) << 4) | random.below(15)
        : random.pick([0, 0x01, 0x10, 0x21, 0xff]);
    });
  },
  function scanComponents(random, segments) {
    return changed(random, segments, SOS, (body) => {
      const count = random.pick([0, 1, 2, 3, 4, 5]);
      if (random.chance(0.3)) return setAt(body, 0, count);
      const list = Array.from({ length: count }, (_, i) => [
        random.chance(0.7) ? i + 1 : random.below(6),
        random.pick([0, 0, 0x11, 0x23, 0xff]),
      ]);
      return join(count, list, body.subarray(-3));
    });
  },
  function scanTables(random, segments) {
    return changed(random, segments, SOS, (body) => {
      const at = 2 + 2 * random.below(body[0] || 1);
      if (at < body.length) body[at] = random.below(256) & random.pick([0x33, 0x11, 0xff]);
    });
  },
  function anotherScan(random, segments) {
    const scans = indexesOf(segments, SOS);
    if (scans.length === 0) return segments;
    const scan = segments[random.pick(scans)];
    return inserted(segments, random.pick(scans) + 1, ...new Array(random.pick([1, 1, 2, 20])).fill(scan));
  },
  function coded(random, segments) {
    const scans = indexesOf(segments, SOS).filter((i) => segments[i].data.length > 0);
    if (scans.length === 0) return segments;
    const index = random.pick(scans);
    return segments.map((segment, i) =>
      i === index ? { ...segment, data: random.pick(CODED)(random, segment.data) } : segment,
    );
  },
  function restartInterval(random, segments) {
    const interval = be16(random.pick([0, 1, 2, 3, 7, 64, 1000, 65535]));
    if (indexesOf(segments, DRI).length > 0 && random.chance(0.6)) return changed(random, segments, DRI, () => join(interval));
    return inserted(segments, 1 + random.below(segments.length - 1), segment(0xdd, interval));
  },
  function adobe(random, segments) {
    return inserted(segments, 1, segment(0xee, "Adobe", [0, 100, 0, 0, 0, 0, random.pick([0, 1, 2, 3, 255])]));
  },
  function orientation(random, segments) {
    const ifd = [...be16(1), ...be16(0x112), ...be16(3), 0, 0, 0, 1, ...be16(random.below(11)), 0, 0, 0, 0, 0, 0];
    return inserted(segments, 1, segment(0xe1, "Exif\0\0MM\0*", [0, 0, 0, 8], ifd));
  },
  function segmentLength(random, segments) {
    const found = segments.flatMap(({ body }, i) => (body === undefined ? [] : [i]));
    if (found.length === 0) return segments;
    const index = random.pick(found);
    const right = segments[index].body.length + 2;
    const length = random.pick([0, 1, 2, 3, right - 1, right + 1, right + 2, right + 17, 65535]) & 0xffff;
    return segments.map((segment, i) => (i === index ? { ...segment, length } : segment));
  },
  function dropSegment(random, segments) {
    const index = random.below(segments.length);
    return segments.filter((_, i) => i !== index);
  },
  function repeatSegment(random, segments) {
    return inserted(segments, random.below(segments.length), random.pick(segments));
  },
  function swapSegments(random, segments) {
    const [a, b] = [random.below(segments.length), random.below(segments.length)];
    return segments.map((segment, i) => (i === a ? segments[b] : i === b ? segments[a] : segment));
  },
  /** Segments of another file: its tables, its frame or its scans under this one's. */
  function fromOther(random, segments, other) {
    const theirs = segmentsOf(other).filter(({ body }) => body !== undefined);
    if (theirs.length === 0) return segments;
    const taken = random.pick(theirs);
    const same = segments.flatMap(({ marker }, i) => (marker === taken.marker ? [i] : []));
    if (same.length === 0 || random.chance(0.2)) return inserted(segments, random.below(segments.length), taken);
    const index = random.pick(same);
    return segments.map((segment, i) => (i === index ? taken : segment));
  },
];

/** Of the bytes of a scan. */
const CODED = [
  (random, data) => {
    const copy = data.slice();
    for (let count = 1 + random.below(6); count > 0; count--) copy[random.below(copy.length)] ^= 1 << random.below(8);
    return copy;
  },
  (random, data) => data.slice(0, random.below(data.length)),
  (random, data) => insertAt(random, data, [0xff, 0xd0 + random.below(8)]),
  (random, data) =>
    insertAt(random, data, random.pick([[0xff], [0xff, 0xff], [0xff, 0], [0xff, 0xd9], [0xff, 0xdc, 0, 4, 0, 9]])),
  (random, data) => insertAt(random, data, random.bytes(random.between(1, 9))),
  (random, data) => insertAt(random, data, new Uint8Array(random.pick([1, 8, 100])).fill(random.pick([0, 0xff]))),
  (random, data) => {
    const from = random.below(data.length);
    return join(data.subarray(0, from), data.subarray(from + random.between(1, 60)));
  },
  /** Restart markers out of order, or gone. */
  (random, data) => {
    const marks = restartsOf(data);
    if (marks.length === 0) return data;
    const at = random.pick(marks);
    if (random.chance(0.5)) return join(data.subarray(0, at), data.subarray(at + 2));
    const copy = data.slice();
    copy[at + 1] = 0xd0 + random.below(8);
    return copy;
  },
  (random, data) => random.bytes(Math.min(data.length, 2000)).map((byte) => (byte === 0xff ? 0xfe : byte)),
];
function insertAt(random, data, content) {
  const at = random.below(data.length);
  return join(data.subarray(0, at), content, data.subarray(at));
}
function restartsOf(data) {
  const found = [];
  for (let at = 0; at + 1 < data.length; at++) {
    if (data[at] === 0xff && data[at + 1] >= 0xd0 && data[at + 1] <= 0xd7) found.push(at);
  }
  return found;
}

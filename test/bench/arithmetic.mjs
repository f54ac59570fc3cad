/** The benchmarks' own arithmetic: figures in, figures out. */

/** Quantile 0..1 of an unsorted list, between two neighbors linearly (Hyndman and Fan's definition 7, as most tools have it). */
export function quantile(list, share) {
  if (list.length === 0) throw new RangeError("a quantile of nothing");
  const sorted = [...list].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)];
  return low + (sorted[Math.ceil(at)] - low) * (at - Math.floor(at));
}
export function median(list) {
  return quantile(list, 0.5);
}
/** Median with the quartiles around it. */
export function spread(list) {
  return { low: quantile(list, 0.25), middle: median(list), high: quantile(list, 0.75) };
}
/**
 * Spread of `own[i] / other[i]`. Each pair ran within one round, so that a machine that slows down for a second changes both
 * alike; the ratio of two medians would not know which figures belong together.
 */
export function ratio(own, other) {
  if (own.length !== other.length) throw new RangeError(`${own.length} rounds against ${other.length}`);
  return spread(own.map((value, round) => value / other[round]));
}

/**
 * Y at `x` on the line through [x, y] points in any order, straight between neighbors; undefined outside of them, because
 * nothing was measured there.
 */
export function interpolate(points, x) {
  const sorted = [...points].sort((a, b) => a[0] - b[0]);
  for (let i = 0; i + 1 < sorted.length; i++) {
    const [x0, y0] = sorted[i];
    const [x1, y1] = sorted[i + 1];
    if (x < x0 || x > x1) continue;
    return x1 === x0 ? (y0 + y1) / 2 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
  }
  return sorted.length === 1 && sorted[0][0] === x ? sorted[0][1] : undefined;
}
/** `field` of a sweep of { bytes, … } at that many bytes. Quality is close to linear in the logarithm of the bytes. */
export function atBytes(sweep, field, bytes) {
  return interpolate(
    sweep.map((point) => [Math.log(point.bytes), point[field]]),
    Math.log(bytes),
  );
}
/** The bytes at which a sweep reaches that value of `field`. */
export function bytesAt(sweep, field, value) {
  const bytes = interpolate(
    sweep.map((point) => [point[field], Math.log(point.bytes)]),
    value,
  );
  return bytes === undefined ? undefined : Math.exp(bytes);
}

/**
 * Bytes of one sweep for the same `field` as another: the geometric mean over those points of `base` whose value the sweep
 * reaches, as a share of the base's bytes; undefined where it reaches none.
 */
export function bytesShare(sweep, base, field) {
  const logs = base
    .map((point) => [bytesAt(sweep, field, point[field]), point.bytes])
    .filter(([bytes]) => bytes !== undefined)
    .map(([bytes, baseBytes]) => Math.log(bytes / baseBytes));
  return logs.length === 0 ? undefined : Math.exp(mean(logs));
}
export function mean(list) {
  return list.reduce((sum, value) => sum + value, 0) / list.length;
}

/**
 * Columns and rows of copies of a picture that have at least `minPixels` together: no side above `maxSide` px
 * if that can be, then fewest copies, then nearest to a square grid.
 */
export function tilesFor({ width, height }, minPixels, maxSide = Number.POSITIVE_INFINITY) {
  const needed = Math.max(1, Math.ceil(minPixels / (width * height)));
  const grids = Array.from({ length: needed }, (_, i) => ({ columns: i + 1, rows: Math.ceil(needed / (i + 1)) }));
  const costs = ({ columns, rows }) => [
    Number(columns * width > maxSide || rows * height > maxSide),
    columns * rows,
    Math.abs(columns - rows),
  ];
  const difference = (a, b) =>
    costs(a)
      .map((cost, i) => cost - costs(b)[i])
      .find((value) => value !== 0) ?? 0;
  return grids.sort(difference)[0];
}
/** Size of a picture drawn `wanted` px wide; halves round up, never below 1 px. A narrower picture stays as it is. */
export function shrunk({ width, height }, wanted) {
  if (width <= wanted) return { width, height };
  return { width: wanted, height: Math.max(1, Math.floor((height * wanted) / width + 0.5)) };
}

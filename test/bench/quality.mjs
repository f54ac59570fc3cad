/**
 * How near a picture comes to another: PSNR and SSIM; and the resampling that makes the reference. Pictures are
 * { data, width, height }, packed 8-bit RGB. Written apart from the engine, in floating point, so that it can judge it.
 */

/** Luma by ITU-R BT.601, 0..255, not rounded. */
export function lumaOf({ data, width, height }) {
  const luma = new Float64Array(width * height);
  for (let i = 0, at = 0; i < luma.length; i++, at += 3) {
    luma[i] = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
  }
  return luma;
}

/** Peak signal-to-noise ratio in dB of two equally long lists of samples 0..255; Infinity where they are equal. */
export function psnr(a, b) {
  if (a.length !== b.length || a.length === 0) throw new RangeError(`${a.length} samples against ${b.length}`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = a[i] - b[i];
    sum += difference * difference;
  }
  return 10 * Math.log10((255 * 255 * a.length) / sum);
}

const RADIUS = 5;
const [W0, W1, W2, W3, W4, W5] = gaussian(RADIUS, 1.5).subarray(RADIUS);

/**
 * Mean SSIM of two lumas: 11x11 Gaussian windows of sigma 1.5 that lie inside the picture, K1 = 0.01, K2 = 0.03
 * (Wang, Bovik, Sheikh, Simoncelli: Image Quality Assessment, IEEE TIP 13(4), 2004). No subsampling before it.
 */
export function ssim(a, b, width, height) {
  if (a.length !== width * height || b.length !== a.length) throw new RangeError("lumas of another size");
  if (width <= 2 * RADIUS || height <= 2 * RADIUS) throw new RangeError(`no 11x11 window fits into ${width}x${height}`);
  const [ofA, ofB] = [momentsOf(a, width, height), momentsOf(b, width, height)];
  const [meanA, meanB, squareA, squareB] = [ofA.mean, ofB.mean, ofA.square, ofB.square];
  const cross = blurInside(product(a, b), width, height);
  const c1 = (0.01 * 255) ** 2;
  const c2 = (0.03 * 255) ** 2;
  let sum = 0;
  for (let i = 0; i < meanA.length; i++) {
    const ab = meanA[i] * meanB[i];
    const squares = meanA[i] * meanA[i] + meanB[i] * meanB[i];
    const variances = squareA[i] + squareB[i] - squares;
    sum += ((2 * ab + c1) * (2 * (cross[i] - ab) + c2)) / ((squares + c1) * (variances + c2));
  }
  return sum / meanA.length;
}
/** Windowed means of a plane and of its squares; kept, because a reference meets many pictures. */
const moments = new WeakMap();
function momentsOf(plane, width, height) {
  const kept = moments.get(plane);
  if (kept !== undefined) return kept;
  const made = { mean: blurInside(plane, width, height), square: blurInside(product(plane, plane), width, height) };
  moments.set(plane, made);
  return made;
}
function product(a, b) {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = a[i] * b[i];
  return result;
}
function gaussian(radius, sigma) {
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
/** Windowed means where the window lies inside: a plane smaller by the window on both axes. */
function blurInside(plane, width, height) {
  const across = width - 2 * RADIUS;
  const down = height - 2 * RADIUS;
  const row = new Float64Array(width);
  const result = new Float64Array(across * down);
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < width; x++) row[x] = weighted(plane, y * width + x, width);
    for (let x = 0; x < across; x++) result[y * across + x] = weighted(row, x, 1);
  }
  return result;
}
/** Sum of 11 samples from `at` on, `step` apart, by the window's weights; written out because this is where the time goes. */
function weighted(list, at, step) {
  const middle = at + RADIUS * step;
  return (
    W0 * list[middle] +
    W1 * (list[middle - step] + list[middle + step]) +
    W2 * (list[middle - 2 * step] + list[middle + 2 * step]) +
    W3 * (list[middle - 3 * step] + list[middle + 3 * step]) +
    W4 * (list[middle - 4 * step] + list[middle + 4 * step]) +
    W5 * (list[middle - 5 * step] + list[middle + 5 * step])
  );
}

const lumas = new WeakMap();
/** { psnrY, psnrRgb, ssim } of a picture against its reference; SSIM is of luma. */
export function compare(picture, reference) {
  const { width, height } = reference;
  if (picture.width !== width || picture.height !== height) {
    throw new RangeError(`${picture.width}x${picture.height} against a reference of ${width}x${height}`);
  }
  if (!lumas.has(reference)) lumas.set(reference, lumaOf(reference));
  const [a, b] = [lumaOf(picture), lumas.get(reference)];
  return { psnrY: psnr(a, b), psnrRgb: psnr(picture.data, reference.data), ssim: ssim(a, b, width, height) };
}

/**
 * Lanczos with three lobes, stretched by the scale where it shrinks, in gamma space; weights of samples beyond the edge are
 * dropped and the rest scaled up. Double precision, one rounding at the end.
 */
export function lanczos(picture, { width, height }) {
  const across = resampleRows(picture.data, picture.width, picture.height, width);
  const turned = transpose(across, width, picture.height);
  const done = transpose(resampleRows(turned, picture.height, width, height), height, width);
  return { data: Uint8Array.from(done, (value) => Math.min(255, Math.max(0, Math.round(value)))), width, height };
}
/** RGB rows of `width` px to rows of `wanted` px. */
function resampleRows(data, width, rows, wanted) {
  const taps = Array.from({ length: wanted }, (_, x) => tapsOf(x, width, wanted));
  const result = new Float64Array(wanted * rows * 3);
  for (let row = 0, to = 0; row < rows; row++) {
    for (const { from, weights } of taps) {
      let [r, g, b] = [0, 0, 0];
      for (let tap = 0, at = (row * width + from) * 3; tap < weights.length; tap++, at += 3) {
        r += weights[tap] * data[at];
        g += weights[tap] * data[at + 1];
        b += weights[tap] * data[at + 2];
      }
      result[to++] = r;
      result[to++] = g;
      result[to++] = b;
    }
  }
  return result;
}
function tapsOf(x, width, wanted) {
  const scale = Math.max(1, width / wanted);
  const center = ((x + 0.5) * width) / wanted;
  const from = Math.max(0, Math.floor(center - 3 * scale));
  const end = Math.min(width, Math.ceil(center + 3 * scale));
  const weights = Array.from({ length: end - from }, (_, i) => lanczos3((from + i + 0.5 - center) / scale));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { from, weights: Float64Array.from(weights, (weight) => weight / sum) };
}
function lanczos3(x) {
  if (x === 0) return 1;
  if (Math.abs(x) >= 3) return 0;
  const angle = Math.PI * x;
  return (3 * Math.sin(angle) * Math.sin(angle / 3)) / (angle * angle);
}
function transpose(data, width, height) {
  const result = new Float64Array(data.length);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) result.set(data.subarray(at, at + 3), (x * height + y) * 3);
  }
  return result;
}

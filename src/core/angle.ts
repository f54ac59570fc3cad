import type { Size } from "./geometry.ts";

/** One in the tables below: sines are exact to half of 1/2^30. */
const UNIT = 1 << 30;
/** round(sin(d°) · 2^30) for d of 0..90: a table, because Math.sin differs between engines. */
// biome-ignore format: eight to a row
const SINES = [
  0, 18739379, 37473049, 56195305, 74900443, 93582766, 112236583, 130856211,
  149435979, 167970228, 186453311, 204879599, 223243478, 241539355, 259761657, 277904834,
  295963357, 313931728, 331804471, 349576144, 367241333, 384794656, 402230767, 419544355,
  436730145, 453782903, 470697435, 487468587, 504091252, 520560366, 536870912, 553017922,
  568996477, 584801711, 600428808, 615873009, 631129609, 646193961, 661061475, 675727625,
  690187940, 704438018, 718473518, 732290163, 745883746, 759250125, 772385229, 785285058,
  797945680, 810363241, 822533958, 834454122, 846120104, 857528349, 868675383, 879557810,
  890172315, 900515665, 910584710, 920376381, 929887697, 939115760, 948057759, 956710970,
  965072759, 973140576, 980911966, 988384560, 995556083, 1002424350, 1008987269, 1015242840,
  1021189159, 1026824413, 1032146887, 1037154959, 1041847103, 1046221891, 1050277989, 1054014162,
  1057429273, 1060522280, 1063292242, 1065738315, 1067859754, 1069655912, 1071126243, 1072270298,
  1073087729, 1073578288, 1073741824,
];

/** Sine of a whole number of degrees, any sign. */
export function sine(angleDeg: number): number {
  return scaledSine(angleDeg) / UNIT;
}
/** Cosine of a whole number of degrees, any sign. */
export function cosine(angleDeg: number): number {
  return scaledSine(angleDeg + 90) / UNIT;
}

/** Smallest whole size that holds a picture turned by whole degrees; what is below a thousandth of a px is rounding. */
export function rotatedSize({ width, height }: Size, angleDeg: number): Size {
  const s = Math.abs(scaledSine(angleDeg));
  const c = Math.abs(scaledSine(angleDeg + 90));
  return { width: holding(width * c + height * s), height: holding(width * s + height * c) };
}
/** Sides are below 2^15, so the sums stay below 2^46. */
function holding(scaled: number): number {
  return Math.max(1, Math.ceil((scaled - UNIT / 1024) / UNIT));
}

function scaledSine(angleDeg: number): number {
  const angle = ((angleDeg % 360) + 360) % 360;
  if (angle > 180) return -scaledSine(angle - 180);
  return SINES[angle > 90 ? 180 - angle : angle] as number;
}

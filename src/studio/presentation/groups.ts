/** Where the menu of new steps shows each operation. */
export type Group = "geometry" | "shape" | "color" | "effects" | "watermark";

/** Every pixel operation once, in the order of the menu. */
export const GROUPS: readonly (readonly [group: Group, operations: readonly string[]])[] = [
  ["geometry", ["resize", "fit", "crop", "indexcrop", "trim", "rotate", "flip"]],
  ["shape", ["circle", "rounded-corners"]],
  ["color", ["bright", "contrast", "saturate", "gray"]],
  ["effects", ["blur", "sharpen", "pixelate"]],
  ["watermark", ["watermark"]],
];

/** Offered where the chain is empty. */
export const QUICK: readonly string[] = ["resize", "crop", "watermark", "blur"];

import type { AnswerOperation } from "../core/operation.ts";

/** Answers the picture's average tone; cannot be combined (OSS IMG reference, section 7.5). */
export const averageHue: AnswerOperation = {
  kind: "answer",
  answer: "average-hue",
  name: "average-hue",
  summary: "answer the average tone of the source as JSON",
  args: {},
};

/** The JSON form that clients parse; a reader that looks for `0x` and six digits finds them too. */
export function printHue(rgb: readonly number[]): string {
  const digits = rgb.map((value) => value.toString(16).padStart(2, "0")).join("");
  return JSON.stringify({ RGB: `0x${digits}` }).replace(":", ": ");
}

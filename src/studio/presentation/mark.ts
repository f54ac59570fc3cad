/** The `image` text of a watermark: `key` or `key?x-oss-process=image/…`. */
export interface MarkText {
  readonly key: string;
  /** What is done to the picture before it is drawn. */
  readonly process?: string;
}
const SEPARATOR = "?x-oss-process=";

export function markOf(image: string): MarkText {
  const at = image.indexOf(SEPARATOR);
  return at < 0 ? { key: image } : { key: image.slice(0, at), process: image.slice(at + SEPARATOR.length) };
}
/** Without a key there is no picture, whatever would be done to it. */
export function markText({ key, process }: MarkText): string {
  return key === "" || process === undefined ? key : key + SEPARATOR + process;
}

/** Percent of the width of the picture below, where that is all that is done; undefined where it is more, or something else. */
export function widthPercent({ process }: MarkText): string | undefined {
  return process === undefined ? undefined : /^image\/resize,pw_(\d*)$/.exec(process)?.[1];
}
export function ofWidth(percent: string): string {
  return `image/resize,pw_${percent}`;
}
/** What a new picture is given: large enough to be seen, small enough to see what is below. */
export const FIRST_WIDTH = "20";

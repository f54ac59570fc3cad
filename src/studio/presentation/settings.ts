/** Settings in the order of the output panel: each of the operation table once. */
export const SETTING_ROWS: Readonly<Record<"main" | "more", readonly string[]>> = {
  main: ["format", "quality", "lossless"],
  more: ["maxbytes", "effort", "chroma", "interlace", "meta", "background", "auto-orient"],
};

/** Arguments that the one control of a setting writes; those of others are their `value`. */
export const SETTING_ARGS: Readonly<Record<string, readonly string[]>> = { quality: ["Q", "q", "a", "d"] };

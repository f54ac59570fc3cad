/** Every font file that text may need (src/text/fonts/README.md says where each comes from). */
export const FONT_FILES = [
  "sans.ttf",
  "serif.ttf",
  "arabic.ttf",
  "hebrew.ttf",
  "symbols.ttf",
  "emoji.ttf",
  "han-sans.ttf",
  "han-song.ttf",
  "han-kai.ttf",
] as const;
export type FontFile = (typeof FONT_FILES)[number];

/** Faces that han-sans.ttf stands in for where a deployment has left them out. */
export const OPTIONAL_FONTS: ReadonlySet<FontFile> = new Set<FontFile>(["han-song.ttf", "han-kai.ttf"]);

/**
 * Gives the bytes of a font, or undefined where the deployment has left that file out; a runtime decides where they come from.
 * May be called again for the same file.
 */
export type LoadFont = (file: FontFile) => Promise<Uint8Array | undefined>;

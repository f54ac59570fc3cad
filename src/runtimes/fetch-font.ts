import type { LoadFont } from "../core/fonts.ts";

/** Fetches font files below `base`; one that is not found has been left out. */
export function fetchFont(base: URL): LoadFont {
  return async (file) => {
    const response = await fetch(new URL(file, base));
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${file}: HTTP ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
}

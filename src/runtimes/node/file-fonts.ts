import { readFile } from "fs";
import type { LoadFont } from "../../core/fonts.ts";

/** Reads font files of a folder; one that is not there has been left out. */
export function fileFonts(folder: URL): LoadFont {
  return (file) =>
    new Promise((resolve, reject) => {
      readFile(new URL(file, folder), (error, bytes) => {
        if (error === null) resolve(bytes);
        else if (error.code === "ENOENT") resolve(undefined);
        else reject(error);
      });
    });
}

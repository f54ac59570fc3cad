import { statSync } from "fs";
import { readFile, realpath } from "fs/promises";
import { isAbsolute, join, relative, sep } from "path";
import { TransformError } from "../core/errors.ts";
import { UsageError } from "./usage.ts";

export type FetchObject = (key: string) => Promise<Uint8Array | undefined>;

/** Reads watermark pictures below a folder and nowhere else, whatever a key or a link says; undefined for what is not there. */
export function objectsOf(folder: string | undefined): FetchObject {
  if (folder === undefined) {
    return async (key) => {
      throw new TransformError(
        "WATERMARK_FAILED",
        `the watermark picture ${key} is read from --objects DIR, which is not given`,
      );
    };
  }
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UsageError(`--objects: there is no folder ${folder}`);
  }
  return async (key) => {
    try {
      const root = await realpath(folder);
      const path = await realpath(join(root, key));
      return isBelow(path, root) ? new Uint8Array(await readFile(path)) : undefined;
    } catch {
      return undefined;
    }
  };
}

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

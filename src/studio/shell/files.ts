/** Which file is meant where several come along. */

/** The picture among files, or else the first of them: the engine says what it thinks of it. */
export function firstPicture<T extends { readonly type: string; readonly name: string }>(files: readonly T[]): T | undefined {
  return files.find(({ type }) => type.startsWith("image/")) ?? files[0];
}

/** Pasted pictures are all called image.png, and some have no name. */
export function nameOf(file: { readonly name?: string; readonly type: string }): string {
  if (file.name !== undefined && file.name !== "") return file.name;
  const extension = /^image\/(\w+)/.exec(file.type)?.[1];
  return extension === undefined ? "picture" : `picture.${extension === "jpeg" ? "jpg" : extension}`;
}

/** True where a drag brings files from outside; a picture dragged within the page claims to be one too. */
export function bringsFiles(types: readonly string[], isFromPage: boolean): boolean {
  return !isFromPage && types.includes("Files");
}

/** All ways a picture comes in end here. */
import { batch, signal } from "@preact/signals";
import { openObject, openPicture } from "../engine/session.ts";
import { source, sourceFault } from "../state/store.ts";
import { text } from "../text/index.ts";
import { firstPicture, nameOf } from "./files.ts";
import type { KeptPicture } from "./kept-picture.ts";
import { say } from "./notices.ts";

/** Name of the picture that was asked for last: a fault is about it. */
export const asked = signal<string | undefined>(undefined);
/** The picture that was asked for is being fetched or read. */
export const isOpening = signal(false);
let latest = 0;

/** Opens the picture among files and says what was left out. */
export async function openFiles(files: readonly File[]): Promise<void> {
  const file = firstPicture(files);
  if (file === undefined) return say(text.value.shell.drop.noFile);
  const name = nameOf(file);
  await opening(name, () => openPicture(file, name));
  if (files.length > 1 && sourceFault.value === undefined) say(text.value.shell.drop.first(name, files.length - 1));
}

/** Opens an object of the store. */
export function openStored(key: string): Promise<void> {
  return opening(key, () => openObject(key));
}

/** Opens a picture that is fetched from beside the page. */
export function openSample(name: string, url: string): Promise<void> {
  return opening(name, async () => {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) await openPicture(await answer.blob(), name);
    else sourceFault.value = { code: "NETWORK", message: answer === undefined ? "" : `HTTP ${answer.status}` };
  });
}

/** Opens the picture that this tab had before it was reloaded. */
export function openKept({ picture, name }: KeptPicture): Promise<void> {
  return opening(name, () => openPicture(picture, name));
}

/** Leaves the page without a picture. What is asked of it stays. */
export function closePicture(): void {
  const url = source.peek()?.url;
  batch(() => {
    source.value = undefined;
    sourceFault.value = undefined;
  });
  if (url !== undefined) URL.revokeObjectURL(url);
}

async function opening(name: string, open: () => Promise<void>): Promise<void> {
  latest++;
  const mine = latest;
  batch(() => {
    asked.value = name;
    isOpening.value = true;
    sourceFault.value = undefined;
  });
  try {
    await open();
  } finally {
    if (mine === latest) isOpening.value = false;
  }
}

/** The file dialog of the system. */
export function chooseFile(): void {
  fileInput ??= createFileInput();
  fileInput.click();
}
/** Stays in the page: some browsers forget an input that is not, and with it the choice. */
let fileInput: HTMLInputElement | undefined;
function createFileInput(): HTMLInputElement {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = "image/*,.avif,.heic,.tif,.tiff,.bmp";
  input.hidden = true;
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = ""; // the same file can be chosen again
    if (files.length > 0) void openFiles(files);
  });
  document.body.append(input);
  return input;
}

/** Reads the clipboard for a button; browsers that do not allow it are answered with the keys that do the same. */
export async function pasteFromButton(keys: string): Promise<void> {
  try {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((candidate) => candidate.startsWith("image/"));
      if (type !== undefined) return await openFiles([new File([await item.getType(type)], nameOf({ type }), { type })]);
    }
    say(text.value.shell.paste.none);
  } catch {
    say(text.value.shell.paste.byKey(keys));
  }
}

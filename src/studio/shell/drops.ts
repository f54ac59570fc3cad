import { signal } from "@preact/signals";
import { bringsFiles } from "./files.ts";

/** Files are being dragged over the page. */
export const isDragging = signal(false);

/** Browsers repeat dragover at least every 350 ms (HTML, drag-and-drop processing model), most every 50. */
const LEFT_MS = 400;

/** Hands over files that are dropped or pasted anywhere on the page; without it the browser would leave the page to show them. */
export function listenForFiles(take: (files: readonly File[]) => void): void {
  let isFromPage = false;
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const isMeant = (event: DragEvent) => bringsFiles([...(event.dataTransfer?.types ?? [])], isFromPage);
  document.addEventListener("dragstart", () => {
    isFromPage = true;
  });
  document.addEventListener("dragend", () => {
    isFromPage = false;
  });
  document.addEventListener("dragover", (event) => {
    if (!isMeant(event)) return;
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = "copy";
    clearTimeout(hiding);
    isDragging.value = true;
  });
  document.addEventListener("dragleave", () => {
    // From one element to the next as well as out of the window; only the first is followed by another dragover
    clearTimeout(hiding);
    hiding = setTimeout(() => {
      isDragging.value = false;
    }, LEFT_MS);
  });
  document.addEventListener("drop", (event) => {
    clearTimeout(hiding);
    isDragging.value = false;
    if (!isMeant(event)) return;
    event.preventDefault();
    take([...(event.dataTransfer?.files ?? [])]);
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || event.defaultPrevented) return;
    event.preventDefault();
    take(files);
  });
}

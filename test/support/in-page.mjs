/** Functions that tests run inside a page, where nothing of this file but the function itself exists. */

/** Drops a file on an element, as a file manager would. */
export function dropFile(target, { name, type, base64 }) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    target.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }
}

/** Pastes a file, or text where there is no file, as the browser does where the page has the focus. */
export function paste({ file, text }) {
  const transfer = new DataTransfer();
  if (text !== undefined) transfer.setData("text/plain", text);
  if (file !== undefined) {
    const bytes = Uint8Array.from(atob(file.base64), (c) => c.charCodeAt(0));
    transfer.items.add(new File([bytes], file.name, { type: file.type }));
  }
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));
}

/** Counts the object URLs that are alive and the workers that were started and ended; before the page's own scripts. */
export function countResources() {
  const counts = { urls: 0, workers: 0 };
  globalThis.opalensCounts = counts;
  const { createObjectURL, revokeObjectURL } = URL;
  const alive = new Set();
  URL.createObjectURL = (blob) => {
    const url = createObjectURL.call(URL, blob);
    alive.add(url);
    counts.urls = alive.size;
    return url;
  };
  URL.revokeObjectURL = (url) => {
    alive.delete(url);
    counts.urls = alive.size;
    revokeObjectURL.call(URL, url);
  };
}

/** From now on notes every text that an element has, also when it is replaced by its parent; for `globalThis.opalensSeen`. */
export function noteTexts(parent, selector) {
  const seen = [];
  globalThis.opalensSeen = seen;
  const note = () => {
    const text = parent.querySelector(selector)?.textContent ?? "";
    if (text !== seen[seen.length - 1]) seen.push(text);
  };
  note();
  new MutationObserver(note).observe(parent, { subtree: true, childList: true, characterData: true });
}

/** From now on notes the pictures that are shown, and the longest time between two frames; for `globalThis.opalensFrames`. */
export function noteFrames() {
  const frames = { pictures: [], longestMs: 0 };
  globalThis.opalensFrames = frames;
  let last = performance.now();
  const note = (now) => {
    frames.longestMs = Math.max(frames.longestMs, now - last);
    last = now;
    for (const { src } of document.querySelectorAll(".viewer-picture img")) {
      if (!frames.pictures.includes(src)) frames.pictures.push(src);
    }
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
}

import { openStored } from "../shell/open.ts";
import { notice, objects, replaceDoc, source, stack } from "../state/store.ts";
import { text } from "../text/index.ts";
import { setKey, typedBase } from "./panel.ts";
import { type PasteFault, readPasted } from "./paste.ts";

/** Makes a pasted text the document, and opens the object it is about where the store has it; else what is wrong with it. */
export function applyText(written: string): string | undefined {
  const pasted = readPasted(written);
  if ("fault" in pasted) return sentence(pasted.fault);
  const { doc, key, base } = pasted.read;
  replaceDoc(doc);
  if (base !== undefined) typedBase.value = base === stack.peek()?.edge ? "" : base;
  if (key === undefined || key === source.peek()?.key) return undefined;
  if (objects.peek().some((object) => object.key === key)) void openStored(key);
  else setKey(key);
  return undefined;
}

/** Text that is pasted anywhere but into a field becomes the document. Pictures are left to whoever opens them. Gives the way to stop. */
export function listenForPaste(): () => void {
  const onPaste = (event: ClipboardEvent) => {
    const data = event.clipboardData;
    if (data === null || data.files.length > 0 || isField(event.target)) return;
    const written = data.getData("text/plain");
    if (written.trim() === "") return;
    event.preventDefault();
    const fault = applyText(written);
    notice.value = fault === undefined ? { text: text.value.code.applied, kind: "info" } : { text: fault, kind: "error" };
  };
  document.addEventListener("paste", onPaste);
  return () => document.removeEventListener("paste", onPaste);
}

function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

function sentence(fault: PasteFault): string {
  const { faults } = text.value.code;
  if (fault.kind === "error") return fault.error.message;
  return fault.kind === "style" ? faults.style(fault.name) : faults.nothing;
}

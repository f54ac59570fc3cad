/** The fragment of the page's address and the document say the same. */
import { effect, signal } from "@preact/signals";
import { TransformError } from "../../core/errors.ts";
import type { Doc } from "../state/document.ts";
import { parseLink, printLink } from "../state/link.ts";
import { doc, isMoving, replaceDoc, resetDoc, source } from "../state/store.ts";
import { text } from "../text/index.ts";
import { say } from "./notices.ts";

/** What the link needs of the page around it. */
export interface Place {
  /** Fragment of the address, with "#" where there is one. */
  readonly read: () => string;
  readonly write: (fragment: string) => void;
  readonly onChange: (changed: () => void) => void;
  /** The page is left or reloaded. */
  readonly onLeave: (leave: () => void) => void;
  /** False where the page has no store; waits until that is known. */
  readonly hasStore: () => Promise<boolean>;
  readonly open: (key: string) => Promise<void>;
}

/** Browsers bound how often an address may be changed (Safari: 100 times in 30 s). */
const REST_MS = 350;

/** Object that the link names and that is not open yet. */
export const linkedKey = signal<string | undefined>(undefined);
/** It is being opened. A link outlives that this fails. */
export const isLinkOpening = signal(false);

/** Takes over what the address says, and keeps it up to date. True where it names an object. */
export function followLink(place: Place): boolean {
  const hasKey = apply(place, resetDoc);
  let written = place.read().replace(/^#/, "");
  const write = () => {
    const fragment = currentFragment();
    if (fragment === undefined || fragment === written) return;
    written = fragment;
    place.write(fragment);
  };
  place.onChange(() => {
    const fragment = place.read().replace(/^#/, "");
    if (fragment === written) return;
    written = fragment;
    apply(place, replaceDoc);
    write(); // the address of a link that cannot be read is that of what stays
  });
  effect(() => {
    if (source.value !== undefined) linkedKey.value = undefined;
  });
  onRest(write);
  place.onLeave(write); // a page that is left before it rests is still what a reload should bring back
  return hasKey;
}

/** What the address should say; undefined while the document is no plan. */
function currentFragment(): string | undefined {
  const key = linkedKey.value ?? source.value?.key;
  return printLink({ ...(key === undefined ? {} : { key }), doc: doc.value });
}

/** Runs when the document or the source has changed and then rested; not for what they are at first. */
function onRest(act: () => void): void {
  let isFirst = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const isAtRest = !isMoving.value;
    doc.value;
    source.value;
    linkedKey.value;
    clearTimeout(timer);
    if (!isFirst && isAtRest) timer = setTimeout(act, REST_MS);
    isFirst = false;
  });
}

function apply(place: Place, take: (next: Doc) => void): boolean {
  try {
    const link = parseLink(place.read());
    take(link.doc);
    if (link.key === undefined) linkedKey.value = undefined;
    else if (link.key !== source.value?.key) void openLinked(place, link.key);
    return link.key !== undefined;
  } catch (thrown) {
    if (!(thrown instanceof TransformError)) throw thrown;
    say(text.value.shell.link.bad(thrown.message), "error");
    return false;
  }
}

/** Opens the object of a link, unless another picture has been opened meanwhile. */
async function openLinked(place: Place, key: string): Promise<void> {
  linkedKey.value = key;
  isLinkOpening.value = true;
  const before = source.value;
  const hasStore = await place.hasStore();
  if (linkedKey.value === key && source.value === before) {
    if (hasStore) await place.open(key);
    else say(text.value.shell.link.noStore(key), "error");
  }
  if (linkedKey.value !== key && linkedKey.value !== undefined) return; // another link has come
  isLinkOpening.value = false;
  // It could not be opened: what was open before stays, and with it its address
  if (source.value !== undefined) linkedKey.value = undefined;
}

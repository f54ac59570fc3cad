import { effect, type Signal, signal } from "@preact/signals";

/** A text that outlives the page, where the browser keeps one: private windows and blocked storage throw. */
export function remembered(name: string, initial: string): Signal<string> {
  const value = signal(read(name) ?? initial);
  effect(() => write(name, value.value));
  return value;
}

function read(name: string): string | undefined {
  try {
    return localStorage.getItem(`opalens.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}
function write(name: string, text: string): void {
  try {
    if (text === "") localStorage.removeItem(`opalens.${name}`);
    else localStorage.setItem(`opalens.${name}`, text);
  } catch {
    // the page works without
  }
}

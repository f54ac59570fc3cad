import { printPlan } from "../../syntax/print.ts";
import { parseText } from "../../syntax/request.ts";
import { type Doc, docOf, planOf } from "./document.ts";

/** What a link to the page says. */
export interface Link {
  /** Object of the store. */
  readonly key?: string;
  readonly doc: Doc;
}

/**
 * The fragment of a page URL: `key=owl.jpg&process=image/resize,w_200&off=1`. The process text holds every step; `off` lists
 * those that are switched off, from 0. Steps that are off and say nothing complete are left out. undefined for a document that
 * is no plan.
 */
export function printLink({ key, doc }: Link): string | undefined {
  const steps = doc.steps.filter((step) => step.on || isPlan({ steps: [{ ...step, on: true }], settings: {} }));
  const all = planOf({ ...doc, steps: steps.map((step) => ({ ...step, on: true })) });
  if ("problem" in all) return undefined;
  const off = steps.flatMap(({ on }, index) => (on ? [] : [String(index)]));
  const isEmpty = steps.length === 0 && Object.keys(doc.settings).length === 0;
  const parts = [
    ...(key === undefined ? [] : [`key=${encodeKey(key)}`]),
    ...(isEmpty ? [] : [`process=${printPlan(all.plan)}`]),
    ...(off.length === 0 ? [] : [`off=${off.join(",")}`]),
  ];
  return parts.join("&");
}

/** The link of a fragment (with or without "#"). Throws TransformError where the process text is wrong. */
export function parseLink(fragment: string): Link {
  const pairs = new Map(
    fragment
      .replace(/^#/, "")
      .split("&")
      .map((pair): [string, string] => {
        const at = pair.indexOf("=");
        return at < 0 ? [pair, ""] : [pair.slice(0, at), decoded(pair.slice(at + 1))];
      }),
  );
  const [key, process, off = ""] = [pairs.get("key"), pairs.get("process"), pairs.get("off")];
  const doc = process === undefined ? { steps: [], settings: {} } : docOf(parseText(process));
  const isOff = new Set(off.split(","));
  const steps = doc.steps.map((step, index) => (isOff.has(String(index)) ? { ...step, on: false } : step));
  return { ...(key === undefined || key === "" ? {} : { key }), doc: { ...doc, steps } };
}

function isPlan(doc: Doc): boolean {
  return "plan" in planOf(doc);
}

/** Slashes stay readable. */
export function encodeKey(key: string): string {
  return key.split("/").map(encodeURIComponent).join("/");
}
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

import type { Arg } from "../../core/args.ts";

const BYTES = 1000;

/** An argument in bytes as one in kB, with three decimals, so that every number of bytes can be said. */
export function inKilobytes(bytes: Arg<number>): Arg<number> {
  if (bytes.domain.kind !== "integer") throw new Error("bytes are integers");
  const { min, max } = bytes.domain;
  return {
    domain: { kind: "decimal", min: min / BYTES, max: max / BYTES, digits: 3 },
    expected: bytes.expected,
    parse: (text) => (/^\d{1,6}(\.\d{1,3})?$/.test(text) ? bytes.parse(toBytes(text)) : undefined),
    print: String,
  };
}
/** Texts that are no number stay as they were typed. */
export function toBytes(kilobytes: string): string {
  return /^\d{1,6}(\.\d{1,3})?$/.test(kilobytes) ? String(Math.round(Number(kilobytes) * BYTES)) : kilobytes;
}
export function toKilobytes(bytes: string): string {
  return /^\d{1,9}$/.test(bytes) ? String(Number(bytes) / BYTES) : bytes;
}

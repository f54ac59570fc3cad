const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES: ReadonlyMap<string, number> = new Map([
  ...[...ALPHABET].map((char, value): [string, number] => [char, value]),
  ["+", 62],
  ["/", 63],
]);

/** URL-safe base64 without padding (RFC 4648 section 5), as OSS IMG writes it. */
export function encodeBase64Url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const count = Math.min(3, bytes.length - i) + 1;
    for (let digit = 0; digit < count; digit++) out += ALPHABET[(group >> (18 - 6 * digit)) & 63];
  }
  return out;
}

/** UTF-8 text of base64 in the URL-safe or the standard alphabet, padded or not; undefined where it is neither base64 nor UTF-8. */
export function decodeBase64Url(encoded: string): string | undefined {
  const digits = encoded.replace(/=+$/, "");
  if (digits.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let group = 0;
  for (let i = 0, at = 0; i < digits.length; i++) {
    const value = VALUES.get(digits[i]!);
    if (value === undefined) return undefined;
    group = ((group << 6) | value) & 0xffffff;
    if (i % 4 > 0) bytes[at++] = (group >> (6 - 2 * (i % 4))) & 0xff;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

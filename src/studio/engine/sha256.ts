/** Lower-case hex, or undefined outside a secure context, where browsers give no crypto.subtle. */
export async function sha256Of(data: Uint8Array<ArrayBuffer> | ArrayBuffer): Promise<string | undefined> {
  const { subtle }: Partial<typeof crypto> = globalThis.crypto ?? {};
  if (subtle === undefined) return undefined;
  const digest = new Uint8Array(await subtle.digest("SHA-256", data));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Color of packed RGBA times its A, rounded, in place: for codecs that average straight channels. */
export function premultiply(data: Uint8Array): void {
  for (let i = 0; i < data.length; i += 4) {
    const a = data[i + 3]!;
    if (a === 255) continue;
    for (let c = i; c < i + 3; c++) data[c] = Math.floor((data[c]! * a + 127) / 255);
  }
}

/** The inverse; where A is 0 the color is 0. */
export function straighten(data: Uint8Array): void {
  for (let i = 0; i < data.length; i += 4) {
    const a = data[i + 3]!;
    if (a === 255) continue;
    const half = a >> 1;
    for (let c = i; c < i + 3; c++) data[c] = a === 0 ? 0 : Math.min(255, Math.floor((data[c]! * 255 + half) / a));
  }
}

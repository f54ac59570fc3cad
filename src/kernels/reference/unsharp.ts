/**
 * Scalar twin of `unsharp` in wasm/kernels/finish.ts: c + k / 4096 · (c − blurred c) of straight-alpha RGBA, rounded and
 * clamped, as a new picture; k is the nearest to amountMilli / 1000. blurred: four values a px in 1/256 of a level. A stays, and
 * clear pixels stay as they are.
 */
export function unsharp(data: Uint8Array, blurred: Uint16Array, amountMilli: number): Uint8Array {
  const k = Math.round((amountMilli * 4096) / 1000);
  return data.map((c, i) => {
    const alpha = i - (i % 4) + 3;
    if (i === alpha || data[alpha] === 0 || blurred[alpha] === 0) return c;
    const sum = c * 128 * (4096 + k) - Math.floor((blurred[i]! + 1) / 2) * k;
    return Math.max(0, Math.min(255, Math.floor((sum + 262144) / 524288)));
  });
}

/**
 * Scalar twin of wasm/kernels/finish.ts: c + amountMilli / 1000 · (c − blurred c) of straight-alpha RGBA, rounded and
 * clamped, as a new picture. blurred: four values a px in 1/256 of a level. A stays, and clear pixels stay as they are.
 */
export function unsharp(data: Uint8Array, blurred: Uint16Array, amountMilli: number): Uint8Array {
  return data.map((c, i) => {
    const alpha = i - (i % 4) + 3;
    if (i === alpha || data[alpha] === 0 || blurred[alpha] === 0) return c;
    const thousandths = c * 256 * (1000 + amountMilli) - blurred[i]! * amountMilli;
    return Math.max(0, Math.min(255, Math.floor((thousandths + 128000) / 256000)));
  });
}

import { BLOCKS, BLOCK_WIDTH, KIND, PACKED, PIXELS, SAMPLES } from "./job";

/** Averages of blocks of wide samples, where the picture is reduced so far that a filter would have too many taps (src/kernels/resize/layout.ts). */

/** Adds a row to the sums of its row of blocks. A row of a block has less than 65,536 px of at most 32640, so it fits into u32. */
export function addToBlocks(job: u32, values: u32): void {
  const channels: u32 = load<u32>(job, KIND) & PACKED ? 4 : 1;
  for (let channel: u32 = 0; channel < channels; channel++) {
    const width = load<u32>(job, BLOCK_WIDTH);
    let left = load<u32>(job, PIXELS);
    let src = values + (channel << 1);
    let sums = load<u32>(job, BLOCKS) + (channel << 3);
    while (left > 0) {
      const across = min<u32>(left, width);
      let sum: u32 = 0;
      for (let n = across; n > 0; n--, src += channels << 1) sum += load<u16>(src);
      store<u64>(sums, load<u64>(sums) + <u64>sum);
      sums += channels << 3;
      left -= across;
    }
  }
}

/** Rounded averages of the sums of `rows` rows, and the sums 0 again. The last block may be narrower than the others. */
export function settleBlocks(job: u32, values: u32, rows: u32): void {
  const channels: u32 = load<u32>(job, KIND) & PACKED ? 4 : 1;
  const width = load<u32>(job, BLOCK_WIDTH);
  const pixels = load<u32>(job, PIXELS);
  const samples = load<u32>(job, SAMPLES);
  let sums = load<u32>(job, BLOCKS);
  for (let i: u32 = 0; i < samples; i++, sums += 8, values += 2) {
    const count = <u64>min<u32>(width, pixels - (i / channels) * width) * <u64>rows;
    store<u16>(values, <u32>((load<u64>(sums) + (count >> 1)) / count));
    store<u64>(sums, 0);
  }
}

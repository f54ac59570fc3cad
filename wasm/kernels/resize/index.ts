/** Resampling by rows, two passes: along columns into one row, then along it. Called by src/kernels/resize/scaler.ts. */
import { finish } from "./finish";
import { packed, plane } from "./horizontal";
import { ALPHA, KIND, LINEAR, OUTPUTS, PACKED, RESULT, SUMS } from "./job";
import { vertical } from "./vertical";

export { mark, reserve, reset } from "../memory";
export { prepareCurve } from "./linear";
export { take } from "./take";
export { axis } from "./weights";

/** Makes output row i of a job (job.ts); rows are asked for in order. */
export function row(job: u32, i: i32): void {
  vertical(job, i);
  const kind = load<u32>(job, KIND);
  const rowBytes = load<u32>(job, OUTPUTS) << (kind & PACKED ? 2 : 0);
  const result = load<u32>(job, RESULT) + <u32>i * rowBytes;
  const exact = (kind & (ALPHA | LINEAR)) != 0;
  const dst = exact ? load<u32>(job, SUMS) : result;
  if (kind & PACKED) packed(job, dst, exact);
  else plane(job, dst, exact);
  if (exact) finish(job, result);
}

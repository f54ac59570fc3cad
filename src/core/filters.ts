/** Resampling functions. The first six are kernels of our own, the others those of @jsquash/resize. */
export const KERNEL_FILTERS = ["lanczos3", "cubic", "mitchell", "triangle", "box", "nearest"] as const;
export const FILTERS = [...KERNEL_FILTERS, "magic-kernel", "hqx"] as const;
export type KernelFilter = (typeof KERNEL_FILTERS)[number];
export type Filter = (typeof FILTERS)[number];

export function isKernelFilter(filter: Filter): filter is KernelFilter {
  return (KERNEL_FILTERS as readonly Filter[]).includes(filter);
}

export interface Rgb {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}
export interface Score {
  readonly psnrY: number;
  readonly psnrRgb: number;
  readonly ssim: number;
}

export function lumaOf(picture: Rgb): Float64Array;
export function psnr(a: ArrayLike<number>, b: ArrayLike<number>): number;
export function ssim(a: Float64Array, b: Float64Array, width: number, height: number): number;
export function compare(picture: Rgb, reference: Rgb): Score;
export function lanczos(picture: Rgb, size: { readonly width: number; readonly height: number }): Rgb;

/** Texts of colors and focal points, taken apart for their controls and put together again. */

export interface ColorParts {
  /** RRGGBB. */
  readonly rgb: string;
  /** 0..100. */
  readonly opacity: number;
}

/** Parts of RRGGBB or RRGGBBAA; undefined where a text is neither. */
export function colorParts(text: string): ColorParts | undefined {
  if (!/^(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/.test(text)) return undefined;
  const alpha = text.length === 8 ? Number.parseInt(text.slice(6), 16) : 255;
  return { rgb: text.slice(0, 6).toUpperCase(), opacity: Math.round((alpha * 100) / 255) };
}
/** RRGGBB where nothing shines through. */
export function colorText({ rgb, opacity }: ColorParts): string {
  const alpha = Math.round((Math.min(100, Math.max(0, opacity)) * 255) / 100);
  return alpha === 255 ? rgb.toUpperCase() : rgb.toUpperCase() + alpha.toString(16).padStart(2, "0").toUpperCase();
}
/** A color as people paste it, without the sign and in full; other texts stay as they were typed. */
export function typedColor(text: string): string {
  const digits = text.trim().replace(/^#/, "");
  const short = /^([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(digits);
  return (
    short === null
      ? digits
      : short
          .slice(1)
          .map((digit) => digit + digit)
          .join("")
  ).toUpperCase();
}

export interface FocalPoint {
  /** Percent of the picture, 0..100 with at most two decimals. */
  readonly x: number;
  readonly y: number;
}
export function focalPoint(text: string): FocalPoint | undefined {
  const match = /^fp:(\d(?:\.\d+)?):(\d(?:\.\d+)?)$/.exec(text);
  return match === null ? undefined : { x: percent(Number(match[1])), y: percent(Number(match[2])) };
}
export function focalText({ x, y }: FocalPoint): string {
  return `fp:${fraction(x)}:${fraction(y)}`;
}
function percent(share: number): number {
  return Math.round(share * 10_000) / 100;
}
function fraction(value: number): number {
  return Math.round(Math.min(100, Math.max(0, value)) * 100) / 10_000;
}

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

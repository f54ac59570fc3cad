/** Figures as a person reads them, in the language of the page. */
import { locale } from "../state/store.ts";

const TAGS = { en: "en", zh: "zh-CN" } as const;
const formats = new Map<string, Intl.NumberFormat>();

/** 512 B, 137.7 kB, 1.2 MB: units of 1000, one digit behind the point so that a figure that moves keeps its width. */
export function printBytes(bytes: number): string {
  if (bytes < 1000) return `${printNumber(Math.round(bytes))} B`;
  const [value, unit] = bytes < 999_950 ? [bytes / 1e3, "kB"] : bytes < 999_950_000 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${printNumber(value, 1)} ${unit}`;
}

/** 0.4 ms, 12 ms, 1.24 s. */
export function printMs(ms: number): string {
  if (ms < 9.95) return `${printNumber(ms, 1)} ms`;
  return ms < 999.5 ? `${printNumber(Math.round(ms))} ms` : `${printNumber(ms / 1000, ms < 9995 ? 2 : 1)} s`;
}

/** A fraction as 62%, below a tenth as 3.4%; `signed`: +12% and −62%. */
export function printPercent(fraction: number, { signed = false }: { readonly signed?: boolean } = {}): string {
  const digits = Math.abs(fraction) < 0.0995 ? 1 : 0;
  const text = format({
    style: "percent",
    maximumFractionDigits: digits,
    signDisplay: signed ? "exceptZero" : "auto",
  }).format(fraction);
  return text.replace("-", "−");
}

/** Grouped digits; `digits` behind the point, always that many. */
export function printNumber(value: number, digits = 0): string {
  return format({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** 1200 × 800, without grouping: as it is written in a URL. */
export function printSize({ width, height }: { readonly width: number; readonly height: number }): string {
  return `${width} × ${height}`;
}

const FORMAT_NAMES: Readonly<Record<string, string>> = { webp: "WebP" };
/** JPEG, WebP, AVIF. */
export function printFormat(format: string): string {
  return FORMAT_NAMES[format] ?? format.toUpperCase();
}

/** Making a format costs a hundred times what using it does. */
function format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale.value} ${JSON.stringify(options)}`;
  const made = formats.get(key) ?? new Intl.NumberFormat(TAGS[locale.value], options);
  formats.set(key, made);
  return made;
}

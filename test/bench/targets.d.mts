import type { Point, Spread } from "./arithmetic.mjs";

interface Row {
  readonly label: string;
  readonly ratio?: Spread | undefined;
  readonly psnrY?: number;
  readonly psnrRgb?: number;
  readonly onceBytes?: number;
}
export interface Figures {
  readonly tasks?: readonly {
    readonly title: string;
    readonly targets: Readonly<Record<string, number>>;
    readonly fidelity?: string;
    readonly rows: readonly Row[];
  }[];
  readonly fresh?: readonly {
    readonly title: string;
    readonly targets: Readonly<Record<string, number>>;
    readonly maxBytes?: number;
    readonly rows: readonly Row[];
  }[];
  readonly quality?: readonly {
    readonly format: string;
    readonly mark: Readonly<Record<string, number | string>>;
    readonly rows: readonly { readonly label: string; readonly ssim?: number; readonly points: readonly Point[] }[];
  }[];
}
export interface Target {
  readonly task: string;
  readonly what: string;
  readonly limit: string;
  readonly reached: string | undefined;
  readonly met: boolean | undefined;
}
export function targetsOf(figures: Figures): Target[];

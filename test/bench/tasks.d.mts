export interface Task {
  readonly title: string;
  readonly source: string;
  readonly width?: number;
  readonly format: string;
  readonly quality?: number;
  readonly quick?: boolean;
  readonly targets: Readonly<Record<string, number>>;
  readonly fidelity?: string;
  readonly contenders: readonly { readonly engine: string; readonly label: string }[];
}
export const TASKS: readonly Task[];
export const FRESH_TASKS: readonly Task[];

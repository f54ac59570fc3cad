export function table(head: readonly string[], rows: readonly (readonly string[])[]): string;
export function count(value: number | undefined): string;
export function writeRegions(text: string, sections: Readonly<Record<string, string>>): string;

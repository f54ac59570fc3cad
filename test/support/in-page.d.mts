export interface PageFile {
  readonly name: string;
  readonly type: string;
  readonly base64: string;
}
export function dropFile(target: unknown, file: PageFile): void;
export function paste(what: { readonly file?: PageFile; readonly text?: string }): void;
export function countResources(): void;
export function noteTexts(parent: unknown, selector: string): void;
export function noteFrames(): void;

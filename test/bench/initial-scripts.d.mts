export function initialScripts(folder: string): readonly string[];

export function isConsoleBuilt(root: string): boolean;
export function buildConsole(root: string, runtime: string): void;

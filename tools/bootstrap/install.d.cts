/** True when node_modules holds what package-lock.json names. */
export function isInstalled(root: string): boolean;
export function installMissingPackages(root: string): void;

import { lineAt, type ScannedSource } from './scan-source.ts';

export interface FoundImport {
  specifier: string;
  line: number;
  /** `import type …`, `export type … from`, `import('…').Name` in a type: gone before the code runs. */
  typeOnly: boolean;
}

// On code whose literals are blanked: the content between the quotes is only spaces.
const STATIC = /\b(?:import|export)\b(?<clause>[\w\s$,*{}]*?)\bfrom\s*(?<quote>['"])/g;
const SIDE_EFFECT = /\bimport\s*(?<quote>['"])/g;
const DYNAMIC = /\b(?:import|require)\s*\(\s*(?<quote>['"])/g;

function isTypeOnly(clause: string): boolean {
  if (/^\s*type\s+[\w$*{]/.test(clause)) return true;
  const named = /^\s*\{([^}]*)\}\s*$/.exec(clause)?.[1];
  if (named === undefined) return false;
  const names = named.split(',').filter((name) => name.trim() !== '');
  return names.length > 0 && names.every((name) => /^\s*type\s+\w/.test(name));
}

/** Every static, side-effect and dynamic import, and every re-export, with its literal specifier. */
export function findImports(source: ScannedSource): FoundImport[] {
  const found: FoundImport[] = [];
  for (const pattern of [STATIC, SIDE_EFFECT, DYNAMIC]) {
    for (const match of source.code.matchAll(pattern)) {
      const quoteAt = match.index + match[0].length - 1;
      const specifier = source.literals.get(quoteAt);
      if (specifier === undefined) continue;
      const clause = match.groups?.['clause'];
      found.push({
        specifier,
        line: lineAt(source.code, quoteAt),
        typeOnly: clause !== undefined && isTypeOnly(clause),
      });
    }
  }
  return found.toSorted((left, right) => left.line - right.line);
}

/** True when the file has nothing of its own: it only passes on what other files export. */
export function isBarrel(source: ScannedSource): boolean {
  const withoutReexports = source.code.replace(
    /\bexport\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s*from\s*(['"])[^'"]*\1\s*;?/g,
    '',
  );
  return withoutReexports !== source.code && withoutReexports.trim() === '';
}

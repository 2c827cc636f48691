import type { Flow } from './shell-flow.ts';

const TARGETS =
  /(?:>>?|\|\s{0,20}(?:Out-File|Add-Content|Tee-Object)\b[^|]{0,200}?|\b(?:Out-File|Add-Content)\b[^|]{0,200}?)\s{0,20}["']?\$\{?env:(GITHUB_(?:ENV|PATH|OUTPUT))\}?["']?/i;

/** What a line of PowerShell writes into a file of the platform’s; undefined when it writes nothing there. */
export function payloadOfPowerShell(line: string, file: string): string | undefined {
  if (/^\s*#/.test(line)) return undefined;
  const match = TARGETS.exec(line);
  if (match === null || match[1]?.toUpperCase() !== file) return undefined;
  const before = line.slice(0, match.index).trim();
  const value = /-Value\s+(.*)$/i.exec(line.slice(match.index + match[0].length))?.[1];
  const given = /-(?:Value|InputObject)\s+(.*)$/i.exec(match[0])?.[1];
  return before === '' ? (value ?? given ?? '') : before;
}

export function nameInPowerShell(payload: string): string | undefined {
  return /^(?:(?:echo|Write-Output)\s+)?["']?([A-Za-z_][\w.-]*)=/i.exec(payload)?.[1];
}

/** Methods and operators that take characters away; what is left is not followed. */
const CHANGES = /-replace\b|\.Replace\(|-match\b|ConvertTo-Json|\[int\]/i;

/** Variables of a text: nothing in PowerShell is split into words, and line breaks stay. */
export function flowsOfPowerShell(text: string): Flow[] {
  if (CHANGES.test(text)) return [];
  const shown = text.replace(/'[^']*'/g, (quoted) => ' '.repeat(quoted.length));
  const first = text.search(/["']/) === 0 ? 1 : 0;
  return [...shown.matchAll(/\$(?:\{(?:env:)?(\w+)\}|(?:env:)?([A-Za-z_]\w*))/gi)].flatMap(
    (match): Flow[] => {
      const name = match[1] ?? match[2];
      if (name === undefined) return [];
      const leads = match.index <= first;
      return [{ origin: { kind: 'variable', name }, effect: 'passes', start: match.index, leads }];
    },
  );
}

/** How a shell reads a place. */
export type Quoting = 'none' | 'double';
export type QuotedShell = 'posix' | 'powershell';

/** What makes of quotes something that cannot be told from here: heredocs, backticks, here-strings, other quotes. */
const TWISTS: Readonly<Record<QuotedShell, RegExp>> = {
  posix: /<<|`/,
  powershell: /`|@["']|<#|--%|[\u2018-\u201f]/,
};

/** How the shell reads the place; undefined where a variable would not be what it looks like. Linear in `at`. */
export function quotingAt(script: string, at: number, shell: QuotedShell): Quoting | undefined {
  if (TWISTS[shell].test(script)) return undefined;
  let quoting: Quoting = 'none';
  let single = false;
  for (let index = 0; index < at; index += 1) {
    const char = script.charAt(index);
    if (single) single = char !== "'";
    else if (char === '\\' && shell === 'posix') index += 1;
    else if (char === '"') quoting = quoting === 'double' ? 'none' : 'double';
    else if (char === "'" && quoting === 'none') single = true;
    else if (char === '#' && quoting === 'none' && /^$|\s/.test(script.charAt(index - 1))) {
      const end = script.indexOf('\n', index);
      if (end === -1 || end >= at) return undefined;
      index = end;
    }
  }
  return single ? undefined : quoting;
}

/** What reads a variable there; PowerShell hands it over as one word, quotes or not. */
export function readVariable(name: string, quoting: Quoting, shell: QuotedShell): string {
  if (shell === 'powershell') return `\${env:${name}}`;
  return quoting === 'double' ? `\${${name}}` : `"\${${name}}"`;
}

import type { Severity } from '../../severity.ts';

/** Colours by meaning; without colour every one of them leaves the text as it is. */
export interface Paint {
  dim(text: string): string;
  bold(text: string): string;
  mark(text: string): string;
  severity(severity: Severity, text: string): string;
}

const CODES: Readonly<Record<Severity, string>> = {
  critical: '1;31',
  high: '31',
  medium: '33',
  low: '36',
  info: '34',
};

export function createPaint(color: boolean): Paint {
  const code = (codes: string, text: string) => (color ? `\u001b[${codes}m${text}\u001b[0m` : text);
  return {
    dim: (text) => code('2', text),
    bold: (text) => code('1', text),
    mark: (text) => code('1;31', text),
    severity: (severity, text) => code(CODES[severity], text),
  };
}

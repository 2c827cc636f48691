/** How bad it is when it is true. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** How sure the rule is that it is true. */
export const confidences = ['low', 'medium', 'high'] as const;
export type Confidence = (typeof confidences)[number];

/**
 * Who wants to read it: everybody; people who want their files to be without a blemish; people who look for
 * something to look at. Each one also reads what stands before it.
 */
export const personas = ['regular', 'pedantic', 'auditor'] as const;
export type Persona = (typeof personas)[number];

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(least);
}

export function readsAs(reader: Persona, written: Persona): boolean {
  return personas.indexOf(reader) >= personas.indexOf(written);
}

/** GitHub's code scanning sorts by a number like that of CVSS: critical from 9.0, high from 7.0, medium from 4.0. */
export const securitySeverities: Readonly<Record<Severity, string>> = {
  critical: '9.3',
  high: '8.0',
  medium: '5.5',
  low: '2.5',
  info: '0.0',
};

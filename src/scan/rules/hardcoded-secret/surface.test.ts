import { expect, it } from 'vitest';
import { surfaceFindings } from '../../testing/surface.ts';
import { rule } from './rule.ts';

function judge(variable: string): string[] {
  const text = `build:\n  env:\n    ${variable}\n  steps: [make]\n`;
  return surfaceFindings(rule, { text, jobs: () => ({}) }).map(({ message }) => message);
}

it('finds a value that nobody made up under the name of a secret', () => {
  expect(judge('UPLOAD_TOKEN: q7Xn2Lw9Zr4Tb8Vd1Kc6')).toEqual([
    'the value of UPLOAD_TOKEN stands in this file, for everybody who can read it',
  ]);
});

it('never shows the value', () => {
  const text = 'build:\n  env:\n    UPLOAD_TOKEN: q7Xn2Lw9Zr4Tb8Vd1Kc6\n  steps: [make]\n';
  expect(JSON.stringify(surfaceFindings(rule, { text, jobs: () => ({}) }))).not.toContain('q7Xn2Lw9Zr4T');
  // Where the line of a report would show it, nothing is reported.
  expect(judge('{ uploadToken: q7Xn2Lw9Zr4Tb8Vd1Kc6, other: 1 }'.slice(2, -12))).toEqual([]);
});

it('shows the name when the value stands in another line', () => {
  const text = 'build:\n  env:\n    uploadToken:\n      q7Xn2Lw9Zr4Tb8Vd1Kc6\n  steps: [make]\n';
  const [finding] = surfaceFindings(rule, { text, jobs: () => ({}) });
  expect(finding?.locations[0].start.line).toBe(3);
  expect(JSON.stringify(finding)).not.toContain('q7Xn2Lw9Zr4T');
});

it('is silent about placeholders, references, databases of the job and other names', () => {
  const harmless = [
    'UPLOAD_TOKEN: $STORED_UPLOAD_TOKEN_1',
    'UPLOAD_TOKEN: test-token-1234567890',
    'UPLOAD_TOKEN: aaaaaaaaaaaaaaaaaaa1',
    'POSTGRES_PASSWORD: q7Xn2Lw9Zr4Tb8Vd1Kc6',
    'UPLOAD_NAME: q7Xn2Lw9Zr4Tb8Vd1Kc6',
  ];
  expect(harmless.flatMap(judge)).toEqual([]);
});

import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';
import { surfaceFindings } from '../../testing/surface.ts';
import { rule } from './rule.ts';

it('judges images of steps by what their job holds', () => {
  const judge = (held: boolean, version?: string) =>
    surfaceFindings(rule, {
      text: 'build:\n  image: tools\n  steps: [make]\n',
      imports: ({ imported }) => [
        imported('tools', { kind: 'image', version, pin: version === undefined ? 'none' : 'tag' }),
      ],
      jobs: ({ credential }) => ({
        build: { credentials: held ? [credential('build', { name: 'KEY' })] : [] },
      }),
    }).map(({ severity, persona, message }) => `${severity} ${persona} ${message}`);
  expect(judge(true)).toEqual([
    'medium regular a step runs in whichever image of tools is the newest, with the secret KEY',
  ]);
  expect(judge(false)).toEqual(['low pedantic a step runs in whichever image of tools is the newest']);
  expect(judge(true, '1.2')).toEqual([
    'info pedantic a step runs in the image tools by the tag 1.2, which can be moved',
  ]);
});

it('reports an image once for each file of CircleCI, with its other places', () => {
  const job = (name: string) =>
    `  ${name}:\n    docker: [{ image: cimg/node }]\n    steps: [{ run: make }]\n`;
  const text = `# --- .circleci/config.yml\nversion: 2.1\njobs:\n${job('a')}${job('b')}workflows: { main: { jobs: [a, b] } }\n`;
  const findings = findingsOf('unpinned-image', text);
  expect(findings.map(({ locations }) => locations.map(({ start }) => start.line))).toEqual([[4, 7]]);
});

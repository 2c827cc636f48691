import { expect, it } from 'vitest';
import type { Finding } from '../../finding.ts';
import { sampleFinding, sampleLocation, sampleReport } from '../../testing/sample-finding.ts';
import { reporter } from './reporter.ts';

function render(findings: readonly Finding[], all = false): string {
  const options = { color: false, columns: 80, toolVersion: '1.0.0', timeMs: 0, all };
  return reporter.render(sampleReport(findings), options);
}

const pinAt = (line: number, action: string, changes: Partial<Finding> = {}) =>
  sampleFinding({
    severity: 'low',
    message: `${action} can move`,
    locations: [sampleLocation(line, 15, action.length, `      - uses: ${action}`)],
    ...changes,
  });

it('shows the worst first, whatever stands first in the files', () => {
  const text = render([
    pinAt(3, 'a/a@v1'),
    sampleFinding({ severity: 'critical', message: 'the worst' }),
    sampleFinding({ severity: 'medium', message: 'not so bad', remedy: 'Mend it.' }),
  ]);
  const order = [...text.matchAll(/^(critical|medium|low)  sample/gm)].map(([, severity]) => severity);
  expect(order).toEqual(['critical', 'medium', 'low']);
});

it('tells many of one kind as one, with the other places under it', () => {
  const text = render([3, 9, 14].map((line) => pinAt(line, `a/b@v${line}`)));
  expect(text).toContain('a/b@v3 can move');
  expect(text).toContain(`  also   .github/workflows/ci.yml:9:15   a/b@v9
         .github/workflows/ci.yml:14:15  a/b@v14
`);
  expect(text).not.toContain('a/b@v9 can move');
  expect(text).toContain('3 low in 1 file');
});

it('says how many it does not list, and lists them when it is asked to', () => {
  const many = Array.from({ length: 30 }, (_, index) => pinAt(index + 1, 'a/b@v1'));
  expect(render(many)).toContain('… and 26 places more; --all lists them');
  expect(render(many).split('\n').length).toBeLessThan(20);
  const everything = render(many, true);
  expect(everything.match(/ci\.yml:\d+:15/g)).toHaveLength(30);
  expect(everything).not.toContain('more;');
});

it('shows one more place rather than a line that says there is one more', () => {
  const five = [1, 2, 3, 4, 5].map((line) => pinAt(line, 'a/b@v1'));
  expect(render(five)).not.toContain('more;');
});

it('tells attacks with a way of their own one by one', () => {
  const path = [{ label: 'an issue', location: sampleLocation(1, 1, 2, 'on:') }];
  const text = render([pinAt(3, 'a/a@v1', { path }), pinAt(4, 'a/b@v1', { path })]);
  expect(text).toContain('a/a@v1 can move');
  expect(text).toContain('a/b@v1 can move');
});

it('groups by severity and confidence, too: a sure finding does not hide behind a guess', () => {
  const text = render([pinAt(3, 'a/a@v1'), pinAt(4, 'a/b@v1', { confidence: 'low' })]);
  expect(text).toContain('a/b@v1 can move');
});

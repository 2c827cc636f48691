import { expect, it } from 'vitest';
import type { Attack } from './attack.ts';
import { reporters } from './reporters.generated.ts';
import { sampleFinding, sampleLocation, sampleReport } from './testing/sample-finding.ts';

const PATH = [
  { label: 'issues: anybody can cause it', location: sampleLocation(2, 1, 6, 'on: issues') },
  { label: 'their text becomes code', location: sampleLocation(9, 1, 6, 'run: echo') },
  {
    label: 'reaches what it publishes (npm publish), secrets NPM_TOKEN, SLACK_WEBHOOK and 3 more',
    location: { ...sampleLocation(12, 1, 6, 'run: npm'), file: '.github/workflows/release.yml' },
  },
];
const ATTACK: Attack = {
  complexity: 'medium',
  reaches: ['what it publishes (npm publish)', 'secret NPM_TOKEN'],
};

function render(format: string, attack: Attack = ATTACK): string {
  const report = sampleReport([sampleFinding({ path: PATH, attack })]);
  const options = { color: false, columns: 80, toolVersion: '1.2.3', timeMs: 0 };
  return reporters[format]?.render(report, options) ?? '';
}

it('stands in the terminal as a chain that fits its columns, with what it takes', () => {
  const lines = render('terminal').split('\n');
  const start = lines.findIndex((line) => line.startsWith('  path'));
  expect(lines.slice(start, start + 5)).toEqual([
    '  path   issues: anybody can cause it (line 2)',
    '         → their text becomes code (line 9)',
    '         → reaches what it publishes (npm publish), secrets NPM_TOKEN,',
    '           SLACK_WEBHOOK and 3 more (.github/workflows/release.yml:12)',
    '  takes  somebody of the project has to let it through',
  ]);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

it('says in the terminal when nothing more is reached, and what could not be seen', () => {
  const text = render('terminal', { complexity: 'high', reaches: [], partial: 'who starts Test' });
  expect(text.replace(/\s+/g, ' ')).toContain(
    'takes reaches no more than the run itself; it takes a race, or another run that takes the bait; it cannot be seen here: who starts Test',
  );
});

it('stands in SARIF as the message of the flow, and as properties', () => {
  const [result] = JSON.parse(render('sarif')).runs[0].results;
  expect(result.codeFlows[0].message.text).toBe(
    'Reaches what it publishes (npm publish), secret NPM_TOKEN; somebody of the project has to let it through.',
  );
  expect(result.properties.attack).toEqual(ATTACK);
  expect(result.codeFlows[0].threadFlows[0].locations).toHaveLength(3);
});

it('stands in JSON, Markdown and HTML', () => {
  expect(JSON.parse(render('json')).findings[0].attack).toEqual(ATTACK);
  expect(render('markdown')).toContain('It reaches what it publishes');
  expect(render('html')).toContain('What it takes: somebody of the project has to let it through.');
});

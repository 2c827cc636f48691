import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reporters } from '../reporters.generated.ts';
import { sampleFinding, sampleLocation, sampleReport } from '../testing/sample-finding.ts';
import type { ReportOptions, ScanReport } from './reporter.ts';

const OPTIONS: ReportOptions = { color: false, columns: 80, toolVersion: '1.2.3', timeMs: 0 };
const ESC = '\u001b';
const render = (format: string, report: ScanReport, options = OPTIONS) =>
  reporters[format]?.render(report, options) ?? '';
const hostile = sampleFinding({
  message: `title ${ESC}[2J::error::x\n::set-env name=a::b \u202e`,
  locations: [{ ...sampleLocation(1, 1, 3, `${ESC}]0;x\u0007 run`), file: 'a\n::warning::b,c:d.yml' }],
});

it('has every folder in the registry', () => {
  const folders = readdirSync(new URL('.', import.meta.url), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(Object.keys(reporters)).toEqual(folders.map(({ name }) => name).sort());
  for (const [name, { format }] of Object.entries(reporters)) expect(format).toBe(name);
});

describe.each(Object.keys(reporters))('the format %s', (format) => {
  it('never passes on a control character of a file that was scanned', () => {
    const text = render(format, sampleReport([hostile])).replaceAll('\n', '');
    expect(text).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
  });

  it('has a form for nothing, and one for a file that was not read', () => {
    const problems = [{ file: 'a.yml', line: 3, column: 1, message: 'not valid YAML', partial: false }];
    expect(() => render(format, sampleReport([]))).not.toThrow();
    expect(render(format, { ...sampleReport([]), problems })).toContain('not valid YAML');
  });
});

describe('terminal', () => {
  it('shows source, mark, path, reason and remedy in 80 columns', () => {
    const path = [
      { label: 'pull_request_target: anybody can cause it', location: sampleLocation(1, 1, 2, 'on:') },
      { label: 'runs package.json', location: sampleLocation(20, 9, 3, '      - run: npm ci') },
    ];
    const text = render('terminal', sampleReport([sampleFinding({ path })]));
    expect(text).toBe(`high  sample  .github/workflows/ci.yml:12:14 · medium confidence
  something is wrong here
  12 │         run: echo \${{ x }}
     │              ^^^^^
  path   pull_request_target: anybody can cause it (line 1)
         → runs package.json (line 20)
  why    An attacker does something with it.
  mend   Do something else.

1 high in 1 file (1 workflow)
`);
  });

  it('explains a rule once, and keeps long lines within the columns', () => {
    const long = sampleLocation(3, 200, 10, `${'a'.repeat(199)}${'b'.repeat(10)}${'c'.repeat(300)}`);
    const text = render(
      'terminal',
      sampleReport([sampleFinding({ locations: [long] }), sampleFinding({ locations: [long] })]),
    );
    expect(text.match(/ why /g)).toHaveLength(1);
    expect(text).toContain('bbbbbbbbbb');
    expect(text).toContain('^^^^^^^^^^\n');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('keeps the place whole, and everything else within the columns', () => {
    const file = `${'deep/'.repeat(12)}ci.yml`;
    const related = {
      ...sampleLocation(3, 1, 1, 'x'.repeat(40)),
      file,
      label: 'what is said of it '.repeat(5),
    };
    const text = render(
      'terminal',
      sampleReport([sampleFinding({ locations: [{ ...sampleLocation(1, 1, 1, 'a'), file }, related] })]),
    );
    expect(text).toContain(`\n  ${file}:1:1 · medium confidence\n`);
    for (const line of text.split('\n').filter((each) => !each.includes(file)))
      expect(line.length).toBeLessThanOrEqual(80);
  });

  it('counts what is suppressed and does not show it', () => {
    const suppressed = sampleFinding({ suppression: { kind: 'inline', justification: 'x' } });
    expect(render('terminal', sampleReport([suppressed]))).toBe(
      'nothing found, 1 suppressed in 1 file (1 workflow)\n',
    );
  });

  it('uses colour only when it is asked to', () => {
    expect(render('terminal', sampleReport([sampleFinding({})]), { ...OPTIONS, color: true })).toContain(
      `${ESC}[31mhigh`,
    );
    expect(render('terminal', sampleReport([sampleFinding({})]))).not.toContain(ESC);
  });
});

describe('sarif', () => {
  const fix = {
    title: 'mend it',
    safety: 'safe' as const,
    edits: [{ file: '.github/workflows/ci.yml', start: 1, end: 3, replacement: 'x' }],
  };
  const finding = sampleFinding({
    fixes: [fix],
    path: [{ label: 'in', location: sampleLocation(1, 1, 1, 'a') }],
    suppression: { kind: 'waiver', justification: 'known', owner: 'team', expires: '2027-01-01' },
  });
  const log = JSON.parse(render('sarif', sampleReport([finding])));
  const [run] = log.runs;
  const [result] = run.results;

  it('has what code scanning reads', () => {
    expect(log.version).toBe('2.1.0');
    expect(run.tool.driver.rules[0].properties['security-severity']).toBe('8.0');
    expect(result).toMatchObject({
      ruleId: 'sample',
      ruleIndex: 0,
      level: 'error',
      partialFingerprints: { 'vouchgateFingerprint/v1': 'v1:0' },
    });
    expect(result.locations[0].physicalLocation.region).toMatchObject({
      startLine: 12,
      startColumn: 14,
      charOffset: 100,
      charLength: 5,
    });
  });

  it('has the way, the fix and the suppression', () => {
    expect(result.codeFlows[0].threadFlows[0].locations[0].location.message.text).toBe('in');
    expect(result.fixes[0].artifactChanges[0].replacements[0]).toEqual({
      deletedRegion: { charOffset: 1, charLength: 2 },
      insertedContent: { text: 'x' },
    });
    expect(result.suppressions[0]).toMatchObject({
      kind: 'external',
      status: 'accepted',
      justification: 'known',
    });
  });

  it('writes names of files as URIs', () => {
    const other = JSON.parse(
      render(
        'sarif',
        sampleReport([{ ...finding, locations: [{ ...finding.locations[0], file: 'a b/ü#.yml' }] }]),
      ),
    );
    expect(other.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
      'a%20b/%C3%BC%23.yml',
    );
  });
});

it('github: nothing of a file that was scanned becomes a command', () => {
  const lines = render('github', sampleReport([hostile]))
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^::error file=a%0A%3A%3Awarning%3A%3Ab%2Cc%3Ad\.yml,line=1,/);
});

it('json: keeps everything, suppressed findings too', () => {
  const finding = sampleFinding({ suppression: { kind: 'inline', justification: undefined } });
  const parsed = JSON.parse(render('json', sampleReport([finding])));
  expect(parsed).toMatchObject({
    schema: 'vouchgate-scan/1',
    findings: [{ ruleId: 'sample', suppression: { kind: 'inline' } }],
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hostileReport } from '../../testing/hostile-report.ts';
import { sampleFinding, sampleLocation, sampleReport } from '../../testing/sample-finding.ts';
import type { ScanReport } from '../reporter.ts';
import { reporter } from './reporter.ts';

const render = (report: ScanReport) =>
  reporter.render(report, { color: false, columns: 80, toolVersion: '1.2.3', timeMs: 0 });

/** Takes code out as CommonMark finds it: blocks by line, then runs of backticks of equal length. */
function withoutCode(text: string): string {
  const prose = text.replace(/^```text\n(?: *\d+ │.*\n)*```$/gm, '');
  return prose.replace(/(?<!`)(`+)(?!`)(?:[^\n]*?[^`\n])\1(?!`)/g, '');
}

const OWN_MARKUP = /<\/?details>|<\/?summary>|\*\*(?:Why|Mend):\*\*|&#\d+;/g;

it('says nothing in words of a scanned file that a platform acts on', () => {
  const property = fc.property(hostileReport, (report) => {
    const text = render(report);
    const prose = withoutCode(text).replace(OWN_MARKUP, (own) => (own === '&#8203;' ? '\u200b' : '·'));
    expect(prose).not.toMatch(/[`*<>[\]|\\~$]/);
    expect(prose).not.toMatch(/[@#!%^&](?=\w)/);
    expect(prose).not.toMatch(/:\/\/|www\./i);
    // Quick actions of GitLab stand at the beginning of a line.
    expect(text).not.toMatch(/^\s*\//m);
  });
  fc.assert(property, { numRuns: 300 });
});

it('shows names as code, and the place in a block with numbers', () => {
  const text = render(
    sampleReport([
      sampleFinding({
        message: 'an outsider writes `github.head_ref` for @team',
        path: [{ label: 'runs `make`', location: sampleLocation(9, 1, 1, '') }],
      }),
    ]),
  );
  expect(text).toBe(`## Pipeline scan: 1 high

Looked at 1 file, 1 rule.

### high: \`sample\`

At \`.github/workflows/ci.yml:12:14\`, medium confidence: an outsider writes \`github.head_ref\` for @&#8203;team.

\`\`\`text
12 │         run: echo \${{ x }}
\`\`\`

<details><summary>Why, and how to mend it</summary>

**Why:** An attacker does something with it.

**Mend:** Do something else.

The way of an attack:

1. \`.github/workflows/ci.yml:9:1\`: runs \`make\`

</details>
`);
});

it('fits into a comment: the worst comes first, and the rest is counted', () => {
  const many = Array.from({ length: 500 }, () => sampleFinding({ severity: 'low' }));
  const text = render(sampleReport([...many, sampleFinding({ severity: 'critical' })]));
  expect(text.length).toBeLessThanOrEqual(60_000);
  expect(text.indexOf('### critical')).toBeLessThan(text.indexOf('### low'));
  expect(text).toMatch(/\d+ more had no room in this comment/);
});

import fc from 'fast-check';
import { hash } from 'node:crypto';
import { expect, it } from 'vitest';
import { readMarkup } from '../../testing/check-markup.ts';
import { hostileReport } from '../../testing/hostile-report.ts';
import { sampleFinding, sampleLocation, sampleReport } from '../../testing/sample-finding.ts';
import type { ScanReport } from '../reporter.ts';
import { reporter } from './reporter.ts';

const render = (report: ScanReport) =>
  reporter.render(report, { color: false, columns: 80, toolVersion: '1.2.3', timeMs: 0 });
const withoutStyle = (page: string) => page.replace(/<style>[\s\S]*?<\/style>/, '');

it('is a page that a strict reader takes, whatever stood in the files', () => {
  const ours = new Set(
    'doctype html head meta title body header h1 h2 p time fieldset legend label input span section details summary b pre i mark code dl dt dd ol ul li table thead tbody tr th td svg g rect path text figure figcaption div'.split(
      ' ',
    ),
  );
  const property = fc.property(hostileReport, (report) => {
    const names = readMarkup(withoutStyle(render(report)));
    expect(names.filter((name) => !ours.has(name.replace('!', '')))).toEqual([]);
  });
  fc.assert(property);
});

it('allows its own style by hash, and nothing else', () => {
  const page = render(sampleReport([sampleFinding({})]));
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
  expect(page).toContain(
    `content="default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; base-uri 'none'; form-action 'none'"`,
  );
  expect(page).not.toMatch(/<script|\sstyle=|\son\w+=|\s(?:src|href)=/);
});

it('marks the place in its line, and shows the way and the reason', () => {
  const page = render(
    sampleReport([
      sampleFinding({
        locations: [sampleLocation(7, 3, 4, 'a <run> b')],
        path: [{ label: 'anybody opens `x`', location: sampleLocation(1, 1, 2, 'on:') }],
      }),
    ]),
  );
  expect(page).toContain('<i>7 │ </i>a <mark>&lt;run</mark>&gt; b');
  expect(page).toContain('<li>anybody opens <code>x</code>');
  expect(page).toContain('<dd>An attacker does something with it.</dd>');
});

it('keeps what was suppressed apart, with whose decision it was', () => {
  const suppression = {
    kind: 'waiver' as const,
    justification: 'known',
    owner: 'team',
    expires: '2027-01-01',
  };
  const page = render(sampleReport([sampleFinding({ suppression })]));
  expect(page).toContain('Nothing found in 1 file');
  expect(page).toContain('waiver, known, by team, until 2027-01-01');
});

import fc from 'fast-check';
import type { Location } from '../finding.ts';
import type { ScanReport } from '../reporters/reporter.ts';
import { sampleFinding, sampleReport } from './sample-finding.ts';

const PIECES = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='x",
  '</style>',
  ']]>',
  '-->',
  '&amp;',
  '`',
  '```',
  '\n```\n/merge\n',
  '@everyone',
  '#1',
  '!1',
  'https://evil.example/x',
  'www.evil.example',
  '[a](javascript:x)',
  '![a](https://evil.example/p.png)',
  '|',
  '\\',
  '*b*',
  '__b__',
  '\u001b[2J',
  '\u202e',
  '\u0000',
  '\ud800',
  '\ufffe',
  '\r\n',
  'a b',
  ' ',
];

const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 8 })
  .map((pieces) => pieces.join(''));

function hostileLocation(text: string, file: string): Location {
  return {
    file,
    start: { line: 1, column: 1 + Math.floor(text.length / 3), offset: 0 },
    end: { line: 1, column: 2 + text.length, offset: 1 },
    label: text,
    excerpt: { firstLine: 1, lines: [text.replaceAll('\n', ' '), text.replaceAll('\n', ' ')] },
  };
}

/** Reports in which everything that can come from a scanned file is an attack. */
export const hostileReport: fc.Arbitrary<ScanReport> = fc
  .tuple(hostileText, hostileText, hostileText, fc.boolean())
  .map(([text, file, other, suppressed]) => {
    const place = hostileLocation(other, file);
    const finding = sampleFinding({
      message: text,
      explanation: other,
      remedy: text,
      locations: [place, hostileLocation(text, file)],
      path: [{ label: text, location: place }],
      owner: text,
      fixes: [{ title: other, safety: 'safe', edits: [] }],
      ...(suppressed ? { suppression: { kind: 'waiver' as const, justification: text, owner: other } } : {}),
    });
    const problems = [{ file, line: 1, column: 1, message: text, partial: suppressed }];
    return { ...sampleReport([finding, sampleFinding({ message: other })]), problems, notes: [text] };
  });

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ImportError } from './import-error.ts';
import { type ImportedReport, type Importer, limits } from './importer.ts';
import { isObject } from './json-fields.ts';
import { readReport } from './read-report.ts';
import { ReportContent } from './report-content.ts';
import { findingKinds, type ReportedFinding } from './reported-finding.ts';
import { confidences, severities } from './severity.ts';

/**
 * Stands in a sample where the tool writes the secret that it found. The suite puts something in its place that looks
 * like one, and looks for it in everything that comes out.
 */
const MARKER = 'PLANTED_SECRET';
/** Of no known shape: an importer that only masks what looks like a key would not hide it. */
const planted = ['xK9mQ2vL', 'r8TzW4hNpB7'].join('');
const HOSTILE_CHARS = 100_000;
const HOSTILE_MS_MAX = 1_500;
const MUTATIONS = 30;

interface Sample {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Files of the importer's folder that are no program; those that begin with `clean` hold no finding. */
function listSamples(id: string): readonly Sample[] {
  const folder = path.join(import.meta.dirname, 'importers', id);
  return readdirSync(folder)
    .filter((name) => !name.endsWith('.ts'))
    .map((name) => ({ name, bytes: readFileSync(path.join(folder, name)) }));
}

function plant(sample: Sample, secret: string): Sample {
  return {
    ...sample,
    bytes: Buffer.from(sample.bytes.toString('latin1').replaceAll(MARKER, secret), 'latin1'),
  };
}

/** Plain conditions, and one `expect` for all: a report is looked at some thousand times. */
function* problemsOfValue(value: unknown, at: string): Generator<string> {
  if (value === undefined) yield `${at} must be left out rather than undefined`;
  if (typeof value === 'number' && !Number.isFinite(value)) yield `${at} is no finite number`;
  if (Array.isArray(value))
    for (const [index, each] of value.entries()) yield* problemsOfValue(each, `${at}[${index}]`);
  if (isObject(value))
    for (const [key, each] of Object.entries(value)) yield* problemsOfValue(each, `${at}.${key}`);
}

const isPosition = (value: number | undefined) =>
  value === undefined || (Number.isSafeInteger(value) && value >= 1);

function* problemsOfFinding(finding: ReportedFinding): Generator<string> {
  const { place, otherPlaces, title, description, remedy = '', snippet = '', cvss } = finding;
  if (!severities.includes(finding.severity)) yield `severity ${finding.severity}`;
  if (finding.confidence !== undefined && !confidences.includes(finding.confidence)) yield 'confidence';
  if (!findingKinds.includes(finding.kind)) yield `kind ${finding.kind}`;
  if (!/^[a-z0-9][a-z0-9._-]{0,79}$/.test(finding.tool)) yield `tool ${finding.tool}`;
  if (finding.ruleId === '' || title === '') yield 'no rule or no title';
  if (title.length > limits.titleChars || /[\n\r]/.test(title)) yield 'title';
  if (description.length > limits.textChars || remedy.length > limits.textChars)
    yield 'description or remedy';
  if (snippet.length > limits.snippetChars) yield 'snippet';
  if (otherPlaces.length > limits.otherPlaces) yield 'otherPlaces';
  for (const list of [finding.aliases, finding.references, finding.cwe])
    if (list.length > limits.listItems) yield 'a list';
  for (const { line, column, endLine, endColumn } of [place, ...otherPlaces])
    if (![line, column, endLine, endColumn].every(isPosition)) yield 'a position';
  if (finding.epss !== undefined && !(finding.epss >= 0 && finding.epss <= 1)) yield `epss ${finding.epss}`;
  if (cvss !== undefined && !(cvss.score >= 0 && cvss.score <= 10)) yield `cvss ${cvss.score}`;
  yield* problemsOfValue(finding, 'finding');
}

function expectSound(report: ImportedReport): void {
  const { findings, warnings, ...head } = report;
  const problems = [
    ...(warnings.length > limits.warnings ? ['warnings'] : []),
    ...problemsOfValue(head, 'report'),
    ...problemsOfValue(warnings, 'warnings'),
    ...findings.flatMap((finding) => [...problemsOfFinding(finding)]),
  ];
  if (problems.length > 0) expect(problems).toEqual([]);
}

/** What the importer makes of it, if anything; only an ImportError may come instead. */
function tryReading(importer: Importer, name: string, bytes: Buffer): ImportedReport | undefined {
  try {
    const content = new ReportContent(name, bytes);
    try {
      importer.recognise(content);
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
    }
    return importer.read(content);
  } catch (error) {
    if (error instanceof ImportError) return undefined;
    throw error;
  }
}

/** Every place of a JSON value, with what a copy looks like that has something else there. */
function* eachReplacement(value: unknown, other: unknown): Generator {
  yield other;
  if (Array.isArray(value))
    for (const [index, each] of value.entries())
      for (const replaced of eachReplacement(each, other)) yield value.with(index, replaced);
  else if (isObject(value))
    for (const [key, each] of Object.entries(value))
      for (const replaced of eachReplacement(each, other)) yield { ...value, [key]: replaced };
}

function takeSome<T>(all: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, index) => index % step === 0);
}

function encode(value: unknown, { shape }: ReportContent): Buffer {
  const lines = shape === 'ndjson' && Array.isArray(value) ? value : [value];
  return Buffer.from(lines.map((each) => JSON.stringify(each)).join('\n'));
}

/** Texts on which a careless regular expression takes for ever. */
const hostileTexts = [
  ' '.repeat(HOSTILE_CHARS),
  'a'.repeat(HOSTILE_CHARS),
  '/'.repeat(HOSTILE_CHARS),
  '@1.'.repeat(HOSTILE_CHARS / 3),
  'CWE-'.repeat(HOSTILE_CHARS / 4),
  '<'.repeat(HOSTILE_CHARS),
  '\n'.repeat(HOSTILE_CHARS),
];

/** Values that stand where a tool writes something else. */
const strangers: readonly unknown[] = [
  null,
  [],
  {},
  'x',
  'constructor',
  -1,
  1e308,
  true,
  [[null]],
  [{}],
  ['x', 7],
  { a: { b: [null] } },
];

/** The suite that every importer passes, on the samples of its own folder; `importers.test.ts` runs it over all. */
export function describeImporter(importer: Importer): void {
  describe(`the importer ${importer.id}`, () => {
    const samples = listSamples(importer.id).map((sample) => plant(sample, planted));
    const jsonSamples = samples.filter(({ name, bytes }) =>
      ['json', 'ndjson'].includes(new ReportContent(name, bytes).shape),
    );

    test('has samples, one of which shows where a secret would stand if it reads those', () => {
      expect(samples.length).toBeGreaterThan(0);
      if (importer.kinds.includes('secret') && importer.id !== 'generic')
        expect(samples.some(({ bytes }) => bytes.includes(planted))).toBe(true);
    });

    test.each(samples)('$name is recognised as its own, and read', ({ name, bytes }) => {
      const { importer: chosen, report } = readReport('report', bytes);
      expect(chosen.id).toBe(importer.id);
      expectSound(report);
      expect(report.findings.length > 0).toBe(!name.startsWith('clean'));
      for (const { kind } of report.findings) expect(importer.kinds).toContain(kind);
      expect(JSON.stringify(report).toLowerCase()).not.toContain(planted.toLowerCase());
    });

    test.each(samples)('$name read twice is the same', ({ name, bytes }) => {
      expect(readReport(name, bytes).report).toStrictEqual(readReport(name, bytes).report);
    });

    test.each(samples)('$name cut off or damaged anywhere is no crash', ({ name, bytes }) => {
      const inside = fc.nat({ max: bytes.length - 1 });
      const damage = fc.property(
        inside,
        fc.uint8Array({ maxLength: 8 }),
        fc.boolean(),
        (at, other, cutOff) => {
          const rest = cutOff ? Buffer.alloc(0) : bytes.subarray(at + other.length);
          const report = tryReading(importer, name, Buffer.concat([bytes.subarray(0, at), other, rest]));
          if (report !== undefined) expectSound(report);
        },
      );
      fc.assert(damage, { numRuns: MUTATIONS });
    });

    test.each(jsonSamples)('$name with anything in the place of anything is no crash', ({ name, bytes }) => {
      const content = new ReportContent(name, bytes);
      for (const stranger of strangers) {
        for (const other of takeSome([...eachReplacement(content.json, stranger)], MUTATIONS)) {
          const report = tryReading(importer, name, encode(other, content));
          if (report !== undefined) expectSound(report);
        }
      }
    });

    test.each(jsonSamples)('$name with endless texts is read in time', ({ name, bytes }) => {
      const content = new ReportContent(name, bytes);
      let slowestMs = 0;
      for (const text of hostileTexts) {
        for (const other of takeSome([...eachReplacement(content.json, text)], MUTATIONS)) {
          const encoded = encode(other, content);
          const start = performance.now();
          const report = tryReading(importer, name, encoded);
          slowestMs = Math.max(slowestMs, performance.now() - start);
          if (report !== undefined) expectSound(report);
        }
      }
      expect(slowestMs).toBeLessThan(HOSTILE_MS_MAX);
    });

    test('arbitrary JSON and bytes are no crash', () => {
      const anything = fc.oneof(
        fc.json().map((text) => Buffer.from(text)),
        fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
        fc.string().map((text) => Buffer.from(`<${text}`)),
      );
      fc.assert(
        fc.property(anything, (bytes) => {
          const report = tryReading(importer, 'report', bytes);
          if (report !== undefined) expectSound(report);
        }),
        { numRuns: MUTATIONS },
      );
    });
  });
}

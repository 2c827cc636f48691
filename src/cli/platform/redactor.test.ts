import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactingStream, createRedactor } from './redactor.ts';
import { secretForms } from './secret-forms.ts';

/** Feeds the text in chunks cut at the given places. */
function redact(text: string | Buffer, patterns: readonly string[], cuts: readonly number[] = []): string {
  const redactor = createRedactor(patterns);
  const bytes = Buffer.from(text);
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const parts: Buffer[] = [];
  let start = 0;
  for (const place of [...places, bytes.length]) {
    parts.push(redactor.push(bytes.subarray(start, place)));
    start = place;
  }
  parts.push(redactor.end());
  return Buffer.concat(parts).toString('utf8');
}

/** The slow and obvious way: mark every byte of every occurrence, then replace each run of marks. */
function redactSlowly(text: string, patterns: readonly string[]): string {
  const marks = Array.from(text, () => false);
  for (const pattern of patterns) {
    for (let at = text.indexOf(pattern); at !== -1; at = text.indexOf(pattern, at + 1)) {
      marks.fill(true, at, at + pattern.length);
    }
  }
  return Array.from(text, (char, index) => (marks[index] ? (marks[index - 1] ? '' : '[masked]') : char)).join(
    '',
  );
}

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 60 });
const patterns = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 6 }), {
  maxLength: 6,
});
const cuts = fc.array(fc.nat(), { maxLength: 10 });

describe('the redactor', () => {
  it('hides what the obvious way hides, wherever the stream is cut and however values overlap', () => {
    fc.assert(
      fc.property(letters, patterns, cuts, (text, values, places) => {
        expect(redact(text, values, places)).toBe(redactSlowly(text, values));
      }),
      { numRuns: 5_000 },
    );
  });

  it('passes on every byte of a stream that holds no value', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), cuts, (bytes, places) => {
        const redactor = createRedactor(['a value that is not there']);
        const at = (places[0] ?? 0) % (bytes.length + 1);
        const parts = [
          redactor.push(bytes.subarray(0, at)),
          redactor.push(bytes.subarray(at)),
          redactor.end(),
        ];
        expect(Buffer.concat(parts).equals(Buffer.from(bytes))).toBe(true);
      }),
    );
  });

  it('shows a prompt at once when it cannot be the beginning of a value', () => {
    const redactor = createRedactor(['hunter2']);
    expect(redactor.push(Buffer.from('Password: ')).toString()).toBe('Password: ');
    expect(redactor.push(Buffer.from('hunt')).toString()).toBe('');
    expect(redactor.push(Buffer.from('ing')).toString()).toBe('hunting');
  });

  it('takes up the values of a credential that was issued while the stream runs', async () => {
    const stream = createRedactingStream(['first-value']);
    const shown: string[] = [];
    stream.on('data', (chunk: Buffer) => shown.push(chunk.toString()));
    stream.write('first-value second-value\n');
    await new Promise(setImmediate);
    stream.usePatterns(['first-value', 'second-value']);
    stream.write('first-value second-value\n');
    stream.end();
    await new Promise((resolve) => stream.once('end', resolve));
    expect(shown.join('')).toBe('[masked] second-value\n[masked] [masked]\n');
  });
});

const value = fc
  .string({ unit: 'binary', minLength: 6, maxLength: 40 })
  .filter(
    (text) =>
      !/[\r\n]/u.test(text) && text.trim().length >= 4 && Buffer.byteLength(text) >= 6 && text.isWellFormed(),
  );

describe('the forms of a value', () => {
  it('cover it in base64 and base64url, whatever stands before and behind it', () => {
    fc.assert(
      fc.property(
        value,
        fc.string({ maxLength: 8 }),
        fc.string({ maxLength: 8 }),
        (secret, before, behind) => {
          const forms = secretForms([secret]);
          for (const encoding of ['base64', 'base64url'] as const) {
            const encoded = Buffer.from(`${before}:${secret}:${behind}`).toString(encoding);
            expect(redact(encoded, forms)).toContain('[masked]');
          }
        },
      ),
    );
  });

  it('cover it URL-encoded by the usual encoders, in JSON and in hexadecimal', () => {
    fc.assert(
      fc.property(value, (secret) => {
        const forms = secretForms([secret]);
        const encodings = [
          encodeURIComponent(secret),
          new URLSearchParams([['', secret]]).toString().slice(1),
          JSON.stringify(secret).slice(1, -1),
          Buffer.from(secret).toString('hex'),
        ];
        for (const encoded of encodings) expect(redact(`x ${encoded} y`, forms)).toBe('x [masked] y');
      }),
    );
  });

  it('are those of each line where a value has several', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\nabc\n-----END PRIVATE KEY-----\n';
    expect(redact('line: MIGHAgEAMBMG', secretForms([key]))).toBe('line: [masked]');
    expect(redact('abc', secretForms([key]))).toBe('abc');
  });

  it('leave values of less than four characters alone', () => {
    expect(secretForms(['abc', '', ' x '])).toEqual([]);
  });
});

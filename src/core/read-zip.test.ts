import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readZip, ZipError } from './read-zip.ts';
import { makeZip } from './testing/make-zip.ts';

const LIMITS = { entriesMax: 10, entryBytesMax: 1_000, totalBytesMax: 2_000 };

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ZipError) return error.code;
    throw error;
  }
  return 'none';
}

it('reads what was packed or stored, whatever it is', () => {
  const file = fc.record({
    name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((name) => name.isWellFormed()),
    data: fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
    stored: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(file, { maxLength: 8 }), fc.string({ maxLength: 30 }), (files, comment) => {
      const read = readZip(makeZip(files, comment.toWellFormed()));
      expect(read.map(({ name }) => name)).toEqual(files.map(({ name }) => name));
      expect(read.map((entry) => entry.read())).toEqual(files.map(({ data }) => data));
    }),
  );
});

describe('an archive that means harm', () => {
  const bomb = () => makeZip([{ name: 'bomb', data: Buffer.alloc(5_000_000) }]);

  it('is refused for its size before anything is unpacked', () => {
    expect(bomb().length).toBeLessThan(10_000);
    expect(codeOf(() => readZip(bomb(), LIMITS)[0]?.read())).toBe('zip_too_large');
    const many = Array.from({ length: 11 }, (_, index) => ({ name: `${index}`, data: Buffer.from('x') }));
    expect(codeOf(() => readZip(makeZip(many), LIMITS))).toBe('zip_too_large');
    const three = Array.from({ length: 3 }, (_, index) => ({ name: `${index}`, data: Buffer.alloc(900) }));
    const entries = readZip(makeZip(three), LIMITS);
    expect(entries.map((entry) => codeOf(() => entry.read()))).toEqual(['none', 'none', 'zip_too_large']);
  });

  it('cannot say that it is smaller than it is', () => {
    const lying = bomb();
    // The size in the directory, behind its signature.
    lying.writeUInt32LE(100, lying.indexOf('PK\u0001\u0002', 0, 'latin1') + 24);
    expect(codeOf(() => readZip(lying, LIMITS)[0]?.read())).toBe('zip_invalid');
  });

  it('is refused when it is damaged, encrypted, or no archive at all', () => {
    const intact = makeZip([{ name: 'a', data: Buffer.from('hello'), stored: true }]);
    const changed = Buffer.from(intact);
    changed[intact.indexOf('hello')] = 0x48;
    expect(codeOf(() => readZip(changed)[0]?.read())).toBe('zip_invalid');
    const encrypted = Buffer.from(intact);
    encrypted.writeUInt16LE(1, encrypted.indexOf('PK\u0001\u0002', 0, 'latin1') + 8);
    expect(codeOf(() => readZip(encrypted)[0]?.read())).toBe('zip_unsupported');
    expect(codeOf(() => readZip(Buffer.from('{}')))).toBe('zip_invalid');
    expect(codeOf(() => readZip(Buffer.alloc(100)))).toBe('zip_invalid');
  });

  it('is refused in a clear way wherever it was changed or cut', () => {
    const intact = makeZip([{ name: 'a', data: Buffer.from('some text '.repeat(20)) }]);
    const change = fc.record({
      at: fc.nat({ max: intact.length - 1 }),
      byte: fc.nat({ max: 255 }),
      cut: fc.nat(60),
    });
    fc.assert(
      fc.property(change, ({ at, byte, cut }) => {
        const changed = Buffer.from(intact);
        changed[at] = byte;
        const code = codeOf(() =>
          readZip(changed.subarray(0, changed.length - cut)).map((each) => each.read()),
        );
        expect(['none', 'zip_invalid', 'zip_unsupported', 'zip_too_large']).toContain(code);
      }),
      { numRuns: 500 },
    );
  });
});

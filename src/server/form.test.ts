import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseForm } from './form.ts';

function valuesOf(text: string): Record<string, string> {
  const form = parseForm(text);
  if (!form.ok) throw new Error(form.fault);
  return Object.fromEntries(form.parameters);
}

// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

function isPrintable(text: string): boolean {
  return text.isWellFormed() && !CONTROL.test(text);
}

describe('parseForm', () => {
  it('reads what URLSearchParams writes', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    const value = fc.string({ unit: 'grapheme', maxLength: 200 });
    fc.assert(
      fc.property(
        fc.dictionary(name.filter(isPrintable), value.filter(isPrintable), { maxKeys: 10 }),
        (entries) => {
          const encoded = new URLSearchParams(entries).toString();
          expect(valuesOf(encoded)).toEqual({ ...entries });
        },
      ),
    );
  });

  it('answers any text, and never reads a pair that URLSearchParams reads otherwise', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('ab=&%+20fe00\u0000é ')), maxLength: 60 }),
        (text) => {
          const form = parseForm(text);
          if (!form.ok) return;
          const reference = new URLSearchParams(text);
          for (const [name, value] of form.parameters) expect(reference.get(name)).toBe(value);
          expect(form.parameters.size + form.repeated.size).toBeLessThanOrEqual([...reference].length);
        },
      ),
    );
  });

  it('names what is there more than once, also when it is empty or spelled otherwise', () => {
    const form = parseForm('audience=a&b=1&%61udience=');
    expect(form.ok && [...form.repeated]).toEqual(['audience']);
  });

  it.each([
    ['a=%', 'encoding_invalid'],
    ['a=%zz', 'encoding_invalid'],
    ['a=%c3%28', 'encoding_invalid'],
    ['a=%ed%a0%80', 'encoding_invalid'],
    ['a=%00', 'control_character'],
    ['a%0a=1', 'control_character'],
    ['a=1%7f', 'control_character'],
    ['=1', 'name_invalid'],
    [`${'n'.repeat(129)}=1`, 'name_invalid'],
    ['a=é', 'not_ascii'],
    ['a=1\r\nb=2', 'not_ascii'],
    ['a=b c', 'not_ascii'],
    [Array.from({ length: 33 }, (_, index) => `p${index}=1`).join('&'), 'too_many_parameters'],
  ])('refuses %j', (text, fault) => {
    expect(parseForm(text)).toEqual({ ok: false, fault });
  });

  it('stays linear on the longest body that is read', () => {
    const started = performance.now();
    for (const text of ['&'.repeat(65_536), '='.repeat(65_536), `a=${'%41'.repeat(21_000)}`]) parseForm(text);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findImports, isBarrel } from './find-imports.ts';
import { scanSource } from './scan-source.ts';

function codeOf(source: string): string {
  return scanSource(source).code;
}

describe('scanSource', () => {
  test('takes comments out of the code, and keeps them apart', () => {
    const scanned = scanSource('a(); // process.env\n/* b\n c */ d();');
    expect(scanned.code).toBe('a();               \n    \n      d();');
    expect(scanned.comments).toContain('// process.env');
  });

  test('a comment sign inside a literal begins no comment', () => {
    expect(codeOf("const url = 'https://x'; real();")).toContain('real();');
    expect(codeOf('const t = `// ${inner("/*")} /*`; real();')).toMatch(/inner\(" {2}"\).*real\(\);/);
  });

  test('the expression inside a template is code, also when templates nest', () => {
    const code = codeOf('const t = `hidden ${first(`hidden ${second({ a: 1 })} hidden`)} hidden`; third();');
    expect(code).toContain('first(');
    expect(code).toContain('second({ a: 1 })');
    expect(code).toContain('third();');
    expect(code).not.toContain('hidden');
  });

  test('a slash after a value divides, elsewhere it begins a regular expression', () => {
    expect(codeOf('const ratio = a / b; const c = d / e;')).toContain('const c = d / e;');
    expect(codeOf('const quote = /[\'"/*]/; real();')).toContain('real();');
    expect(codeOf('return /[/]"/.test(x); // y')).toMatch(/\.test\(x\);/);
  });

  test('never throws, and keeps length and lines, whatever the text', () => {
    const piece = fc.constantFrom(
      '`',
      '${',
      '}',
      '{',
      "'",
      '"',
      '/',
      '*',
      '//',
      '\\',
      '\n',
      'a',
      '[',
      ']',
      ' ',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 60 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (source) => {
        const { code, comments } = scanSource(source);
        expect(code.length).toBe(source.length);
        expect(comments.length).toBe(source.length);
        expect(code.split('\n').length).toBe(source.split('\n').length);
      }),
      { numRuns: 2_000 },
    );
  });

  test('deep nesting of templates does not overflow the stack', () => {
    expect(codeOf('`${'.repeat(50_000))).toHaveLength(150_000);
  });
});

describe('findImports', () => {
  test('finds static, side-effect, dynamic, type and re-exported imports with their lines', () => {
    const source = [
      "import { a } from './a.ts';",
      "import './b.ts';",
      "const c = await import('./c.ts');",
      "export { d } from './d.ts';",
      "export * from './e.ts';",
      "import type { F } from '#room/f.ts';",
      'import {\n  type G,\n  type H,\n} from "./g.ts";',
      "let i: import('./i.ts').I;",
    ].join('\n');
    expect(findImports(scanSource(source))).toEqual([
      { specifier: './a.ts', line: 1, typeOnly: false },
      { specifier: './b.ts', line: 2, typeOnly: false },
      { specifier: './c.ts', line: 3, typeOnly: false },
      { specifier: './d.ts', line: 4, typeOnly: false },
      { specifier: './e.ts', line: 5, typeOnly: false },
      { specifier: '#room/f.ts', line: 6, typeOnly: true },
      { specifier: './g.ts', line: 10, typeOnly: true },
      { specifier: './i.ts', line: 11, typeOnly: false },
    ]);
  });

  test('an import in a comment or a string is not one', () => {
    const source = "// import a from './a.ts'\nconst text = `import b from './b.ts'`;";
    expect(findImports(scanSource(source))).toEqual([]);
  });

  test('a mixed import is not type only', () => {
    expect(findImports(scanSource("import { type A, b } from './a.ts';"))).toMatchObject([
      { typeOnly: false },
    ]);
    expect(findImports(scanSource("import type from './a.ts';"))).toMatchObject([{ typeOnly: false }]);
  });
});

describe('isBarrel', () => {
  test('tells a file that only passes on from one that has something of its own', () => {
    expect(isBarrel(scanSource("// all\nexport * from './a.ts';\nexport type { B } from './b.ts';"))).toBe(
      true,
    );
    expect(isBarrel(scanSource("export { a } from './a.ts';\nexport const b = 1;"))).toBe(false);
    expect(isBarrel(scanSource(''))).toBe(false);
  });
});

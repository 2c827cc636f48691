import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildChildEnvironment } from './child-environment.ts';
import { assertVariableName, parseFieldMapping } from './environment-mapping.ts';

describe('a field mapping', () => {
  it('is a variable, a resource that may have dots, and a field', () => {
    expect(parseFieldMapping('DB_PASS=eu.shop-db.password')).toEqual({
      variable: 'DB_PASS',
      resource: 'eu.shop-db',
      field: 'password',
    });
  });

  it.each(['', 'X', 'X=', 'X=a', 'X=a.', 'X=.a', '=a.b', '1X=a.b', 'A B=a.b', 'PATH=a.b', 'ld_preload=a.b'])(
    'is refused when it is "%s"',
    (text) => {
      expect(() => parseFieldMapping(text)).toThrow();
    },
  );

  it('never crashes, and what it accepts is what was written', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          const { variable, resource, field } = parseFieldMapping(text);
          expect(`${variable}=${resource}.${field}`).toBe(text);
        } catch (error) {
          expect(error).toHaveProperty('code');
        }
      }),
    );
  });
});

describe('a variable name', () => {
  it.each(['PGPASSWORD', 'AWS_SESSION_TOKEN', 'GITHUB_TOKEN', '_x', 'NPM_TOKEN'])('may be %s', (name) => {
    expect(assertVariableName(name)).toBe(name);
  });

  it.each([
    'LD_PRELOAD',
    'DYLD_INSERT_LIBRARIES',
    'NODE_OPTIONS',
    'Path',
    'BASH_ENV',
    'GIT_CONFIG_COUNT',
    'a-b',
    '',
  ])('may not be %s, which programs load or run, or cannot have', (name) => {
    expect(() => assertVariableName(name)).toThrow(
      expect.objectContaining({ code: 'environment_name_refused' }),
    );
  });
});

describe('the environment of a child', () => {
  const base = {
    sourceVariables: ['SOURCE'],
    usedTokens: ['the.used.token'],
    keep: [],
    clean: false,
    credentials: { PGUSER: 'new' },
  };

  it('never holds a token that was used, under whatever name', () => {
    const names = fc.stringMatching(/^[A-Z_]{1,20}$/u);
    fc.assert(
      fc.property(names, fc.boolean(), (name, clean) => {
        const child = buildChildEnvironment({ ...base, env: { [name]: ' the.used.token\n' }, clean });
        expect(Object.values(child)).toEqual(['new']);
      }),
    );
  });

  it('holds the credentials even where a variable of that name was inherited', () => {
    const child = buildChildEnvironment({ ...base, env: { PGUSER: 'old', SOURCE: 'x', OTHER: 'kept' } });
    expect(child).toEqual({ PGUSER: 'new', OTHER: 'kept' });
  });
});

import { describe, expect, test } from 'vitest';
import type { FindingDraft } from './build-reported-finding.ts';
import { maskCredentials } from './mask-credentials.ts';

const secret = ['hunter', '2-and-more'].join('');

function draft(parts: Partial<FindingDraft>): FindingDraft {
  return {
    tool: 't',
    ruleId: 'r',
    kind: 'code',
    title: 'x',
    severity: 'low',
    snippet: `key = "${secret}"`,
    ...parts,
  };
}

describe('findings about credentials', () => {
  test.each([
    { title: `Possible hardcoded password: '${secret}'` },
    { title: 'x', cwe: [798] },
    { kind: 'secret' as const, description: `It is "${secret}" here.` },
    { title: 'Hard-coded credentials', description: `\`${secret}\`` },
    { title: `API key "${secret}" detected` },
    { title: 'Password Management: Password in Configuration File', description: `"${secret}"` },
    { ruleId: 'Use_Of_Hardcoded_Password', title: `x` },
    { title: 'Session secret should not be included in version control' },
    { ruleId: 'hardcoded_jwt_secret', title: `Token '${secret}'` },
  ])('show nothing of it: $title', (parts) => {
    expect(JSON.stringify(maskCredentials(draft(parts)))).not.toContain(secret);
  });

  test('a token is masked without quotes too', () => {
    const token = ['AKIA', 'Q7ZR4M2XW9LPT3VB'].join('');
    expect(maskCredentials(draft({ kind: 'secret', title: `Found ${token} here` })).title).toBe(
      'Found [masked] here',
    );
  });

  test('what leaked to a web scanner is left out', () => {
    expect(maskCredentials(draft({ kind: 'web', cwe: [200] })).snippet).toBeUndefined();
    expect(maskCredentials(draft({ kind: 'web', cwe: [79] })).snippet).toBeDefined();
  });

  test('the query of an address is left out where it may be what leaked', () => {
    const url = `https://shop.example/cart?token=${secret}`;
    const leak = maskCredentials(
      draft({ kind: 'web', cwe: [598], place: { url }, otherPlaces: [{ url }, { host: 'a' }] }),
    );
    expect(leak.place?.url).toBe('https://shop.example/cart');
    expect(JSON.stringify(leak)).not.toContain(secret);
  });

  test('other findings stay as they are', () => {
    const plain = draft({ title: `Query built from 'id'`, cwe: [89] });
    expect(maskCredentials(plain)).toBe(plain);
  });

  test('a megabyte of text is looked at in time', () => {
    const start = performance.now();
    for (const piece of ['"', "'a", 'hard coded ', 'password ', 'eyJ', 'AKIA'])
      maskCredentials(
        draft({ kind: 'secret', title: piece.repeat(200_000), description: piece.repeat(200_000) }),
      );
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

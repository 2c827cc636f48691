import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { drawn, madeGithubToken, madePrivateKey, madeStripeKey } from './testing/made-secrets.ts';
import { scanText } from './testing/scan-text.ts';

const TOKEN = madeGithubToken('file');
const KEY = madePrivateKey();
const idsIn = (text: string, file?: string) =>
  scanText(text, file).map(({ tier, ruleId }) => `${tier} ${ruleId}`);

describe('a secret in a file', () => {
  it('is found with its place, in UTF-16 whatever stands before it', () => {
    const [hit, ...others] = scanText(`// ééé 𝕏 — naïve\nconst a = "𝕏${TOKEN}";\r\n`);
    expect(others).toEqual([]);
    expect(hit).toMatchObject({ ruleId: 'secret-github-token', tier: 'high', value: TOKEN, wrapped: false });
    expect(hit?.start).toEqual({ line: 2, column: 14, offset: 31 });
    expect((hit?.end.offset ?? 0) - (hit?.start.offset ?? 0)).toBe(TOKEN.length);
  });

  it('only advises when the checksum of its issuer does not hold', () => {
    const turned = `${TOKEN.slice(0, 8)}${TOKEN[8] === 'x' ? 'y' : 'x'}${TOKEN.slice(9)}`;
    expect(idsIn(`t = ${turned}`)).toEqual(['generic secret-github-token']);
  });

  it('is not a piece of something longer', () => {
    expect(idsIn(`t = ${TOKEN}${drawn(10, 'more')}`).filter((id) => id.startsWith('high'))).toEqual([]);
  });

  it.each([
    ['over many lines', KEY],
    ['with its line breaks written out', JSON.stringify({ key: KEY })],
    ['indented in YAML', `key: |\n${KEY.replaceAll(/^/gm, '    ')}`],
    [
      'put together from strings',
      KEY.split('\n')
        .map((line) => `  "${line}\\n" +`)
        .join('\n'),
    ],
  ])('is a private key %s', (_, text) => {
    expect(idsIn(text, 'src/config.txt')).toEqual(['high secret-private-key']);
  });

  it('is found in base64, and in base64 of base64', () => {
    const once = Buffer.from(`token=${TOKEN}\n`).toString('base64');
    const twice = Buffer.from(`data: ${once}\n`).toString('base64');
    for (const text of [once, twice]) {
      const [hit] = scanText(`kind: Secret\ndata:\n  value: ${text}\n`, 'secret.yaml');
      expect(hit).toMatchObject({
        ruleId: 'secret-github-token',
        wrapped: true,
        start: { line: 3, column: 10 },
      });
      expect(hit?.excerpt).not.toContain(text.slice(8));
    }
    expect(idsIn(Buffer.from(KEY).toString('base64'))).toEqual(['high secret-private-key']);
  });

  it('is a private web key in any order of its members', () => {
    const d = drawn(43, 'jwk');
    expect(idsIn(`{"kty":"EC","crv":"P-256","x":"${drawn(43, 'x')}","d":"${d}"}`)).toEqual([
      'high secret-json-web-key',
    ]);
    expect(idsIn(`{"d":"${d}","kty":"OKP"}`)).toEqual(['high secret-json-web-key']);
    expect(idsIn(`{"kty":"EC","crv":"P-256","x":"${drawn(43, 'x')}"}`)).toEqual([]);
  });

  it('weighs less in a test when nobody issued it', () => {
    for (const file of [
      'test/fixtures/key.pem',
      'pkg/testutils/key',
      'ci/docker-integration/tls.key',
      'a/key_test_data.go',
    ]) {
      expect(idsIn(KEY, file)).toEqual(['generic secret-private-key']);
    }
    for (const file of ['latest/key.pem', 'contest.pem', 'src/attest/key.pem']) {
      expect(idsIn(KEY, file)).toEqual(['high secret-private-key']);
    }
    expect(idsIn(`t = ${TOKEN}`, 'test/a.test.ts')).toEqual(['high secret-github-token']);
  });
});

describe('what advises', () => {
  const password = `${drawn(9, 'p')}#7`;
  it.each([
    ['a name and a quoted value', `password: "${password}"`, 'a.ts'],
    ['a name and a plain value, where files have no quotes', `DB_PASSWORD=${password}`, '.env'],
    ['a member of JSON', `{"clientSecret": "${password}"}`, 'a.json'],
    ['a URL', `postgres://app:${drawn(12, 'u')}@db.internal/shop`, 'a.ts'],
    ['an option of curl', `curl -u me:${drawn(12, 'u')} https://db.internal`, 'a.sh'],
    ['a header', `Authorization: Basic ${Buffer.from(`me:${drawn(12, 'u')}`).toString('base64')}`, 'a.md'],
    ['a bearer', `Authorization: Bearer ${drawn(40, 'b')}`, 'a.md'],
  ])('is %s', (_, text, file) => {
    expect(idsIn(text, file).every((id) => id.startsWith('generic'))).toBe(true);
    expect(idsIn(text, file)).toHaveLength(1);
  });

  it.each([
    ['password: process.env.PASSWORD', 'a.env'],
    ['password: ${{ secrets.PASSWORD }}', 'a.yml'],
    ['password = "changeme"', 'a.ts'],
    ['const token = readToken(request)', 'a.ts'],
    ['token: string;', 'a.ts'],
    ['"password": "Your password"', 'a.json'],
    ['tokenUrl = "https://login.test/token"', 'a.ts'],
    ["keywords: ['password', 'bindpassword', 'api_key']", 'a.ts'],
    ['postgres://app:${PASSWORD}@db/shop', 'a.sh'],
    ['postgres://localhost:5432/shop', 'a.sh'],
  ])('is not %s', (text, file) => {
    expect(idsIn(text, file)).toEqual([]);
  });
});

describe('a comment lets a secret stand', () => {
  const suppressionIn = (text: string) => scanText(text)[0]?.allowed;
  it.each([
    [`t = "${TOKEN}" # vouchgate: ignore[secret-github-token] revoked in May`, 'revoked in May'],
    [`// vouchgate: ignore[secret-github-token] revoked\nt = "${TOKEN}"`, 'revoked'],
    [`<!-- vouchgate: ignore[secret-github-token] old -->\n${TOKEN}`, 'old'],
    [`t = "${TOKEN}" // gitleaks:allow`, 'the comment “gitleaks:allow”'],
    [`t = "${TOKEN}" # pragma: allowlist secret`, 'the comment “pragma: allowlist secret”'],
  ])('%#', (text, justification) => {
    expect(suppressionIn(text)).toEqual({ kind: 'inline', justification });
  });

  it('behind a key over many lines, too', () => {
    expect(suppressionIn(`${KEY.trimEnd()} # gitleaks:allow\n`)?.kind).toBe('inline');
  });

  it('but not one for another rule, nor code on the line above', () => {
    expect(suppressionIn(`t = "${TOKEN}" # vouchgate: ignore[secret-npm-token]`)).toBeUndefined();
    expect(suppressionIn(`a() // vouchgate: ignore[secret-github-token]\nt = "${TOKEN}"`)).toBeUndefined();
  });
});

describe('hostile text', () => {
  it('never stops the scanner', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('password="', '-----BEGIN', '"kty"', '://', 'eyJ'),
        (bytes, word) => {
          const text = Buffer.concat([Buffer.from(word), Buffer.from(bytes), Buffer.from(word)]).toString(
            'latin1',
          );
          expect(() => scanText(text)).not.toThrow();
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    '-----BEGIN PRIVATE KEY-----\n',
    '"kty":"d":',
    'A',
    '://a:',
    'password="a',
    'eyJ.eyJ',
    'TEVUIE1F',
  ])('of a megabyte of %s takes no time to speak of', (piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    const startMs = threadMs();
    scanText(text);
    expect(threadMs() - startMs).toBeLessThan(6_000);
  });

  it('shows no secret in an excerpt, and none that stands beside it', () => {
    const other = madeStripeKey('beside');
    const hits = scanText(`a("${TOKEN}", "${other}", "${TOKEN}")`);
    expect(hits).toHaveLength(3);
    for (const { excerpt, shown } of hits) {
      expect(excerpt).not.toContain(TOKEN.slice(4, 14));
      expect(excerpt).not.toContain(other.slice(4, 14));
      expect(shown.length).toBeLessThanOrEqual(5);
    }
    const [short] = scanText('password: "k4Xq9#z"', 'a.yml');
    expect(short?.shown).toBe('…');
    expect(short?.excerpt).toMatch(/^password: ["*]+$/);
  });
});

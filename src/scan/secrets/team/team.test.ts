import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scanFiles } from '../scan-files.ts';
import { madeGithubToken, drawn } from '../testing/made-secrets.ts';
import { readDetectSecretsBaseline, readGitleaksIgnore } from './known-secrets.ts';
import { readTeamSettings } from './team-settings.ts';

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'vouchgate-team-'));
});
afterEach(() => rmSync(top, { recursive: true }));

const TOKEN = madeGithubToken('team');
const put = (file: string, text: string) => {
  mkdirSync(join(top, file, '..'), { recursive: true });
  writeFileSync(join(top, file), text);
};
function scan(...files: string[]) {
  const found = files.map((file) => ({ root: top, file, path: join(top, file) }));
  const { files: hits, problems } = scanFiles(top, found, { tier: 'high' });
  return {
    hits: hits.flatMap(({ file, hits: own }) =>
      own.map(({ ruleId, start }) => `${file}:${start.line} ${ruleId}`),
    ),
    problems: problems.map(({ message }) => message),
  };
}
const config = (text: string) => put('.gitleaks.toml', text);

describe('.gitleaks.toml', () => {
  it('brings rules of its own, with group, entropy, path and allow lists', () => {
    config(`
[extend]
useDefault = true
[[rules]]
id = "Our Ticket"
description = "a ticket of ours"
regex = '''(?i)ticket[ =:"]+(tkt_([a-z0-9]{12}))'''
secretGroup = 1
entropy = 2.5
keywords = ["TKT_"]
path = '''\\.(?:txt|env)$'''
[[rules.allowlists]]
regexTarget = "line"
regexes = ['''harmless''']
[[rules]]
id = "keystore"
path = '''\\.p12$'''
`);
    put(
      'a.txt',
      `ticket = tkt_k3v9x2mq7w1z\nticket = tkt_aaaaaaaaaaaa\nticket = tkt_p8r4n6t2y5u1 harmless\n`,
    );
    put('a.md', 'ticket = tkt_k3v9x2mq7w1z\n');
    put('deep/store.p12', 'x');
    expect(scan('a.txt', 'a.md', 'deep/store.p12').hits).toEqual([
      'a.txt:1 gitleaks-our-ticket',
      'deep/store.p12:1 gitleaks-keystore',
    ]);
    expect(readTeamSettings(top).problems).toEqual([]);
  });

  it('turns rules of the default off, lets values and paths stand, for one rule or for all', () => {
    put('src/a.ts', `t = "${TOKEN}"\n`);
    put('fixtures/a.ts', `t = "${TOKEN}"\n`);
    const files = ['src/a.ts', 'fixtures/a.ts'];
    const all = files.map((file) => `${file}:1 secret-github-token`);
    expect(scan(...files).hits).toEqual(all);
    config('[extend]\nuseDefault = true\ndisabledRules = ["github-pat"]');
    expect(scan(...files).hits).toEqual([]);
    config("[allowlist]\npaths = ['''^fixtures/''']");
    expect(scan(...files).hits).toEqual(all.slice(0, 1));
    config(
      `[[allowlists]]\ntargetRules = ["github-pat"]\nstopwords = ["${TOKEN.slice(8, 14).toUpperCase()}"]`,
    );
    expect(scan(...files).hits).toEqual([]);
    config(
      `[[rules]]\nid = "github-pat"\n[[rules.allowlists]]\ncondition = "AND"\npaths = ['''^src/''']\nregexes = ['''^ghp_''']`,
    );
    expect(scan(...files).hits).toEqual(all.slice(1));
  });

  it('extends another file of the repository, and none outside of it', () => {
    put('ci/base.toml', '[extend]\ndisabledRules = ["github-pat"]');
    put('a.ts', `t = "${TOKEN}"`);
    config('[extend]\npath = "ci/base.toml"');
    expect(scan('a.ts').hits).toEqual([]);
    config('[extend]\npath = "../../etc/passwd"');
    expect(scan('a.ts').hits).toHaveLength(1);
    expect(readTeamSettings(top).problems[0]?.message).toContain('there is no file');
  });

  it('says what it cannot take, and goes on with the rest', () => {
    config(
      "[[rules]]\nid = 'a'\nregex = '''\\pL+'''\n[[rules]]\nid = 'b'\nregex = '''b_[a-z]{8}'''\nkeywords = ['b_']\n",
    );
    put('a.ts', 'b_abcdwxyz');
    expect(scan('a.ts').hits).toEqual(['a.ts:1 gitleaks-b']);
    expect(readTeamSettings(top).problems.map(({ message }) => message)).toEqual([
      'the pattern of a is left out: classes of Unicode (\\p) are not taken',
    ]);
    config("[[rules]]\nid = 'slow'\nregex = '''(s(?:a+)+)+$'''\nkeywords = ['sa']\n");
    put('a.ts', `${'sa'.repeat(30)}!`);
    expect(scan('a.ts').problems).toEqual([
      'the pattern of slow is left out: it is too slow on hostile text',
    ]);
    config("[allowlist]\nregexes = ['''^(a+)+$''']\npaths = ['''(/?[a-z]+)*\\d$''']");
    const notes = readTeamSettings(top).problems.map(({ message }) => message);
    expect(notes).toEqual(
      Array(2).fill('the pattern of an allow list is left out: it is too slow on hostile text'),
    );
    for (const text of ['a = [', 'rules = 3', '[__proto__]\nrules = 1', `x = "${'y'.repeat(10)}"`]) {
      config(text);
      expect(() => scan('a.ts')).not.toThrow();
    }
    rmSync(join(top, '.gitleaks.toml'));
    symlinkSync('/dev/zero', join(top, '.gitleaks.toml'));
    expect(readTeamSettings(top).problems[0]?.message).toContain('not a plain file');
  });
});

describe('what a team has looked at before', () => {
  const secret = { file: 'a/b.ts', line: 3, value: drawn(20, 'known'), gitleaksIds: ['github-pat'] };

  it('.gitleaksignore names it by file, rule and line, or with its commit', () => {
    const find = readGitleaksIgnore('# comment\n\na/b.ts:github-pat:3\nabc:c.ts:github-pat:1\n');
    expect(find(secret)?.kind).toBe('baseline');
    expect(find({ ...secret, line: 4 })).toBeUndefined();
    expect(find({ ...secret, file: 'c.ts', line: 1 })).toBeUndefined();
    expect(find({ ...secret, file: 'c.ts', line: 1, commit: 'abc' })).toBeDefined();
  });

  it('.secrets.baseline knows it by its hash, unless an audit says that it is one', () => {
    const entry = (more: object) =>
      JSON.stringify({
        version: '1.5.0',
        results: {
          'a/b.ts': [
            { type: 'x', hashed_secret: hash('sha1', secret.value, 'hex'), line_number: 9, ...more },
          ],
        },
      });
    expect(readDetectSecretsBaseline(entry({}))?.(secret)?.kind).toBe('baseline');
    expect(readDetectSecretsBaseline(entry({ is_secret: true }))?.(secret)).toBeUndefined();
    expect(readDetectSecretsBaseline(entry({}))?.({ ...secret, file: 'c.ts' })).toBeUndefined();
    expect([readDetectSecretsBaseline('{'), readDetectSecretsBaseline('[]')]).toEqual([undefined, undefined]);
  });
});

import { describe, expect, it } from 'vitest';
import { createRuntimeDependencies, openedBy } from '../testing/posture-opening.ts';
import { buildRuntime, closeReplaced } from './build-runtime.ts';
import { loadConfiguration } from './load-configuration.ts';
import { GATE_POLICY_FILE } from './posture-section.ts';

const HEAD = `version: 1
url: https://v.example
identityProviders:
  github: { type: github-actions }
`;

async function problemsOf(posture: string, files: Record<string, string> = {}): Promise<string[]> {
  const load = await loadConfiguration(
    { 'vouchgate.yaml': `${HEAD}posture: ${posture}\n`, ...files },
    {
      checkGatePolicy: (file, text) =>
        text === 'good' ? [] : [{ file, line: 3, column: 1, message: 'bad policy', remedy: 'mend it' }],
    },
  );
  return load.ok ? [] : load.problems.map(({ file, line, message }) => `${file}:${line} ${message}`);
}

describe('the section on posture', () => {
  it.each([
    '{ sources: { github: { type: mirror, folder: /mirrors } } }',
    '{ sources: { github: { type: git, url: "https://git.example/{repository}.git", token: { env: TOKEN } } } }',
    '{ sources: { github: { type: git, url: "ssh://git@git.example:2222/srv/{repository}", sshKeyFile: /key } } }',
    '{ sources: { github: { type: git, url: "file:///srv/{repository}.git" } } }',
    '{ sources: { github: { type: github } }, suppressions: none, timeout: 30s }',
    '{ sources: { github: { type: gitlab, url: "https://gitlab.example/api/v4" } } }',
  ])('takes %s', async (posture) => {
    expect(await problemsOf(posture)).toEqual([]);
  });

  it.each([
    ['{ sources: { gitlab: { type: github } } }', 'is not an entry of `identityProviders`'],
    ['{ sources: { github: { type: mirror, folder: mirrors } } }', 'absolute'],
    ['{ sources: { github: { type: git, url: "https://git.example/shop" } } }', '{repository}'],
    ['{ sources: { github: { type: git, url: "https://{repository}.example/x" } } }', 'in its path'],
    ['{ sources: { github: { type: git, url: "ext::sh -c {repository}" } } }', 'https, ssh or file'],
    ['{ sources: { github: { type: github, token: plain } } }', 'reference'],
    ['{ sources: { github: { type: github, url: "https://u@api.example" } } }', 'user'],
    ['{ sources: { github: { type: github } }, timeout: 2m }', 'at most 30s'],
    ['{ sources: { github: { type: github } }, suppressions: some }', 'suppressions'],
    ['{}', 'sources'],
  ])('does not take %s: %s', async (posture, hint) => {
    expect((await problemsOf(posture)).join('\n')).toContain(hint);
  });

  it('is not in force with a policy of the gate that is wrong', async () => {
    const posture = '{ sources: { github: { type: github } } }';
    expect(await problemsOf(posture, { [GATE_POLICY_FILE]: 'good' })).toEqual([]);
    expect(await problemsOf(posture, { [GATE_POLICY_FILE]: 'bad' })).toEqual([
      `${GATE_POLICY_FILE}:3 bad policy`,
    ]);
  });
});

describe('a change of the configuration', () => {
  const runtimeOf = async (
    posture: string,
    policy: string | undefined,
    opening: ReturnType<typeof openedBy>,
  ) => {
    const files = {
      'vouchgate.yaml': `${HEAD}${posture}`,
      ...(policy === undefined ? {} : { [GATE_POLICY_FILE]: policy }),
    };
    const load = await loadConfiguration(files);
    if (!load.ok) throw new Error(JSON.stringify(load.problems));
    return (previous?: ReturnType<typeof buildRuntime>) =>
      buildRuntime(load.configuration, previous, { ...createRuntimeDependencies(), posture: opening.opener });
  };
  const SECTION = 'posture: { sources: { github: { type: github } } }\n';

  it('keeps what did not change, opens what did, and closes what is gone', async () => {
    const opening = openedBy();
    const first = (await runtimeOf(SECTION, undefined, opening))();
    const same = (await runtimeOf(`${SECTION}# a comment\n`, undefined, opening))(first);
    expect(same.posture).toBe(first.posture);
    const other = (await runtimeOf(SECTION, 'version: 1\n', opening))(same);
    expect(opening.opened.map(({ policy }) => policy)).toEqual([undefined, 'version: 1\n']);
    await closeReplaced(same, other);
    expect(opening.opened.map(({ closed }) => closed)).toEqual([true, false]);
    const without = (await runtimeOf('', undefined, opening))(other);
    expect(without.posture).toBeUndefined();
    await closeReplaced(other, without);
    expect(opening.opened.every(({ closed }) => closed)).toBe(true);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfiguration } from '#broker/configuration/load-configuration.ts';
import { readConfigurationFolder } from '#cli/server/configuration-folder.ts';
import { deployToken, exchange } from './harness/job.ts';
import { logIn, type Person, personWith } from './harness/person.ts';
import type { ServerProcess } from './harness/server-process.ts';
import { openSite, permitDeploys, type Site } from './harness/site.ts';
import { eventually } from './harness/wait.ts';

const POLICY = 'policies/partner-api.cedar';
/** Notification of the file system, settling and the slow poll behind it. */
const SEEN_WITHIN_MS = 12_000;
const GOOD = permitDeploys('partner-api');
const MISSPELT = GOOD.replaceAll('principal.trigger', 'principal.triger');

describe('the configuration of a running server', { timeout: 60_000 }, () => {
  let site: Site;
  let server: ServerProcess;
  let person: Person;

  beforeEach(async () => {
    site = await openSite();
    server = await site.start();
    person = await logIn(server);
  }, 60_000);
  afterEach(() => site?.close());

  const isIssued = async (resource = 'partner-api', from = site) =>
    (await exchange(from, { resource, token: deployToken(site) })).issued !== undefined;
  const refused = (pattern: RegExp) =>
    eventually(`the refusal of ${pattern.source}`, SEEN_WITHIN_MS, async () => {
      const problems = (await person.configuration()).refused?.problems ?? [];
      return problems.some(({ message, remedy }) => pattern.test(`${message} ${remedy}`))
        ? problems
        : undefined;
    });

  it('refuses a policy with a wrong attribute name, suggests the right one, and stays as it was', async () => {
    const { inForce } = await person.configuration();
    await site.writeConfiguration(POLICY, MISSPELT);
    const problems = await refused(/`trigger`/);
    expect(problems[0]).toMatchObject({ file: POLICY, line: 8 });
    expect((await person.configuration()).inForce).toEqual(inForce);
    expect(await isIssued()).toBe(true);

    const logged = server.logLines().filter(({ event }) => event === 'configuration.refused');
    expect(logged).not.toEqual([]);
    expect(JSON.stringify(logged)).toContain('trigger');
    expect(logged[0]).toMatchObject({ file: POLICY });

    const load = await loadConfiguration(await readConfigurationFolder(site.configFolder));
    expect(load).toMatchObject({ ok: false });
    expect(JSON.stringify(load)).toContain('did you mean `trigger`');
  });

  it('keeps the last good version over a restart, and takes the mended file without one', async () => {
    await site.writeConfiguration(POLICY, MISSPELT);
    await refused(/`trigger`/);
    await server.stop();
    server = await site.start();
    person = personWith(person.session, server.url);
    expect(server.stdout()).toContain('last good version is in force');
    expect(server.stderr()).toContain('trigger');
    await refused(/`trigger`/);
    expect(await isIssued()).toBe(true);

    await site.writeConfiguration(POLICY, GOOD.replace('"push"', '"schedule"'));
    await eventually('the mended policy is in force', SEEN_WITHIN_MS, async () =>
      (await isIssued()) ? undefined : true,
    );
    expect((await person.configuration()).refused).toBeNull();
    const { denial } = await exchange(site, { resource: 'partner-api', token: deployToken(site) });
    expect(denial?.facts).toContainEqual({
      name: 'principal.trigger',
      expected: 'schedule',
      received: 'push',
    });
  });

  it('serves a new resource of a new provider without a restart', async () => {
    expect(await isIssued('spare-api')).toBe(false);
    const yaml = site.yaml
      .replace('credentialProviders:\n', 'credentialProviders:\n  spare-tokens:\n    type: oidc-token\n')
      .replace(
        'resources:\n',
        'resources:\n  spare-api:\n    credentialProvider: spare-tokens\n    parameters: { audience: "https://spare.example" }\n',
      );
    await site.writeConfiguration('policies/spare-api.cedar', permitDeploys('spare-api'));
    await site.writeConfiguration('vouchgate.yaml', yaml);
    await eventually('the new resource is there', SEEN_WITHIN_MS, async () =>
      (await isIssued('spare-api')) ? true : undefined,
    );
    const applied = await person.events({ type: 'configuration.applied' });
    expect(applied.length).toBeGreaterThanOrEqual(2);
  });

  it('refuses another public URL while it runs, also on SIGHUP', async () => {
    await site.writeConfiguration('vouchgate.yaml', site.yaml.replace(site.url, 'https://other.example'));
    server.signal('SIGHUP');
    const [problem] = await refused(/Restart the server to change it/);
    expect(problem?.message).toContain('https://other.example');
    expect(await isIssued()).toBe(true);
  });
});

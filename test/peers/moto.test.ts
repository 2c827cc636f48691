import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployToken, exchange, valuesOf } from '#test/e2e/harness/job.ts';
import { logIn, type Person } from '#test/e2e/harness/person.ts';
import { openSite, permitDeploys, type Site } from '#test/e2e/harness/site.ts';
import { installMoto, type MotoServer, startMoto } from './moto/moto-server.ts';

const ROLE = 'arn:aws:iam::123456789012:role/ci/deploy';
const moto = installMoto();

/** Who moto takes the holder of an access key for; it looks at no signature. */
async function callerOf(url: string, accessKeyId: string): Promise<string> {
  const scope = `${accessKeyId}/20260101/eu-central-1/sts/aws4_request`;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' }),
  });
  return /<Arn>([^<]+)<\/Arn>/.exec(await answer.text())?.[1] ?? '';
}

// moto checks no token and no trust policy (our own emulator does): this is about the form of what goes over the wire.
describe.skipIf('missing' in moto)(
  `AWS credentials from moto's STS (${'missing' in moto ? `SKIPPED: ${moto.missing}` : moto.program})`,
  { timeout: 60_000 },
  () => {
    let server: MotoServer;
    let site: Site;
    let person: Person;

    beforeAll(async () => {
      server = await startMoto('program' in moto ? moto.program : '');
      site = await openSite({
        credentialProviders: `  aws:\n    type: aws-sts\n    region: eu-central-1\n    endpoint: ${server.url}\n`,
        resources: `  aws-deploy:\n    credentialProvider: aws\n    privileged: true\n    ttl: 20m\n    parameters: { roleArn: "${ROLE}", sessionTags: { project: "\${project.path}" } }\n`,
        policies: { 'aws-deploy': permitDeploys('aws-deploy') },
        allowPrivateHosts: [new URL(server.url).host],
      });
      person = await logIn(await site.start());
    }, 120_000);
    afterAll(async () => {
      await site?.close();
      await server?.stop();
    });

    it('reads what it answers, and the session is that of the role and the decision', async () => {
      const { issued, answer } = await exchange(site, { resource: 'aws-deploy', token: deployToken(site) });
      expect(answer.status).toBe(200);
      if (issued === undefined) throw new Error('not issued');
      const values = valuesOf(issued);
      expect(values['accessKeyId']).toMatch(/^ASIA[0-9A-Z]{16}$/);
      expect(values['secretAccessKey']).toHaveLength(40);
      expect(values['sessionToken']?.length).toBeGreaterThan(50);
      expect(Date.parse(values['expiration'] ?? '')).toBe(issued.expiresAtMs);
      const caller = await callerOf(server.url, values['accessKeyId'] ?? '');
      expect(caller).toContain('arn:aws:sts::123456789012:assumed-role/');
      expect(caller).toContain(issued.decision);
      expect((await person.decision(issued.decision)).outcome).toBe('issued');
    });
  },
);

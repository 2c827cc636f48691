import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#core/clock.ts';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { silentLogger } from '#core/log.ts';
import { type StsEmulator, startStsEmulator } from '#credentials/emulator/sts/sts-emulator.ts';
import { trustPolicyFor } from '#credentials/providers/aws-sts/trust-policy.ts';
import { deployToken, exchange, valuesOf } from './harness/job.ts';
import { logIn, type Person } from './harness/person.ts';
import { openSite, permitDeploys, type Site } from './harness/site.ts';
import { findFreePort } from './harness/wait.ts';

const DEPLOY_ROLE = 'arn:aws:iam::123456789012:role/ci/deploy';
const OTHER_ROLE = 'arn:aws:iam::123456789012:role/ci/other';
const AUDIENCE = 'sts.amazonaws.com';
const DEPLOY_SUBJECT = 'provider:github:org:123456:project:456789:environment:production';

const RESOURCES = `  aws-deploy:
    credentialProvider: aws
    privileged: true
    parameters:
      roleArn: ${DEPLOY_ROLE}
      sessionTags: { project: "\${project.path}", run: "\${run.id}" }
      sourceIdentity: "\${actor.login}"
  aws-other:
    credentialProvider: aws
    privileged: true
    parameters: { roleArn: "${OTHER_ROLE}" }
`;

/** What an administrator would write in IAM: this issuer, this audience, this one subject. */
function roleTrusting(arn: string, issuer: string, subject: string, withSession: boolean) {
  const { Statement } = trustPolicyFor({
    roleArn: arn,
    issuer,
    audience: AUDIENCE,
    subjects: [subject],
    sessionTags: withSession,
    sourceIdentity: withSession,
  });
  const statements = Statement.map(({ Action, Condition, ...rest }) => ({
    ...rest,
    Action: [...Action],
    Condition: structuredClone(Condition) as Record<string, Record<string, string>>,
  }));
  return { arn, trustPolicy: { Version: '2012-10-17' as const, Statement: statements } };
}

describe('AWS credentials by our own issuer, against a strict STS', { timeout: 30_000 }, () => {
  const outward = createBoundedFetch({
    clock: systemClock,
    log: silentLogger,
    trust: { allowPrivateHosts: ['127.0.0.1'] },
  });
  let site: Site;
  let person: Person;
  let sts: StsEmulator;

  beforeAll(async () => {
    const port = await findFreePort();
    site = await openSite({
      credentialProviders: `  aws:
    type: aws-sts
    region: eu-central-1
    endpoint: http://127.0.0.1:${port}
`,
      resources: RESOURCES,
      policies: { 'aws-deploy': permitDeploys('aws-deploy'), 'aws-other': permitDeploys('aws-other') },
      allowPrivateHosts: [`127.0.0.1:${port}`],
    });
    sts = await startStsEmulator({
      port,
      fetch: outward.fetch,
      providers: [{ issuer: site.url, audiences: [AUDIENCE] }],
      roles: [
        roleTrusting(DEPLOY_ROLE, site.url, DEPLOY_SUBJECT, true),
        roleTrusting(OTHER_ROLE, site.url, DEPLOY_SUBJECT.replace('456789', '456780'), false),
      ],
    });
    person = await logIn(await site.start());
  }, 60_000);
  afterAll(async () => {
    await site?.close();
    await sts?.close();
    await outward.close();
  });

  it('gives the job a session that carries who asked', async () => {
    const { issued } = await exchange(site, { resource: 'aws-deploy', token: deployToken(site) });
    expect(issued).toMatchObject({
      credentialType: 'aws-sts',
      lease: { renewable: false, revocable: false },
      environment: { AWS_ACCESS_KEY_ID: 'accessKeyId', AWS_SESSION_TOKEN: 'sessionToken' },
    });
    const session = sts.sessions().at(-1);
    expect(session).toMatchObject({ sourceIdentity: 'ann' });
    expect(JSON.stringify(session)).toContain('acme/shop');
    expect(JSON.stringify(session)).toContain('9900001');
    if (issued !== undefined) {
      expect(valuesOf(issued)['accessKeyId']).toMatch(/^ASIA/);
      expect((await person.decision(issued.decision)).outcome).toBe('issued');
    }
  });

  it('passes on the refusal of a role whose trust policy wants another project', async () => {
    const before = sts.sessions().length;
    const { status, denial } = await exchange(site, { resource: 'aws-other', token: deployToken(site) });
    expect(status).toBe(502);
    expect(denial).toMatchObject({ error: 'server_error', reason: 'backend_refused', retryable: false });
    expect(denial?.remedy).toContain('vouchgate explain');
    expect(sts.sessions()).toHaveLength(before);

    const story = await person.decision(denial?.decision ?? '');
    expect(story.outcome).toBe('failed');
    expect(story.lease?.state).toBe('failed');
    const failed = story.events.find(({ type }) => type === 'credential.failed');
    expect(JSON.stringify(failed?.body)).toContain(OTHER_ROLE);
    // What to write in IAM instead, with the subject that was really sent.
    expect(JSON.stringify(failed?.body)).toContain(DEPLOY_SUBJECT);
  });

  it('cannot be had by a job of another environment', async () => {
    const token = deployToken(site, { environment: 'preview', ref: 'refs/heads/x' });
    const { denial } = await exchange(site, { resource: 'aws-deploy', token });
    expect(denial?.reason).toBe('no_permit');
  });
});

import { gzipSync } from 'node:zlib';
import { type BulkTriageRequest, FindingPage, TriageResult } from '#api/finding.ts';
import { ConfigurationFiles, Proposal } from '#api/configuration-change.ts';
import { Inspection } from '#api/inspection.ts';
import { LeaseRevocationResult } from '#api/lease.ts';
import { ApiTokenCreated } from '#api/person.ts';
import { Report, type ReportQuery } from '#api/report.ts';
import { SealedSecretStored } from '#api/sealed-secret.ts';
import type { Clock } from '#core/clock.ts';
import { Secret } from '#core/secret.ts';
import { type DefinitionFile, DEFINITIONS_SCHEMA } from '#inventory/definition-upload.ts';
import { type AdminClient, createAdminClient } from '../../client/admin-client.ts';
import type { HttpSend } from '../../client/http-send.ts';
import { retryDefaults } from '../../client/retry.ts';
import type { StaffName } from './company-staff.ts';
import { sendAs, signInPerson } from './sign-in-person.ts';

/** A browser's session ends when nothing was asked for an hour: people sign in again before. */
const SESSION_MS = 40 * 60_000;

export interface ProposedChange {
  readonly by: StaffName;
  readonly title: string;
  readonly why: string;
  readonly file: string;
  /** Text of the file, and what is to stand in its place. */
  readonly from: string;
  readonly to: string;
}

/** What the people of the company do at the server, each with a session of their own, and their automation. */
export interface CompanyPeople {
  /** Signed in as that person. */
  as(person: StaffName): Promise<AdminClient>;
  report(about: Partial<ReportQuery> & { repository: string }, text: string): Promise<Report>;
  /** Hands in the files of a commit of the default branch. */
  inspect(of: { repository: string; commit: string }, files: readonly DefinitionFile[]): Promise<Inspection>;
  seal(name: string, value: Secret, rotateBy: string | undefined): Promise<SealedSecretStored>;
  revokeAll(resource: string): Promise<LeaseRevocationResult>;
  /** Asks for a change of one file; somebody else has to approve it. */
  propose(change: ProposedChange): Promise<Proposal>;
  /** Decides about the findings of a rule, wherever they are. */
  triage(rule: string, decision: BulkTriageRequest['decision']): Promise<TriageResult>;
}

export function createCompanyPeople(options: {
  server: string;
  send: HttpSend;
  clock: Clock;
}): CompanyPeople {
  const { server, send, clock } = options;
  const sessions = new Map<StaffName, { client: AdminClient; atMs: number }>();
  let automation: Promise<AdminClient> | undefined;

  const as = async (person: StaffName): Promise<AdminClient> => {
    const opened = sessions.get(person);
    if (opened !== undefined && clock.nowMs() < opened.atMs + SESSION_MS) return opened.client;
    const browser = await signInPerson(server, person);
    const client = createAdminClient({
      server,
      session: undefined,
      send: sendAs(send, browser),
      retry: retryDefaults,
    });
    sessions.set(person, { client, atMs: clock.nowMs() });
    return client;
  };
  const makeToken = async (): Promise<AdminClient> => {
    const body = { name: 'scans in CI', actions: ['view', 'upload'], expiresInDays: 90 };
    const request = { method: 'POST', path: '/v1/api-tokens', body, schema: ApiTokenCreated } as const;
    const { token } = await (await as('ines')).call(request);
    return createAdminClient({ server, session: new Secret(token), send, retry: retryDefaults });
  };
  const inCi = (): Promise<AdminClient> => (automation ??= makeToken());
  return {
    as,
    async report(query, text) {
      const gzipped = gzipSync(text);
      return (await inCi()).call({ method: 'POST', path: '/v1/reports', query, gzipped, schema: Report });
    },
    async inspect(query, files) {
      const gzipped = gzipSync(JSON.stringify({ schema: DEFINITIONS_SCHEMA, files }));
      return (await inCi()).call({
        method: 'POST',
        path: '/v1/inspections',
        query,
        gzipped,
        schema: Inspection,
      });
    },
    async seal(name, value, rotateBy) {
      const body = { value: value.reveal(), ...(rotateBy === undefined ? {} : { rotateBy }) };
      const path = `/v1/sealed-secrets/${name}`;
      return (await as('sara')).call({ method: 'PUT', path, body, schema: SealedSecretStored });
    },
    async revokeAll(resource) {
      const body = { filter: { resource } };
      return (await as('ines')).call({
        method: 'POST',
        path: '/v1/leases/revoke',
        body,
        schema: LeaseRevocationResult,
      });
    },
    async propose({ by, title, why, file, from, to }) {
      const client = await as(by);
      const read = { method: 'GET', path: '/v1/configuration/files', schema: ConfigurationFiles } as const;
      const { digest, files } = await client.call(read);
      const text = files.find(({ path }) => path === file)?.text ?? '';
      const body = { title, why, baseDigest: digest, changes: { [file]: text.replace(from, to) } };
      const path = '/v1/configuration/proposals';
      return client.call({ method: 'POST', path, body, schema: Proposal });
    },
    async triage(rule, decision) {
      const client = await as('ines');
      const { findings } = await client.call({
        method: 'GET',
        path: '/v1/findings',
        query: { rule },
        schema: FindingPage,
      });
      if (findings.length === 0) return { decided: [], unknown: [] };
      const body = { findings: findings.map(({ id }) => id), decision } satisfies BulkTriageRequest;
      return client.call({ method: 'POST', path: '/v1/findings/triage', body, schema: TriageResult });
    },
  };
}

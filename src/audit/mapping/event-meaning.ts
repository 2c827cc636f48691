import type { AuditEventType } from '../event.ts';

/** What a kind of event is in the words of others. */
export interface EventMeaning {
  readonly outcome: 'success' | 'failure' | 'unknown';
  readonly ecs: { readonly category: readonly string[]; readonly type: readonly string[] };
  /** OCSF 1.8: class, activity, and its name where the class has none (`Other`). */
  readonly ocsf: { readonly class: number; readonly activity: number; readonly activityName?: string };
  /** For people: what happened. */
  readonly says: string;
}

/** OCSF classes: https://schema.ocsf.io/1.8.0. */
export const ocsfClass = {
  authentication: 3002,
  authorizeSession: 3003,
  entityManagement: 3004,
  applicationLifecycle: 6002,
} as const;

const OTHER = 99;
const issues = { class: ocsfClass.authorizeSession, activity: 1 };
const ends = (activityName: string) => ({ class: ocsfClass.authorizeSession, activity: OTHER, activityName });
const ticket = { class: ocsfClass.authentication, activity: 3 };
const updates = { class: ocsfClass.entityManagement, activity: 3 };
const access = { category: ['iam', 'authentication'], type: ['access'] };
const iam = (...type: string[]) => ({ category: ['iam'], type });
const configuration = (...type: string[]) => ({ category: ['configuration'], type });
const session = (...type: string[]) => ({ category: ['session', 'authentication'], type });

export const eventMeanings: Readonly<Record<AuditEventType, EventMeaning>> = {
  'decision.issued': { outcome: 'success', ecs: access, ocsf: issues, says: 'a credential was issued' },
  'decision.allowed': { outcome: 'success', ecs: access, ocsf: ticket, says: 'access was allowed' },
  'decision.denied': { outcome: 'failure', ecs: access, ocsf: ticket, says: 'access was denied' },
  'credential.issued': { outcome: 'success', ecs: access, ocsf: issues, says: 'a credential was issued' },
  'credential.reissued': { outcome: 'success', ecs: access, ocsf: issues, says: 'it was issued again' },
  'credential.failed': { outcome: 'failure', ecs: access, ocsf: issues, says: 'issuing failed' },
  'lease.renewed': { outcome: 'success', ecs: iam('change'), ocsf: issues, says: 'a lease was renewed' },
  'lease.renewal_failed': { outcome: 'failure', ecs: iam('change'), ocsf: issues, says: 'renewing failed' },
  'lease.revoked': { outcome: 'success', ecs: iam('end'), ocsf: ends('Revoke'), says: 'a lease was revoked' },
  'lease.expired': { outcome: 'success', ecs: iam('end'), ocsf: ends('Expire'), says: 'a lease expired' },
  'lease.revocation_failed': {
    outcome: 'failure',
    ecs: iam('end'),
    ocsf: ends('Revoke'),
    says: 'revoking failed and is tried again',
  },
  'lease.irrevocable': {
    outcome: 'failure',
    ecs: iam('end'),
    ocsf: ends('Revoke'),
    says: 'a lease could not be revoked',
  },
  'orphan.removed': {
    outcome: 'success',
    ecs: iam('deletion'),
    ocsf: ends('Remove'),
    says: 'an account without a lease was removed',
  },
  'configuration.applied': {
    outcome: 'success',
    ecs: configuration('change'),
    ocsf: updates,
    says: 'a configuration came into force',
  },
  'configuration.refused': {
    outcome: 'failure',
    ecs: configuration('change', 'denied'),
    ocsf: updates,
    says: 'a configuration was refused',
  },
  'configuration.proposed': {
    outcome: 'unknown',
    ecs: configuration('info'),
    ocsf: { class: ocsfClass.entityManagement, activity: OTHER, activityName: 'Propose' },
    says: 'a change of the configuration was proposed',
  },
  'configuration.approved': {
    outcome: 'success',
    ecs: configuration('allowed'),
    ocsf: { class: ocsfClass.entityManagement, activity: OTHER, activityName: 'Approve' },
    says: 'a change of the configuration was approved',
  },
  'configuration.rejected': {
    outcome: 'success',
    ecs: configuration('denied'),
    ocsf: { class: ocsfClass.entityManagement, activity: OTHER, activityName: 'Reject' },
    says: 'a change of the configuration was turned down',
  },
  'access.frozen': {
    outcome: 'success',
    ecs: iam('change'),
    ocsf: { class: ocsfClass.entityManagement, activity: OTHER, activityName: 'Freeze' },
    says: 'access was frozen',
  },
  'access.unfrozen': {
    outcome: 'success',
    ecs: iam('change'),
    ocsf: { class: ocsfClass.entityManagement, activity: OTHER, activityName: 'Unfreeze' },
    says: 'access was unfrozen',
  },
  'secret.sealed': {
    outcome: 'success',
    ecs: configuration('change'),
    ocsf: updates,
    says: 'a secret was stored',
  },
  'session.opened': {
    outcome: 'success',
    ecs: session('start'),
    ocsf: { class: ocsfClass.authentication, activity: 1 },
    says: 'a person signed in',
  },
  'session.refused': {
    outcome: 'failure',
    ecs: session('start'),
    ocsf: { class: ocsfClass.authentication, activity: 1 },
    says: 'a sign-in was refused',
  },
  'session.closed': {
    outcome: 'success',
    ecs: session('end'),
    ocsf: { class: ocsfClass.authentication, activity: 2 },
    says: 'a person signed out',
  },
  'access.refused': {
    outcome: 'failure',
    ecs: { category: ['iam'], type: ['denied'] },
    ocsf: { class: ocsfClass.authorizeSession, activity: OTHER, activityName: 'Refuse' },
    says: 'a person may not do this',
  },
  'api_token.created': {
    outcome: 'success',
    ecs: iam('creation'),
    ocsf: { class: ocsfClass.entityManagement, activity: 1 },
    says: 'an API token was made',
  },
  'api_token.revoked': {
    outcome: 'success',
    ecs: iam('deletion'),
    ocsf: { class: ocsfClass.entityManagement, activity: 4 },
    says: 'an API token was ended',
  },
  'key.created': {
    outcome: 'success',
    ecs: configuration('creation'),
    ocsf: { class: ocsfClass.entityManagement, activity: 1 },
    says: 'a signing key was made',
  },
  'key.retired': {
    outcome: 'success',
    ecs: configuration('deletion'),
    ocsf: { class: ocsfClass.entityManagement, activity: 9 },
    says: 'a signing key was retired',
  },
  'event.erased': {
    outcome: 'success',
    ecs: configuration('deletion'),
    ocsf: { class: ocsfClass.entityManagement, activity: 4 },
    says: 'what was personal in events was erased',
  },
  'log.pruned': {
    outcome: 'success',
    ecs: configuration('deletion'),
    ocsf: { class: ocsfClass.entityManagement, activity: 4 },
    says: 'events older than they are kept were removed',
  },
  'findings.imported': {
    outcome: 'success',
    ecs: configuration('info'),
    ocsf: { class: ocsfClass.entityManagement, activity: 1 },
    says: 'a report was taken in',
  },
  'finding.triaged': {
    outcome: 'success',
    ecs: configuration('change'),
    ocsf: updates,
    says: 'a finding was decided about',
  },
  'finding.acceptance_ended': {
    outcome: 'success',
    ecs: configuration('change'),
    ocsf: updates,
    says: 'the acceptance of a finding ended',
  },
  'sink.down': {
    outcome: 'failure',
    ecs: configuration('error'),
    ocsf: updates,
    says: 'a sink does not take events',
  },
  'sink.up': {
    outcome: 'success',
    ecs: configuration('info'),
    ocsf: updates,
    says: 'a sink takes events again',
  },
  'sink.retried': {
    outcome: 'success',
    ecs: configuration('change'),
    ocsf: updates,
    says: 'another try of a sink was asked for',
  },
  'server.started': {
    outcome: 'success',
    ecs: { category: ['process'], type: ['start'] },
    ocsf: { class: ocsfClass.applicationLifecycle, activity: 3 },
    says: 'a server started',
  },
  'server.stopped': {
    outcome: 'success',
    ecs: { category: ['process'], type: ['end'] },
    ocsf: { class: ocsfClass.applicationLifecycle, activity: 4 },
    says: 'a server stopped',
  },
};

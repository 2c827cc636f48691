import { grades } from './posture.ts';

/** One thing that a condition can look at, for completion and forms. */
export interface PolicyAttribute {
  path: string;
  /** In Cedar's words. */
  type: string;
  /** A platform may leave it out, so a condition must ask `has` first. */
  optional: boolean;
  doc: string;
  /** All that it can be, where that is known. */
  values: readonly string[];
}

type Row = readonly [path: string, type: string, doc: string, values?: readonly string[]];

const REQUIRED: readonly Row[] = [
  ['principal.provider', 'String', 'Name of the identity provider in vouchgate.yaml.'],
  ['principal.platform', 'String', 'Kind of the platform, such as github-actions.'],
  ['principal.issuer', 'String', '`iss` of the token.'],
  ['principal.subject', 'String', '`sub` of the token; never take it apart.'],
  ['resource.name', 'String', 'Name of the resource in vouchgate.yaml.'],
  ['resource.privileged', 'Bool', 'A mistake there hurts.'],
  ['context.now', 'datetime', 'The moment of the decision.'],
  ['context.keyBound', 'Bool', 'The caller proved possession of a key (DPoP).'],
];

const OPTIONAL: readonly Row[] = [
  ['principal.org.id', 'String', 'Id of the organisation or group: it stays when the name changes hands.'],
  ['principal.org.name', 'String', 'Name of the organisation; it can change hands.'],
  ['principal.project.id', 'String', 'Id of the repository: it stays when the name changes hands.'],
  ['principal.project.path', 'String', 'Name of the repository; it can change hands.'],
  ['principal.project.visibility', 'String', 'As the platform says it, such as private.'],
  ['principal.ref.full', 'String', 'As git writes it: refs/heads/main.'],
  ['principal.ref.type', 'String', 'branch or tag, in the words of the platform.'],
  ['principal.ref.protected', 'Bool', 'The platform says that the ref is protected.'],
  ['principal.commit', 'String', 'The commit whose code the job runs.'],
  ['principal.trigger', 'String', 'What started the run, such as push.'],
  ['principal.environment.name', 'String', 'The deployment environment.'],
  ['principal.environment.protected', 'Bool', 'The environment asks somebody before a job starts.'],
  ['principal.config.uri', 'String', 'The top pipeline definition.'],
  ['principal.config.sha', 'String', 'The version of the top pipeline definition.'],
  ['principal.callee.uri', 'String', 'The reusable definition that the job comes from.'],
  ['principal.callee.sha', 'String', 'The version of the reusable definition.'],
  ['principal.runner.hosting', 'String', 'Whose machine it is.', ['platform', 'self']],
  ['principal.runner.id', 'String', 'The machine.'],
  ['principal.run.id', 'String', 'The run.'],
  ['principal.run.attempt', 'String', 'The attempt, as text.'],
  ['principal.run.job', 'String', 'The job.'],
  ['principal.run.url', 'String', 'Where a person finds the run.'],
  ['principal.actor.id', 'String', 'Who started it, by id.'],
  ['principal.actor.login', 'String', 'Who started it, by name; it can change hands.'],
  ['principal.forked', 'Bool', 'The code comes from a fork.'],
  ['principal.interactive', 'Bool', 'A person has a shell in the job.'],
  ['context.sourceIp', 'ipaddr', 'Address of the caller.'],
  ['context.posture.grade', 'String', 'The verdict on the pipeline.', grades],
  ['context.posture.blocking', 'Long', 'Findings that the gate blocks on.'],
  ['context.posture.critical', 'Long', 'Critical findings.'],
  ['context.posture.high', 'Long', 'High findings.'],
  ['context.posture.medium', 'Long', 'Medium findings.'],
  ['context.posture.low', 'Long', 'Low findings.'],
  ['context.posture.rules', 'Set<String>', 'Ids of the rules that found something.'],
  ['context.posture.ageSeconds', 'Long', 'Since the pipeline was inspected.'],
  ['context.posture.coverage', 'Set<String>', 'Kinds of security test that its pipelines run.'],
  ['context.posture.workflowDigest', 'String', 'SHA-256 over the definitions of the job.'],
  ['context.posture.reported.critical', 'Long', 'Critical findings of other tools.'],
  ['context.posture.reported.high', 'Long', 'High findings of other tools.'],
  ['context.posture.reported.medium', 'Long', 'Medium findings of other tools.'],
  ['context.posture.reported.low', 'Long', 'Low findings of other tools.'],
  ['context.posture.reported.sources', 'Set<String>', 'Tools that reported.'],
];

function attributesOf(rows: readonly Row[], optional: boolean): PolicyAttribute[] {
  return rows.map(([path, type, doc, values = []]) => ({ path, type, optional, doc, values }));
}

/** Everything that `schema.ts` declares; its test keeps both in step. */
export const policyAttributes: readonly PolicyAttribute[] = [
  ...attributesOf(REQUIRED, false),
  ...attributesOf(OPTIONAL, true),
];

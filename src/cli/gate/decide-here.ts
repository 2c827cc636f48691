import { existsSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '#core/clock.ts';
import { formatProblem } from '#core/config/problem.ts';
import { messageOf } from '#core/errors.ts';
import type { Baseline } from '#findings/baseline.ts';
import { GATE_POLICY_FILE } from '#broker/configuration/posture-section.ts';
import { decideGate } from '#posture/decide-gate.ts';
import type { GateDecision } from '#posture/gate-decision.ts';
import type { GateFinding } from '#posture/gate-finding.ts';
import { defaultGatePolicy, type LoadedGatePolicy, readGatePolicy } from '#posture/gate-policy.ts';
import { inspectHere } from '#posture/inspect-here.ts';
import { type SuppressionMode, suppressionModes } from '#posture/inspection-task.ts';
import { TreeReader } from '#posture/read-tree.ts';
import { openWorkTree } from '#posture/sources/work-tree.ts';
import { CommandError } from '../command-error.ts';
import type { Environment } from '../command.ts';
import { readBaseline } from '../scan/baseline-file.ts';
import { type GateContext, readGateContext } from './gate-context.ts';
import { readReference, type Reference } from './read-reference.ts';
import { readReports, type ReadReports } from './read-reports.ts';

export interface GateOptions {
  readonly policy: string | undefined;
  readonly report: readonly string[];
  readonly workflow: string | undefined;
  readonly 'new-only': boolean;
  readonly baseline: string | undefined;
  readonly suppressions: string | undefined;
  readonly repository: string | undefined;
  readonly ref: string | undefined;
  readonly environment: string | undefined;
  readonly 'default-ref': string | undefined;
}

export interface GateCaller {
  readonly cwd: string;
  readonly env: Environment;
  readonly clock: Clock;
  readonly version: string;
}

export interface GateOutcome {
  readonly decision: GateDecision;
  /** For people; they decide nothing. */
  readonly notes: readonly string[];
}

/** The server's decision, made from the files of a folder: no server and no network is asked. */
export async function decideHere(
  root: string,
  options: GateOptions,
  caller: GateCaller,
): Promise<GateOutcome> {
  const { cwd, env, clock, version } = caller;
  const policy = readPolicy(root, options, cwd);
  const context = readGateContext(root, options, env);
  const suppressions = suppressionModes.find((mode) => mode === options.suppressions) ?? 'default-branch';
  const reports = readReports(options.report, cwd, context.repository ?? '');
  const baseline =
    options.baseline === undefined ? undefined : readBaseline(path.resolve(cwd, options.baseline));
  const reference = await readReference(context, options.workflow, env);
  const inspectedAtMs = clock.nowMs();
  const inspection = await inspectHere({
    pipeline: await readPipeline(root, options.workflow, context),
    reference: reference?.reader,
    suppressions,
    asOfMs: inspectedAtMs,
  });
  const { repository, ref, environment, commit } = context;
  const { workflowDigest, suppressedCount, findingsLeftOut, tests, unread } = inspection;
  const findings = compareWith(baseline, [...inspection.findings, ...reports.findings]);
  const decision = decideGate(
    {
      subject: { repository, commit, ref, environment, workflow: options.workflow, workflowDigest },
      findings,
      findingsLeftOut,
      suppressedCount: suppressedCount + reports.decidedCount,
      pipelineTests: tests,
      unread,
      inputs: reports.inputs,
      inspectedAtMs,
      version,
      rulesVersion: version,
    },
    policy,
    inspectedAtMs,
  );
  return { decision, notes: notesOf(reference, suppressions, policy, reports) };
}

async function readPipeline(
  root: string,
  workflow: string | undefined,
  { repository, commit }: GateContext,
): Promise<TreeReader> {
  const point = { repository: repository ?? '', commit: commit ?? '', file: workflow };
  const reader = new TreeReader(openWorkTree(root, point.commit), point);
  await reader.readDefinitions();
  if (reader.tree.files.length > 0 || reader.tree.unread.length > 0) return reader;
  throw new CommandError('usage_invalid', `there is no pipeline definition under ${root}`, {
    remedy: 'Name the root of a repository. A gate with nothing to look at does not open.',
  });
}

/** Whoever asks for it wants the rules that block to look at what is new only. */
function readPolicy(root: string, options: GateOptions, cwd: string): LoadedGatePolicy {
  const policy = loadPolicy(
    root,
    options.policy === undefined ? undefined : path.resolve(cwd, options.policy),
  );
  if (!options['new-only'] && options.baseline === undefined) return policy;
  const rules = policy.rules.map((rule) =>
    rule.action === 'block' ? { ...rule, when: { ...rule.when, newOnly: true } } : rule,
  );
  return { ...policy, rules };
}

function loadPolicy(root: string, given: string | undefined): LoadedGatePolicy {
  const usual = path.join(root, GATE_POLICY_FILE);
  if (given === undefined && !existsSync(usual)) return defaultGatePolicy();
  const file = given ?? usual;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CommandError('usage_invalid', `the policy ${file} cannot be read: ${messageOf(cause)}`, {
      remedy: 'Name a file that exists, or leave --policy out for the default one.',
      cause,
    });
  }
  const reading = readGatePolicy(path.relative(root, file) || file, text);
  if (reading.ok) return reading.policy;
  throw new CommandError('usage_invalid', reading.problems.map(formatProblem).join('\n'), {
    remedy: 'Correct the file; docs/guides/gate.md says what it takes.',
  });
}

/** A baseline says what is old, whatever the default branch has. */
function compareWith(
  baseline: Baseline | undefined,
  findings: readonly GateFinding[],
): readonly GateFinding[] {
  if (baseline === undefined) return findings;
  const known = new Set(baseline.findings.map(({ fingerprint }) => fingerprint));
  return findings.map((finding) => ({ ...finding, isNew: !known.has(finding.fingerprint) }));
}

function notesOf(
  reference: Reference | undefined,
  suppressions: SuppressionMode,
  { rules, written }: LoadedGatePolicy,
  { warnings }: ReadReports,
): string[] {
  const notes = [...warnings];
  const compares = suppressions === 'default-branch' || rules.some(({ when }) => when?.newOnly === true);
  if (reference === undefined && compares) {
    notes.push(
      'The default branch is not in this clone: no waiver or ignore counts, and every finding is new. Fetch it (`fetch-depth: 0`), or name it with --default-ref.',
    );
  }
  if (!written) notes.push(`There is no ${GATE_POLICY_FILE}: critical and high findings block.`);
  return notes;
}

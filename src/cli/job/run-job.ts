import type { CommandStreams, GlobalOptions } from '../command.ts';
import type { Denial, Issued } from '../client/exchange-answer.ts';
import { printable } from '../output.ts';
import { detectLogMasking } from '../platform/detect-platform.ts';
import { startAwsCredentialsEndpoint, type AwsCredentialsEndpoint } from './aws-credentials-endpoint.ts';
import { AWS_VARIABLES, isAwsCredential } from './aws-fields.ts';
import { buildChildEnvironment } from './child-environment.ts';
import { runChild } from './child-process.ts';
import { describeIssued } from './describe-issued.ts';
import { exitCodeOfDenial, formatDenial, formatDenialJson } from './denial-report.ts';
import { combineEnvironment } from './environment-mapping.ts';
import { watchInterruptions } from './interruption.ts';
import type { JobSession } from './job-session.ts';
import { createLeaseKeeper, type LeaseKeeper } from './lease-keeper.ts';
import type { RunPlan } from './run-plan.ts';
import { writeReceipts } from './write-receipts.ts';
import { createSecretGuard, type RedactMode, type SecretGuard } from './secret-guard.ts';

/** Our own failures in `run`: 120 more than elsewhere, where few programs have exit codes of their own. */
export const RUN_EXIT_CODE_OFFSET = 120;
/** A child that was asked to end may still need its credentials to clean up; a runner waits about this long. */
const REVOKE_AFTER_SIGNAL_MS = 2_000;
/** Each of these makes an SDK look elsewhere before it asks our endpoint. */
const AWS_SHADOWING = [...AWS_VARIABLES, 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'];

export interface RunSettings {
  ttlSeconds: number | undefined;
  keepEnv: readonly string[];
  cleanEnv: boolean;
  redact: RedactMode;
  refresh: boolean;
  /** Where the proof of the decisions goes; undefined: nobody wants it. */
  receipt: string | undefined;
}

type Caller = CommandStreams & { global: GlobalOptions; isTty: boolean };

interface Run {
  caller: Caller;
  plan: RunPlan;
  settings: RunSettings;
  session: JobSession;
  keeper: LeaseKeeper;
  guard: SecretGuard;
  say: (line: string) => void;
  /** Ids of all decisions, granted or not, in order. */
  decisions: string[];
}

/** Takes what was issued into care: first hidden, then kept alive, then spoken of. */
async function adopt(run: Run, issued: Issued): Promise<void> {
  run.decisions.push(issued.decision);
  run.keeper.add(issued);
  await run.guard.hide(issued);
  for (const line of describeIssued(issued, run.caller.clock.nowMs())) run.say(line);
}

async function obtainAll(
  run: Run,
  isInterrupted: () => boolean,
): Promise<{ credentials: Map<string, Issued>; denied?: { resource: string; denial: Denial } }> {
  const credentials = new Map<string, Issued>();
  for (const resource of run.plan.resources) {
    if (isInterrupted()) break;
    const result = await run.session.obtain(resource, run.settings.ttlSeconds);
    if (result.outcome === 'denied') {
      if (result.denial.decision !== undefined) run.decisions.push(result.denial.decision);
      return { credentials, denied: { resource, denial: result.denial } };
    }
    await adopt(run, result.issued);
    credentials.set(resource, result.issued);
  }
  return { credentials };
}

/** The endpoint for the one AWS credential that can be issued again, where the platform can prove the job again. */
async function startRefreshing(
  run: Run,
  credentials: ReadonlyMap<string, Issued>,
): Promise<AwsCredentialsEndpoint | undefined> {
  if (!run.settings.refresh || !run.session.source.canMintAgain) return undefined;
  const first = [...credentials].find(
    ([name, issued]) => run.plan.whole.has(name) && isAwsCredential(issued),
  )?.[1];
  if (first === undefined) return undefined;
  return startAwsCredentialsEndpoint({
    first,
    issuedAtMs: run.caller.clock.nowMs(),
    clock: run.caller.clock,
    say: run.say,
    reissue: async () => {
      const again = await run.session.obtain(first.resource, run.settings.ttlSeconds);
      if (again.outcome === 'denied') throw new Error(`${again.denial.message} [${again.denial.reason}]`);
      await adopt(run, again.issued);
      return again.issued;
    },
  });
}

async function runWithCredentials(
  run: Run,
  variables: Record<string, string>,
  endpoint: AwsCredentialsEndpoint | undefined,
): Promise<number> {
  const { caller, plan, settings, session } = run;
  const env = buildChildEnvironment({
    env: caller.env,
    sourceVariables: session.source.variables,
    usedTokens: session.usedTokens.map((token) => token.reveal()),
    keep: settings.keepEnv,
    clean: settings.cleanEnv,
    credentials: { ...variables, ...endpoint?.environment },
  });
  if (endpoint !== undefined) for (const name of AWS_SHADOWING) delete env[name];
  const end = await runChild({
    command: plan.command,
    args: plan.args,
    env,
    cwd: caller.cwd,
    stdout: caller.stdout,
    stderr: caller.stderr,
    redaction: run.guard.redaction(),
    isTerminal: caller.stdin.isTTY === true,
    onSignal: (signal) => {
      if (signal === 'SIGTERM' || signal === 'SIGHUP') {
        setTimeout(() => void run.keeper.close(), REVOKE_AFTER_SIGNAL_MS).unref();
      }
    },
  });
  if (end.startError !== undefined) {
    caller.stderr.write(`vouchgate: cannot run ${printable(plan.command)}: ${printable(end.startError)}\n`);
  }
  return end.exitCode;
}

function reportDenial(caller: Caller, resource: string, denial: Denial): number {
  const format = caller.global.format === 'json' ? formatDenialJson : formatDenial;
  caller.stderr.write(format(resource, denial));
  return RUN_EXIT_CODE_OFFSET + exitCodeOfDenial(denial);
}

/** Credentials, child, revocation: whatever happens between, the last is done. */
export async function runJob(
  caller: Caller,
  plan: RunPlan,
  session: JobSession,
  settings: RunSettings,
): Promise<number> {
  const say = (line: string) => {
    if (!caller.global.quiet) caller.stderr.write(`vouchgate: ${printable(line)}\n`);
  };
  const masking = detectLogMasking(caller.env, caller.stderr);
  const guard = createSecretGuard({ masking, mode: settings.redact, isTty: caller.isTty, say });
  const keeper = createLeaseKeeper({ leases: session.leases, clock: caller.clock, say });
  const run: Run = { caller, plan, settings, session, keeper, guard, say, decisions: [] };
  const interruption = watchInterruptions();
  let endpoint: AwsCredentialsEndpoint | undefined;
  try {
    const { credentials, denied } = await obtainAll(run, () => interruption.exitCode() !== undefined);
    if (denied !== undefined) return reportDenial(caller, denied.resource, denied.denial);
    const interrupted = interruption.exitCode();
    if (interrupted !== undefined) return interrupted;
    const variables = combineEnvironment(credentials, plan.whole, plan.mappings);
    endpoint = await startRefreshing(run, credentials);
    return await runWithCredentials(run, variables, endpoint);
  } finally {
    await endpoint?.close();
    // Not a matter of --quiet: a credential that lives on is worth a line in every log.
    for (const { resource, lease, why } of await keeper.close()) {
      caller.stderr.write(
        `vouchgate: ${printable(resource)}: lease ${lease} not revoked: ${printable(why)}; the server ends it at its expiry\n`,
      );
    }
    interruption.stop();
    if (settings.receipt !== undefined && run.decisions.length > 0)
      await writeReceipts(caller, session, run.decisions, settings.receipt);
  }
}

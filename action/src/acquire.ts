import type { Clock } from '#core/clock.ts';
import { createDpopKey } from '#cli/client/dpop-key.ts';
import { createExchanger } from '#cli/client/exchange.ts';
import type { Denial, Issued } from '#cli/client/exchange-answer.ts';
import { createHttpSend } from '#cli/client/http-send.ts';
import type { RetryOptions } from '#cli/client/retry.ts';
import { secretValuesOf } from '#cli/client/secret-values.ts';
import { parseServerUrl } from '#cli/client/server-url.ts';
import { CommandError } from '#cli/command-error.ts';
import { formatDenialDetails } from '#cli/job/denial-report.ts';
import { describeIssued } from '#cli/job/describe-issued.ts';
import { combineEnvironment } from '#cli/job/environment-mapping.ts';
import { planResources } from '#cli/job/run-plan.ts';
import { parseTtlSeconds } from '#cli/job/ttl.ts';
import { createGitHubActionsSource } from '#cli/platform/github-actions.ts';
import { saveLease } from './lease-state.ts';
import type { Runner } from './runner.ts';

export interface AcquireOptions {
  runner: Runner;
  clock: Clock;
  retry: RetryOptions;
}

function lines(text: string): string[] {
  return text
    .split(/\r?\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function readSwitch(runner: Runner, name: string): boolean {
  const text = runner.input(name).toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  throw new CommandError('usage_invalid', `the input "${name}" is neither true nor false`, {
    remedy: 'Write true or false.',
  });
}

function optional(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function createJob({ runner, clock, retry }: AcquireOptions) {
  const server = parseServerUrl(optional(runner.input('server')) ?? runner.env['VOUCHGATE_URL']);
  const caFile = optional(runner.input('ca-file'));
  const send = createHttpSend({ env: runner.env, caFile });
  const source = createGitHubActionsSource({ env: runner.env, send, retry });
  const exchanger = createExchanger({ server, send, key: createDpopKey(clock), retry });
  const audience = optional(runner.input('audience')) ?? server;
  return { server, caFile, source, exchanger, audience };
}

function fail(runner: Runner, resource: string, denial: Denial): void {
  runner.error(`${resource}: refused: ${denial.message} [${denial.reason}]`);
  for (const line of formatDenialDetails(denial).trimEnd().split('\n')) runner.info(line);
}

function handOver(runner: Runner, credentials: ReadonlyMap<string, Issued>): void {
  for (const [resource, issued] of credentials) {
    for (const [field, value] of Object.entries(issued.values))
      runner.setOutput(`${resource}.${field}`, value.reveal());
  }
  const decisions = [...credentials].map(([resource, { decision }]) => [resource, decision]);
  runner.setOutput('decisions', JSON.stringify(Object.fromEntries(decisions)));
}

/** The main step. Resolves to its exit code; throws for a wrong set-up. */
export async function acquire(options: AcquireOptions): Promise<number> {
  const { runner, clock } = options;
  const { resources, whole, mappings } = planResources(
    lines(runner.input('resources')),
    lines(runner.input('environment')),
  );
  const isExported = readSwitch(runner, 'export-environment');
  const ttlSeconds = parseTtlSeconds(optional(runner.input('ttl')));
  const { server, caFile, source, exchanger, audience } = createJob(options);
  const credentials = new Map<string, Issued>();
  for (const resource of resources) {
    const token = await source.token(audience);
    runner.mask([token.reveal()]);
    const result = await exchanger.exchange({ token, resource, ttlSeconds });
    if (result.outcome === 'denied') {
      fail(runner, resource, result.denial);
      return 1;
    }
    const { issued } = result;
    // First hidden, then owned by the post step, so that it is revoked even when the next line fails.
    runner.mask(secretValuesOf(issued));
    saveLease(runner, credentials.size, { server, caFile, resource, lease: issued.lease });
    credentials.set(resource, issued);
    for (const line of describeIssued(issued, clock.nowMs())) runner.info(line);
  }
  const variables = combineEnvironment(credentials, whole, mappings);
  if (isExported) for (const [name, value] of Object.entries(variables)) runner.exportVariable(name, value);
  handOver(runner, credentials);
  return 0;
}

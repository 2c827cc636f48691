import { spawn } from 'node:child_process';
import { messageOf } from '#core/errors.ts';
import type { OutputStream } from '../command.ts';
import { writeAll } from '../output.ts';
import { PlatformError, type Environment, type LogMasking } from './platform.ts';

/** Shorter values are not hidden: they would blot out half of every log, and are no secret worth the name. */
export const MASKED_CHARS_MIN = 4;
const AGENT_TIMEOUT_MS = 10_000;
// The runner reads our stderr and the child's stdout by two independent readers; a process starts in less.
const SETTLE_MS = 50;

/** The lines of all values that are worth hiding, each once, longest first. */
export function maskableLines(values: readonly string[]): string[] {
  const lines = values.flatMap((value) => value.split(/\r\n|\r|\n/u));
  const worthy = lines.filter((line) => line.trim().length >= MASKED_CHARS_MIN);
  return [...new Set(worthy)].sort((left, right) => right.length - left.length);
}

function escapeGitHub(value: string): string {
  // The runner undoes exactly these three in a command's value.
  return value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

export function formatGitHubMasks(values: readonly string[]): string {
  return maskableLines(values)
    .map((line) => `::add-mask::${escapeGitHub(line)}\n`)
    .join('');
}

export function createGitHubMasking(output: OutputStream): LogMasking {
  return {
    id: 'github-actions',
    settleMs: SETTLE_MS,
    mask: (values) => writeAll(output, formatGitHubMasks(values)),
  };
}

export function formatAzureMasks(values: readonly string[]): string {
  return maskableLines(values)
    .map((line, index) => {
      const escaped = line.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
      return `##vso[task.setvariable variable=VOUCHGATE_MASK_${index};issecret=true]${escaped}\n`;
    })
    .join('');
}

export function createAzureMasking(output: OutputStream): LogMasking {
  return {
    id: 'azure-pipelines',
    settleMs: SETTLE_MS,
    mask: (values) => writeAll(output, formatAzureMasks(values)),
  };
}

/** Tells Buildkite's agent, on its standard input: arguments are readable by every process of the machine. */
export function createBuildkiteMasking(env: Environment): LogMasking {
  return {
    id: 'buildkite',
    settleMs: 0,
    async mask(values) {
      const named = maskableLines(values).map((line, index) => [`vouchgate_${index}`, line] as const);
      if (named.length > 0) await runAgent(env, JSON.stringify(Object.fromEntries(named)));
    },
  };
}

function runAgent(env: Environment, input: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown) =>
      reject(
        new PlatformError('masking_failed', `buildkite-agent did not take the values to hide: ${why}`, {
          remedy: 'Use an agent of version 3.67 or newer, or give --redact always.',
          cause,
        }),
      );
    const agent = spawn('buildkite-agent', ['redactor', 'add', '--format', 'json'], {
      env: { ...env },
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: AGENT_TIMEOUT_MS,
    });
    agent.once('error', (cause) => fail(messageOf(cause), cause));
    agent.once('exit', (code, signal) => (code === 0 ? resolve() : fail(`exit ${code ?? signal}`)));
    // Its early end shows in `exit`; the broken pipe adds nothing.
    agent.stdin.on('error', () => {});
    agent.stdin.end(input);
  });
}

/** GitLab, and everything else, hides only what its settings knew before the job started. */
export const noMasking: LogMasking = { id: 'none', settleMs: 0, mask: async () => {} };

import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatProblem } from '#core/config/problem.ts';
import { validateYaml } from '#core/config/validate.ts';
import { parseYamlSource } from '#core/config/yaml-source.ts';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { messageOf } from '#core/errors.ts';
import { silentLogger } from '#core/log.ts';
import { StsEmulatorConfiguration } from '#credentials/emulator/sts/configuration.ts';
import { startStsEmulator } from '#credentials/emulator/sts/sts-emulator.ts';
import { githubActionsClaims, startDevelopmentIssuer } from '#identity/emulator/development-issuer.ts';
import { defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { parsePort } from '../dev/parse-port.ts';
import { people } from '../dev/people.ts';
import { writeAll } from '../output.ts';
import { untilStopped } from '../server/until-stopped.ts';

const CONFIG_BYTES_MAX = 1_048_576;

const sts = defineCommand({
  name: 'sts',
  summary: 'a strict AWS STS on loopback, for trust policies and tests',
  description:
    'AssumeRoleWithWebIdentity as strict as AWS: signature, issuer, times, audience and the conditions of the trust policy are checked, and refusals say what AWS would say. Its credentials open nothing.',
  options: { config: { value: 'FILE', description: 'identity providers and roles (YAML or JSON)' } },
  examples: [
    {
      command: 'vouchgate dev sts --config sts.yaml',
      explanation: 'then set endpoint of an aws-sts provider to its URL',
    },
  ],
  async run(context) {
    const { config } = context.options;
    if (config === undefined) {
      throw new CommandError('usage_invalid', 'dev sts needs --config FILE.', {
        remedy: 'docs/guides/aws.md has a file to start from.',
      });
    }
    const configuration = await readStsConfiguration(resolve(context.cwd, config));
    const hosts = configuration.providers.map(({ issuer, jwksUrl }) => new URL(jwksUrl ?? issuer).host);
    const network = createBoundedFetch({
      clock: context.clock,
      log: silentLogger,
      trust: { allowPrivateHosts: hosts },
    });
    const emulator = await startStsEmulator({ ...configuration, clock: context.clock, fetch: network.fetch });
    await writeAll(context.stdout, `STS emulator on ${emulator.url}\nAWS_ENDPOINT_URL_STS=${emulator.url}\n`);
    await untilStopped();
    await emulator.close();
    await network.close();
    return 0;
  },
});

async function readStsConfiguration(path: string): Promise<StsEmulatorConfiguration> {
  const parsed = parseYamlSource(path, await readText(path));
  const checked = parsed.ok
    ? validateYaml(StsEmulatorConfiguration, parsed.source, [], parsed.source.value)
    : parsed;
  if (checked.ok && 'value' in checked) return checked.value;
  const [first] = 'problems' in checked ? checked.problems : [];
  throw new CommandError(
    'usage_invalid',
    first === undefined ? 'The file is not valid.' : formatProblem(first),
    {
      location: path,
      remedy: 'Correct the file.',
    },
  );
}

async function readText(path: string): Promise<string> {
  try {
    const handle = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(CONFIG_BYTES_MAX + 1);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new CommandError('usage_invalid', `${path} cannot be read: ${messageOf(cause)}.`, {
      remedy: 'Name a file that exists.',
      cause,
    });
  }
}

const issuer = defineCommand({
  name: 'issuer',
  summary: 'an OIDC issuer on loopback that signs what GitHub Actions signs',
  description:
    'Prints the variables that make this shell look like a job, so that `vouchgate run` can be tried without a pipeline. Never trust it in a configuration that others use: whoever reaches it can be any job.',
  options: {
    port: { value: 'PORT', description: 'where to listen (default: a free port)' },
    claim: {
      value: 'NAME=VALUE',
      repeatable: true,
      description: 'claim of the job, e.g. ref=refs/heads/main',
    },
  },
  examples: [
    {
      command: 'vouchgate dev issuer --claim repository_id=456789 --claim ref=refs/heads/main',
      explanation: 'a job of one repository',
    },
  ],
  async run(context) {
    const claims = Object.fromEntries(context.options.claim.map(parseClaim));
    const server = await startDevelopmentIssuer({
      port: parsePort(context.options.port),
      clock: context.clock,
    });
    const job = server.registerJob({ platform: 'github-actions', claims: githubActionsClaims(claims) });
    const lines = [
      `# issuer for vouchgate.yaml: ${server.issuer}`,
      `# network: { allowPrivateHosts: ["${new URL(server.issuer).host}"] }`,
      'export GITHUB_ACTIONS=true',
      `export ACTIONS_ID_TOKEN_REQUEST_URL='${job.requestUrl}'`,
      `export ACTIONS_ID_TOKEN_REQUEST_TOKEN='${job.requestToken}'`,
    ];
    await writeAll(context.stdout, `${lines.join('\n')}\n`);
    await untilStopped();
    await server.close();
    return 0;
  },
});

function parseClaim(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new CommandError('usage_invalid', `--claim ${text} is not NAME=VALUE.`, {
    remedy: 'For example: --claim ref=refs/heads/main',
  });
}

export const command = defineCommand({
  name: 'dev',
  summary: 'emulators to develop and test against, on loopback only',
  subcommands: [issuer, people, sts],
});

import { z } from 'zod';
import { DurationText } from '#core/config/duration.ts';
import { SecretReference } from '#core/config/secret-reference.ts';

/** Beside `vouchgate.yaml`: which findings stop a pipeline. */
export const GATE_POLICY_FILE = 'vouchgate.policy.yaml';

const TIMEOUT_SECONDS_DEFAULT = 5;
const TIMEOUT_SECONDS_MAX = 30;

const ApiUrl = z
  .string()
  .max(500)
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'must be an http or https URL')
  .refine((text) => !/[?#]|\/$|@/.test(text), 'must have no user, query, fragment or trailing slash');

const Folder = z
  .string()
  .min(1)
  .max(4_096)
  .refine((text) => text.startsWith('/') || /^[A-Za-z]:[\\/]/.test(text), 'must be an absolute path');

const MirrorSource = z.strictObject({
  type: z.literal('mirror'),
  folder: Folder.describe('Folder of bare repositories `owner/name.git` that somebody keeps up to date.'),
});

const GitSource = z.strictObject({
  type: z.literal('git'),
  url: z
    .string()
    .max(1_000)
    .refine((text) => text.split('{repository}').length === 2, 'must have `{repository}` once')
    .refine(
      (text) => /^(?:https?|ssh):\/\/[^\s/{}?#]+\/[^\s?#]*$|^file:\/\/\/[^\s?#]*$/.test(text),
      'must be an https, ssh or file URL, with `{repository}` in its path',
    )
    .describe('Of any git server: `https://git.acme.example/{repository}.git`.'),
  token: SecretReference.optional().describe('Password for https; one that may only read.'),
  username: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\s:]+$/)
    .default('x-access-token')
    .describe('User that goes with `token`.'),
  sshKeyFile: Folder.optional().describe('Private key for ssh; the host key must be in `knownHostsFile`.'),
  knownHostsFile: Folder.optional().describe('Host keys (`known_hosts`) that are accepted for ssh.'),
});

const GithubSource = z.strictObject({
  type: z.literal('github'),
  url: ApiUrl.default('https://api.github.com').describe('Base of the REST API.'),
  token: SecretReference.optional().describe('A token that may read contents; none for public repositories.'),
});

const GitlabSource = z.strictObject({
  type: z.literal('gitlab'),
  url: ApiUrl.default('https://gitlab.com/api/v4').describe('Base of the REST API.'),
  token: SecretReference.optional().describe('A token with `read_api` or `read_repository`.'),
});

export const PostureSourceEntry = z.discriminatedUnion('type', [
  MirrorSource,
  GitSource,
  GithubSource,
  GitlabSource,
]);
export type PostureSourceEntry = z.infer<typeof PostureSourceEntry>;

/** `posture` of `vouchgate.yaml`: how the server learns what the pipelines are that ask it. */
export const PostureSection = z.strictObject({
  sources: z
    .record(z.string().max(63), PostureSourceEntry)
    .describe('Where the definitions of an entry of `identityProviders` are read: name → source.'),
  suppressions: z
    .enum(['none', 'default-branch', 'all'])
    .default('default-branch')
    .describe(
      'Whose waivers, ignores and excludes count: nobody’s, the default branch’s, or the commit’s own.',
    ),
  timeout: DurationText.default(TIMEOUT_SECONDS_DEFAULT)
    .refine((seconds) => seconds <= TIMEOUT_SECONDS_MAX, `must be at most ${TIMEOUT_SECONDS_MAX}s`)
    .describe('How long a job waits for its inspection; then its posture is unknown.'),
});
export type PostureSection = z.infer<typeof PostureSection>;

import { isIP } from 'node:net';
import { z } from 'zod';
import { DurationText } from '#core/config/duration.ts';
import { ChangesSection } from './changes-section.ts';
import { FindingsSection } from './findings-section.ts';
import { InputsSection } from './inputs-section.ts';
import { isLoopback } from './is-loopback.ts';
import { LogSection, WitnessSection } from './log-section.ts';
import { PEOPLE_POLICIES_FOLDER, PeopleSection } from './people-section.ts';
import { SinkEntries } from './sinks-section.ts';
import { PostureSection } from './posture-section.ts';
import { TelemetrySection } from './telemetry-section.ts';

const NAME_PATTERN = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const Name = z
  .string()
  .max(63)
  .regex(NAME_PATTERN, 'must be lower-case words joined by `-`, such as shop-db');

const BaseUrl = z
  .string()
  .max(500)
  .refine(
    isBaseUrl,
    'must be an https URL (http only on loopback) without query, fragment or trailing slash',
  );

function isBaseUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || text.endsWith('/') || url.search !== '' || url.hash !== '' || url.username !== '')
    return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && bits > 0 && (prefix === undefined || isPrefix(prefix, bits));
}

function isPrefix(text: string, bitsMax: number): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) <= bitsMax;
}

/** What is reached: asked for by name, issued through one credential provider. */
export const ResourceEntry = z.strictObject({
  credentialProvider: Name.describe('Name of an entry of `credentialProviders`.'),
  description: z.string().max(500).optional(),
  privileged: z
    .boolean()
    .default(false)
    .describe('A mistake here hurts: every policy must then name a ref, an environment or a trigger.'),
  ttl: DurationText.optional().describe('Lifetime of a credential; by default that of its kind.'),
  ttlMax: DurationText.optional().describe('Longest lifetime, renewals included; by default `ttl`.'),
  proof: z
    .enum(['optional', 'required'])
    .default('optional')
    .describe('`required`: only to holders who prove a key (DPoP, RFC 9449).'),
  uri: z
    .string()
    .max(500)
    .optional()
    .describe('Absolute URI by which it may be asked for (`resource`, RFC 8693).'),
  tags: z
    .record(z.string().max(100), z.string().max(200))
    .default({})
    .describe('For policies: `resource.getTag("team")`.'),
  environment: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string())
    .optional()
    .describe('Environment variable to value field, instead of the names of the credential provider.'),
  parameters: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('What the kind of the credential provider takes.'),
});
export type ResourceEntry = z.infer<typeof ResourceEntry>;

const Typed = z.looseObject({ type: z.string() });

/** `vouchgate.yaml`. What stands under a provider's name is checked by the provider's own kind. */
export const ConfigurationFile = z.strictObject({
  version: z.literal(1),
  url: BaseUrl.describe('Public URL of this server: our issuer, and what DPoP proofs are made for.'),
  audience: z.string().min(1).max(500).optional().describe('`aud` of the tokens of jobs; by default `url`.'),
  identityProviders: z.record(Name, Typed).default({}).describe('Whose tokens are accepted.'),
  credentialProviders: z.record(Name, Typed).default({}).describe('Where credentials come from.'),
  resources: z.record(Name, ResourceEntry).default({}).describe('What jobs may ask for.'),
  policies: z
    .string()
    .regex(/^[\w][\w./-]*$/)
    .refine(
      (path) => path.split('/').every((part) => part !== '' && !part.startsWith('.')),
      'must be a folder inside the configuration folder, such as policies',
    )
    // What lies there is read for people: a policy must not count for both.
    .refine((path) => path.split('/')[0] !== PEOPLE_POLICIES_FOLDER, 'must not be `people`')
    .default('policies')
    .describe('Folder of `*.cedar` files.'),
  posture: PostureSection.optional().describe(
    'How pipelines are inspected; without it no policy can demand a posture.',
  ),
  people: PeopleSection.prefault({}).describe('Who may sign in here, and as what.'),
  changes: ChangesSection.prefault({}).describe('How changes proposed in the console come into force.'),
  findings: FindingsSection.prefault({}).describe('How long findings may stay, and where reports come from.'),
  log: LogSection.prefault({}).describe('Who watches over the log of this server.'),
  witness: WitnessSection.prefault({}).describe('Whose logs this server watches over.'),
  sinks: SinkEntries.default({}).describe('Where a copy of the record goes; see docs/guides/siem.md.'),
  inputs: InputsSection.prefault({}).describe('What other systems say happened there, for the timeline.'),
  telemetry: TelemetrySection.prefault({}).describe('Figures and traces for the operator.'),
  network: z
    .strictObject({
      allowPrivateHosts: z
        .array(z.string().max(255))
        .max(100)
        .default([])
        .describe('Hosts (`host` or `host:port`) with private addresses, or http, that may be reached.'),
      trustedProxies: z
        .array(z.string().max(50).refine(isNetwork, 'must be an address or a network, such as 10.0.0.0/8'))
        .max(100)
        .default([])
        .describe('Addresses (CIDR) whose `X-Forwarded-For` is believed.'),
    })
    .default({ allowPrivateHosts: [], trustedProxies: [] }),
});
export type ConfigurationFile = z.infer<typeof ConfigurationFile>;

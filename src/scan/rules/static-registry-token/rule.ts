import type { ActionUse, Job, Script, Step, Variable } from '#pipeline/model.ts';
import { effectivePermissions } from '#pipeline/permissions.ts';
import type { Span } from '#pipeline/source.ts';
import type { Rule } from '../../rule.ts';
import { findSecretVariable, type SecretUse, secretsIn } from '../../shared/secret-use.ts';
import { shellLinesOf } from '../../shared/shell-lines.ts';
import { registries, type Registry } from './registries.ts';

const ADDRESS = /https?:\/\/([a-z0-9.-]{1,253})/gi;

function inputOf(inputs: readonly Variable[], name: string): Variable | undefined {
  return inputs.find((each) => each.name.toLowerCase() === name);
}

/** Addresses that say where a step publishes: a private registry has its own rules. */
function goesElsewhere(target: Registry, texts: readonly string[]): boolean {
  const hosts = texts.flatMap((text) => [...text.matchAll(ADDRESS)].map(([, host]) => host ?? ''));
  return hosts.length > 0 && !hosts.some((host) => target.hosts.test(host.toLowerCase()));
}

/** Addresses of the registry that a set-up step before this one put into the configuration. */
function configuredAddresses(job: Job): string[] {
  return job.steps.flatMap(({ work }) => {
    const address = work.kind === 'action' ? inputOf(work.inputs, 'registry-url')?.value?.value : undefined;
    return address === undefined ? [] : [address];
  });
}

function findVariable(target: Registry, step: Step): SecretUse | undefined {
  return findSecretVariable(step, (name) => target.variable.test(name.toUpperCase()))?.use;
}

interface Publication {
  readonly target: Registry;
  readonly at: Span;
  /** Undefined where it is not seen, and where nothing else than a token can let the step publish. */
  readonly token: SecretUse | undefined;
}

/** Secrets that the line itself names, or that its variables hold. */
function findToken(line: string, target: Registry, step: Step, { text }: Script): SecretUse | undefined {
  const written = secretsIn(text).find(({ expression: { outer } }) =>
    line.includes(text.value.slice(outer.start, outer.end)),
  );
  return findVariable(target, step) ?? written;
}

/** Without an identity token there is only a stored one, wherever it comes from. */
function lacksIdentity(job: Job): boolean {
  const { pipeline } = job;
  if (pipeline.kind !== 'workflow') return false;
  const permissions = effectivePermissions(job);
  // A called workflow without permissions of its own has those of its caller.
  const isCalled = pipeline.triggers.some(({ event }) => event === 'workflow_call');
  return permissions.access('id-token') === 'none' && !(permissions.from === 'default' && isCalled);
}

const REHEARSAL = /\s(?:--dry-run|-n)(?=\s|$)/;

/** A word of every command that publishes: most scripts have none of them. */
const PUBLISHES = /publish|push|upload|release/;

function findInScript(step: Step, script: Script, target: Registry): Publication | undefined {
  if (!PUBLISHES.test(script.text.value)) return undefined;
  for (const line of shellLinesOf(script.text)) {
    const match = target.command.exec(line.code);
    if (match === null || REHEARSAL.test(line.code)) continue;
    if (goesElsewhere(target, [script.text.value, ...configuredAddresses(step.job)])) return undefined;
    const token = findToken(line.code, target, step, script);
    if (token === undefined && !lacksIdentity(step.job)) continue;
    return { target, token, at: line.locate(match.index, match.index + match[0].length) };
  }
  return undefined;
}

/** Told not to use the identity of the run. */
function findRefusal(use: ActionUse, target: Registry): Publication | undefined {
  const { repository } = use.reference;
  const refusal = Object.hasOwn(target.refusals, repository) ? target.refusals[repository] : undefined;
  if (refusal === undefined) return undefined;
  const input = inputOf(use.inputs, refusal.input);
  if (input?.value?.value.trim().toLowerCase() !== refusal.value) return undefined;
  if (refusal.address !== undefined) {
    const address = inputOf(use.inputs, refusal.address)?.value?.value;
    if (address === undefined || goesElsewhere(target, [address])) return undefined;
  }
  return { target, token: undefined, at: input.node };
}

function findInAction(step: Step, use: ActionUse, target: Registry): Publication | undefined {
  const { repository } = use.reference;
  if (!Object.hasOwn(target.actions, repository)) return findRefusal(use, target);
  const input = target.actions[repository];
  const given = input === undefined ? undefined : secretsIn(inputOf(use.inputs, input)?.value)[0];
  const token = given ?? findVariable(target, step);
  const addresses = ['repository-url', 'repository_url', 'registry', 'gem-server'].flatMap(
    (name) => inputOf(use.inputs, name)?.value?.value ?? [],
  );
  if (token === undefined || goesElsewhere(target, [...addresses, ...configuredAddresses(step.job)])) {
    return undefined;
  }
  return { target, token, at: use.text.node };
}

function findPublication(step: Step, target: Registry): Publication | undefined {
  const { work } = step;
  if (work.kind === 'action') return findInAction(step, work, target);
  return work.kind === 'script' ? findInScript(step, work, target) : undefined;
}

/** The token is not seen: it may be a registry of one's own that another file names. */
const GUESSED = { severity: 'info', confidence: 'low', persona: 'pedantic' } as const;

export const rule: Rule = {
  id: 'static-registry-token',
  title: 'A package is published with a stored token',
  severity: 'low',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-6', 'CICD-SEC-9'], cwe: ['CWE-798', 'CWE-262'], cis: ['4.2.3'] },
  description:
    'Looks for publishing to PyPI, npm, Cargo, RubyGems and NuGet with a token out of the secrets.',
  why: 'Whoever gets the token publishes under your name from anywhere, as often as they like. Those registries can accept the identity of one workflow instead, for which nothing has to be stored.',
  remedy:
    'Register this workflow as a trusted publisher, and delete the token. `vouchgate inspect federation` writes the patch and what to register.',
  references: ['https://repos.openssf.org/trusted-publishers-for-all-package-repositories'],
  incident: {
    name: 'Nx (s1ngularity)',
    date: '2025-08',
    what: 'A stored token of npm was taken from a workflow, and releases that searched machines for secrets were published with it.',
  },
  aliases: ['zizmor/use-trusted-publishing'],

  step(step, context) {
    for (const target of registries) {
      const found = findPublication(step, target);
      if (found === undefined) continue;
      const { at, token } = found;
      const named =
        token === undefined || token.name === '' ? 'a stored token' : `the stored token ${token.name}`;
      context.report({
        at,
        ...(token === undefined ? GUESSED : {}),
        message: `${named} publishes to ${target.name}, which could trust this workflow instead`,
        remedy: `Give the job \`id-token: write\` and an environment, ${target.instead}. Then delete the token. \`vouchgate inspect federation\` writes the patch.`,
        related: token === undefined ? [] : [{ at: token.span, label: 'the token' }],
      });
    }
  },
};

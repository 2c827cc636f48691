import type { Rule } from '#scan/rule.ts';
import { SECRET_RULE_PREFIX } from '#scan/secrets/rule.ts';
import type { OptionDefinitions } from '../../command.ts';
import { CommandError } from '../../command-error.ts';
import { selectRules } from '../select-rules.ts';

/** What a scan looks at; further engines add their word. */
const subjects = ['pipelines', 'secrets'] as const;
type Subject = (typeof subjects)[number];

export const secretsOptions = {
  only: {
    value: 'what',
    choices: subjects,
    repeatable: true,
    description: 'look only at this (default: pipelines, and secrets in every file)',
  },
  history: {
    value: 'range',
    impliedValue: 'all',
    description: 'also look for secrets in the history: of every ref, or of what git log takes (v1.0..HEAD)',
  },
} as const satisfies OptionDefinitions;

export interface SecretsChoice {
  /** Ids of rules; all when it is undefined. */
  readonly only: ReadonlySet<string> | undefined;
  /** `all`, or what `git log` takes; undefined leaves the history out. */
  readonly history: string | undefined;
}

export interface Chosen {
  readonly rules: readonly Rule[];
  /** Undefined when secrets are not looked for. */
  readonly secrets: SecretsChoice | undefined;
}

interface Given {
  readonly rule: readonly string[];
  readonly only: readonly string[];
  readonly history: string | undefined;
}

/** The pack is large, so it is only loaded for a name that may be in it. */
async function findSecretRules(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  if (!names.some((name) => name.startsWith(SECRET_RULE_PREFIX) || name.startsWith('gitleaks'))) return found;
  const { rulePack } = await import('#scan/secrets/rule-pack.ts');
  for (const name of names) {
    for (const { id, gitleaks } of rulePack) {
      const ours = `${SECRET_RULE_PREFIX}${id}`;
      if (name === ours || gitleaks.some((alias) => name === `gitleaks/${alias}`)) found.set(ours, name);
    }
    // A team's own rule has the id that it gets in reports.
    if (name.startsWith('gitleaks-')) found.set(name, name);
  }
  return found;
}

/** Reads `--only`, `--rule` and `--history`: who names rules wants those and nothing else. */
export async function chooseSubjects(rules: readonly Rule[], given: Given): Promise<Chosen> {
  const wants = (subject: Subject) => given.only.length === 0 || given.only.includes(subject);
  const secretRules = await findSecretRules(given.rule);
  const taken = new Set(secretRules.values());
  const others = given.rule.filter((name) => !taken.has(name));
  const pipelines = wants('pipelines') && (given.rule.length === 0 || others.length > 0);
  const secrets = wants('secrets') && (given.rule.length === 0 || secretRules.size > 0);
  if (given.history !== undefined && !secrets) {
    throw new CommandError('usage_invalid', '--history looks for secrets, which are left out here', {
      remedy: 'Leave --history away, or let the scan look for secrets.',
    });
  }
  if (given.history?.startsWith('-') === true) {
    throw new CommandError('usage_invalid', `--history "${given.history}" is no range of commits`, {
      remedy: 'Write it as git log takes it: --history=v1.0..HEAD',
    });
  }
  return {
    rules: pipelines ? selectRules(rules, others) : [],
    secrets: secrets
      ? { only: secretRules.size === 0 ? undefined : new Set(secretRules.keys()), history: given.history }
      : undefined,
  };
}

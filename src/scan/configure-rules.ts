import { ScanConfigurationError } from './scan-settings.ts';
import type { Rule } from './rule.ts';
import type { ScanSettings } from '#findings/scan-configuration.ts';

/** What another tool's file decides about rules of ours, which ours overrules. */
export interface ForeignSettings {
  readonly disabled: ReadonlySet<string>;
  /** By the id of the rule, in the form of our own. */
  readonly ruleSettings: ReadonlyMap<string, unknown>;
}

const NOTHING: ForeignSettings = { disabled: new Set(), ruleSettings: new Map() };

function refuse(id: string, what: string): never {
  const message = `scan.rules.${id}.settings: ${what}`;
  throw new ScanConfigurationError('scan_configuration_invalid', message, {
    location: '.vouchgate.yml',
    remedy: `Correct the settings. docs/reference/rules/${id}.md says what the rule takes.`,
  });
}

function bindSettings(rule: Rule, given: unknown): Rule {
  if (given === undefined) return rule;
  if (rule.settings === undefined) return refuse(rule.id, 'this rule takes none');
  const checked = rule.settings.schema.safeParse(given);
  if (checked.success) return rule.settings.bind(checked.data);
  const [issue] = checked.error.issues;
  const path = (issue?.path ?? []).map((member) => `${String(member)}: `).join('');
  return refuse(rule.id, `${path}${issue?.message ?? 'not understood'}`);
}

/** The rules that a repository wants, as it wants them. Throws ScanConfigurationError. */
export function configureRules(
  rules: readonly Rule[],
  settings: ScanSettings,
  foreign: ForeignSettings = NOTHING,
): readonly Rule[] {
  // The same list for most repositories, so that what is known of it holds for all of them.
  if (settings.rules === undefined && foreign.disabled.size + foreign.ruleSettings.size === 0) return rules;
  return rules
    .filter(({ id }) => settings.rules?.[id]?.enabled ?? !foreign.disabled.has(id))
    .map((rule) => {
      const own = settings.rules?.[rule.id];
      const bound = bindSettings(rule, own?.settings ?? foreign.ruleSettings.get(rule.id));
      return own?.severity === undefined ? bound : { ...bound, severity: own.severity };
    });
}

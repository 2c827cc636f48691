import { cell, code, page, table } from './markdown.ts';
import type { Generator } from './output.ts';

/** Every kind of secret, with what it is called elsewhere and what takes its place. */
export const secretsPage: Generator = {
  path: 'docs/reference/secrets.md',
  sources: ['src/scan/secrets/rule-pack.ts'],
  generate: async () => {
    const { rulePack } = await import('#scan/secrets/rule-pack.ts');
    const { describeRule } = await import('#scan/secrets/describe-rule.ts');
    const rows = rulePack.map((rule) => {
      const { id, severity } = describeRule(rule);
      const named = rule.gitleaks.map(code).join(' ');
      return [
        code(id),
        cell(rule.what),
        rule.tier === 'generic' ? 'advises' : severity,
        named,
        cell(rule.revoke),
      ];
    });
    return page(
      'Secrets',
      `What \`vouchgate scan\` looks for in every file, and with \`--history\` in every commit: ${rulePack.length} kinds. [The guide](../guides/secrets.md) says how, and what a team may decide. How to live without one is said with each finding.`,
      table(['id', 'what', 'severity', 'in gitleaks', 'how to revoke it'], rows),
    );
  },
};

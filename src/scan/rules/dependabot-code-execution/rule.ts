import { asMapping, asScalar, findValue, itemsOf } from '#pipeline/yaml/access.ts';
import type { Rule } from '../../rule.ts';

export const rule: Rule = {
  id: 'dependabot-code-execution',
  title: 'Dependabot may run code of packages',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-3', 'CICD-SEC-6'], cwe: ['CWE-829', 'CWE-94'], cis: ['3.1.1'] },
  description: 'Looks for Dependabot updates with `insecure-external-code-execution: allow`.',
  why: 'To look for updates Dependabot then runs the build files of packages, also of the new releases that nobody has seen. That code can read the credentials of the private registries that the update has.',
  remedy:
    'Take the line out. If an ecosystem needs it, keep its update apart, and give that one no registries.',
  references: [
    'https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference#insecure-external-code-execution--',
  ],
  aliases: ['zizmor/dependabot-execution'],

  configuration(configuration, context) {
    const { node } = configuration;
    const registries = asMapping(findValue(node, 'registries'))?.entries.length ?? 0;
    for (const update of itemsOf(findValue(node, 'updates'))) {
      const setting = asScalar(findValue(update, 'insecure-external-code-execution'));
      if (setting?.value !== 'allow') continue;
      const ecosystem =
        asScalar(findValue(update, 'package-ecosystem'))?.value.slice(0, 60) ?? 'an ecosystem';
      context.report({
        at: setting,
        message: `updates of ${ecosystem} run code of packages that nobody has seen${registries > 0 ? ', with registry credentials around' : ''}`,
        severity: registries > 0 ? 'high' : 'medium',
        fixes: [
          {
            title: 'deny it',
            safety: 'unsafe',
            edits: [{ start: setting.start, end: setting.end, replacement: 'deny' }],
          },
        ],
        key: ecosystem,
      });
    }
  },
};

import type { Configuration } from '#pipeline/model.ts';
import { asMapping, asScalar, findValue, itemsOf } from '#pipeline/yaml/access.ts';
import type { MappingNode, YamlNode } from '#pipeline/yaml/node.ts';
import type { FixDraft, Rule, RuleContext } from '../../rule.ts';

/** Most releases that were published with stolen tokens are found and taken down within days. */
const RECOMMENDED_DAYS = 7;
/** Below it there is no time for anybody to find anything; without a setting three days hold. */
const WORTH_IT_DAYS = 2;

/** Puts the block in front of an entry that begins its line, in the style of a block mapping. */
function insertFix(update: MappingNode, configuration: Configuration): FixDraft | undefined {
  const { source } = configuration;
  const key = update.entries[1]?.key;
  if (update.flow || key === undefined) return undefined;
  const { column, line } = source.position(key.start);
  const indent = source.line(line).slice(0, column - 1);
  if (indent.trim() !== '') return undefined;
  const replacement = `cooldown:\n${indent}  default-days: ${RECOMMENDED_DAYS}\n${indent}`;
  return {
    title: `wait ${RECOMMENDED_DAYS} days`,
    safety: 'safe',
    edits: [{ start: key.start, end: key.start, replacement }],
  };
}

function checkDays(days: YamlNode, ecosystem: string, context: RuleContext): void {
  const written = asScalar(days)?.value.trim() ?? '';
  if (!/^\d{1,4}$/.test(written) || Number(written) >= RECOMMENDED_DAYS) return;
  const short = Number(written) < WORTH_IT_DAYS;
  context.report({
    at: days,
    message: `new releases of ${ecosystem} are taken after ${written} days, and attacks are often found later`,
    persona: short ? 'regular' : 'pedantic',
    fixes: [
      {
        title: `wait ${RECOMMENDED_DAYS} days`,
        safety: 'safe',
        edits: [{ start: days.start, end: days.end, replacement: String(RECOMMENDED_DAYS) }],
      },
    ],
    key: `${ecosystem} days`,
  });
}

/** Names of packages, and no number of days for any of them. */
function saysNoDays(cooldown: YamlNode): boolean {
  const block = asMapping(cooldown);
  return (
    block !== undefined && !block.entries.some(({ key }) => asScalar(key)?.value.endsWith('-days') === true)
  );
}

export const rule: Rule = {
  id: 'dependabot-cooldown',
  title: 'New releases are taken at once',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-1357'], cis: ['3.1.7'] },
  description:
    'Looks for Dependabot updates without `cooldown`, or with one of less than seven days. Everybody sees those that set it to a day or to nothing, which is less than the three days that hold by default.',
  why: 'Releases that were published with stolen tokens are usually found within days. Who waits for a week gets the report of the others instead of the release.',
  remedy: 'Add `cooldown: { default-days: 7 }` to the update. Security updates do not wait for it.',
  references: [
    'https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference#cooldown-',
  ],
  incident: {
    name: 'LiteLLM',
    date: '2026-03',
    what: 'Releases that were published with stolen credentials stayed on the index for hours, and who took updates at once had them.',
  },
  aliases: ['zizmor/dependabot-cooldown'],

  configuration(configuration, context) {
    for (const item of itemsOf(findValue(configuration.node, 'updates'))) {
      const update = asMapping(item);
      const name = asScalar(findValue(update, 'package-ecosystem'));
      if (update === undefined || name === undefined) continue;
      const ecosystem = name.value.slice(0, 60);
      const cooldown = findValue(update, 'cooldown');
      const days = findValue(cooldown, 'default-days');
      if (days !== undefined) checkDays(days, ecosystem, context);
      else if (cooldown === undefined || saysNoDays(cooldown))
        context.report({
          at: cooldown ?? name,
          key: ecosystem,
          message: `updates of ${ecosystem} have no cooldown of their own`,
          severity: 'info',
          fixes: cooldown === undefined ? [insertFix(update, configuration)] : [],
        });
    }
  },
};

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { splitExample } from '#findings/rule-book.ts';
import type { Rule } from '#scan/rule.ts';
import { PROJECT_ROOT } from '../source/project-files.ts';
import { code, list, page, table } from './markdown.ts';
import type { Generator } from './output.ts';
import { listFolders, RULES } from './scan-registries.ts';

async function loadRule(id: string): Promise<Rule> {
  // The registry was generated before the pages, so the rule of this folder is in it.
  const { rules } = await import('#scan/rules.generated.ts');
  const rule = rules.find((each) => each.id === id);
  if (rule === undefined)
    throw new Error(`${RULES}/${id}/rule.ts: the id of the rule is not its folder’s name.`);
  return rule;
}

/** One block for each file of the example; several are told apart by `# --- path` lines. */
function example(id: string, name: 'bad' | 'good'): string {
  const text = readFileSync(path.join(PROJECT_ROOT, RULES, id, `${name}.yml`), 'utf8');
  return splitExample(text)
    .map(({ file, language, text: lines }) => {
      const name = file === undefined ? '' : `# --- ${file}\n`;
      return `\`\`\`${language}\n${name}${lines}\n\`\`\``;
    })
    .join('\n\n');
}

function rulePage(id: string): Generator {
  return {
    path: `docs/reference/rules/${id}.md`,
    sources: [`${RULES}/${id}/rule.ts`, `${RULES}/${id}/bad.yml`, `${RULES}/${id}/good.yml`],
    generate: async () => {
      const rule = await loadRule(id);
      const { cicdSec, cwe, cis } = rule.standards;
      return page(
        rule.id,
        `${rule.title}. Severity ${rule.severity}, confidence ${rule.confidence}, for ${rule.persona} readers; ${rule.platforms.join(', ')}.`,
        rule.description,
        `## Why\n\n${rule.why}`,
        rule.incident === undefined
          ? undefined
          : `**It happened:** ${rule.incident.name}, ${rule.incident.date}. ${rule.incident.what}`,
        `## Instead\n\n${rule.remedy}`,
        `## Found here\n\n${example(id, 'bad')}`,
        `## Not here\n\n${example(id, 'good')}`,
        `## Let it stand\n\n\`# vouchgate: ignore[${id}] reason\` on the line, or a waiver in \`.vouchgate.yml\`.`,
        `## More\n\n${list(rule.references.map((reference) => `<${reference}>`))}`,
        `Standards: ${[...cicdSec, ...cwe, ...cis.map((each) => `CIS ${each}`)].join(', ')}.`,
        rule.aliases.length === 0 ? undefined : `Elsewhere: ${rule.aliases.map(code).join(', ')}.`,
      );
    },
  };
}

const ids = listFolders(RULES, 'rule.ts');

const overview: Generator = {
  path: 'docs/reference/rules.md',
  sources: [RULES],
  generate: async () => {
    const rules = await Promise.all(ids.map(loadRule));
    return page(
      'Rules of the pipeline scanner',
      'What `vouchgate scan` looks for. The severity is that of the usual case; a finding says its own.',
      table(
        ['rule', 'what is wrong', 'severity', 'confidence', 'readers'],
        rules.map(({ id, title, severity, confidence, persona }) => [
          `[${id}](rules/${id}.md)`,
          title,
          severity,
          confidence,
          persona,
        ]),
      ),
    );
  },
};

export const rulePages: readonly Generator[] = [overview, ...ids.map(rulePage)];

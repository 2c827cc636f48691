import type { RiskArea } from '#findings/risk-area.ts';
import { code, page, table } from './markdown.ts';
import type { Generator } from './output.ts';

const QUESTIONS: Readonly<Record<RiskArea, string>> = {
  misconfiguration: 'Is anything set up so that it opens a door?',
  secrets: 'Is there anything to steal that stays valid?',
  'code-injection': 'Can text from outside become code?',
  'security-testing': 'Is what is built looked at for weaknesses, and mended?',
  'third-parties': 'Whose code and services are trusted?',
  privilege: 'Can jobs and people do more than they need?',
  monitoring: 'Would anybody notice, and could they prove it?',
  poisoning: 'Can outsiders change what is built?',
};

const KINDS = [
  ['secret', 'secrets'],
  ['dependency, container, licence', 'third-parties'],
  ['infrastructure, pipeline', 'misconfiguration, or code-injection by its CWE'],
  ['code, web', 'security-testing, or code-injection by its CWE'],
  ['quality', 'none'],
] as const;

/** Which finding counts in which area of the overview: from the rules' own metadata. */
export const riskAreaPage: Generator = {
  path: 'docs/reference/risk-areas.md',
  sources: ['src/findings/risk-area.ts', 'src/scan/rules'],
  generate: async () => {
    const { areasByStandard, injections, riskAreaOfRule, riskAreas } = await import('#findings/risk-area.ts');
    const { rules } = await import('#scan/rules.generated.ts');
    const rulesOf = (area: RiskArea) =>
      rules.filter((rule) => riskAreaOfRule(rule) === area).map(({ id }) => `[${id}](rules/${id}.md)`);
    return page(
      'Risk areas',
      'The overview of the console has eight areas; each finding counts in one of them at most. A finding of a tool that names one of our rules, or that one of our rules names as the same, goes where that rule goes. All others go by what they are about.',
      `## Other tools’ findings\n\n${table(
        ['kind', 'area'],
        KINDS.map((row) => [...row]),
      )}`,
      `Code injection is what has one of these CWE numbers: ${[...injections].join(', ')}.`,
      `## Our rules, by the first CI/CD risk that they name\n\n${table(
        ['OWASP Top 10 CI/CD Security Risks', 'area'],
        Object.entries(areasByStandard).map(([standard, area]) => [
          code(standard),
          standard === 'CICD-SEC-4' ? `${area}, or code-injection by its CWE` : area,
        ]),
      )}`,
      'A rule whose standards would put it in the wrong place says its area itself (`area` in `rule.ts`).',
      ...riskAreas.map((area) => {
        const own = rulesOf(area);
        const list =
          own.length === 0
            ? 'None of our rules; other tools, and the facts of the overview.'
            : own.join(' · ');
        return `## ${area}\n\n${QUESTIONS[area]}\n\n${list}`;
      }),
    );
  },
};

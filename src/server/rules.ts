import type { Lesson, Rule } from '#api/rule.ts';
import { riskAreaOf, riskAreaOfRule } from '#findings/risk-area.ts';
import type { RuleExample, TaughtRule } from '#findings/rule-book.ts';
import { unresolvedStates } from '#findings/tracking/tracked-finding.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import { RequestProblem } from './request-problem.ts';

function exampleView({ file, language, text }: RuleExample) {
  return { file: file ?? null, language, text };
}

function summaryView(rule: TaughtRule) {
  const { id, title, severity, platforms } = rule;
  return { id, title, severity, platforms: [...platforms], area: riskAreaOfRule(rule) ?? null };
}

function ruleView(rule: TaughtRule): Rule {
  const { standards, incident } = rule;
  return {
    ...summaryView(rule),
    confidence: rule.confidence,
    what: rule.description,
    why: rule.why,
    instead: rule.remedy,
    vulnerable: rule.vulnerable.map(exampleView),
    mended: rule.mended.map(exampleView),
    incident: incident === undefined ? null : { ...incident },
    references: [...rule.references],
    aliases: [...rule.aliases],
    standards: [...standards.cicdSec, ...standards.cwe, ...standards.cis.map((each) => `CIS ${each}`)],
  };
}

/** What our rules teach, and what is known of the rules of other tools. */
export function createRuleHandlers({
  findings: { store, ruleBook },
  clock,
}: Pick<ServerDependencies, 'findings' | 'clock'>): HandlersOf<'listRules' | 'getRule' | 'getLesson'> {
  return {
    async listRules() {
      const { rules } = await ruleBook();
      return { value: { rules: rules.map(summaryView) } };
    },
    async getRule({ params: { id } }) {
      const rule = (await ruleBook()).rule(id);
      if (rule === undefined) throw new RequestProblem('not_found', 'There is no rule with this id.');
      return { value: ruleView(rule) };
    },
    async getLesson({ query: { tool, rule }, caller }) {
      const nowMs = clock.nowMs();
      const book = await ruleBook();
      const filter = { scope: caller.scope, tool, rule };
      const { found } = await store.search(filter, { order: 'newest', limit: 1 }, nowMs);
      const finding = found[0]?.finding;
      const ours = book.alike(tool, rule, finding?.aliases ?? []);
      if (finding === undefined && ours.length === 0) {
        throw new RequestProblem('not_found', 'Nothing is known of this rule.');
      }
      const standing = await store.standing({ ...filter, states: unresolvedStates }, nowMs);
      const [first] = ours;
      const area = finding === undefined ? first && riskAreaOfRule(first) : riskAreaOf(finding, book.areas);
      const lesson: Lesson = {
        tool,
        rule,
        reported:
          finding === undefined
            ? null
            : {
                title: finding.title,
                description: finding.description,
                remedy: finding.remedy ?? null,
                references: [...finding.references],
                cwe: [...finding.cwe],
                severity: finding.severity,
              },
        area: area ?? null,
        open: standing.reduce((sum, { count }) => sum + count, 0),
        ours: ours.map(ruleView),
      };
      return { value: lesson };
    },
  };
}

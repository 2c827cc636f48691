import { createRuleBook, type RuleBook } from '#findings/rule-book.ts';

/** Our rules with their examples: much code and text, which is loaded when somebody asks. */
export async function loadRuleBook(): Promise<RuleBook> {
  const [{ rules }, { ruleExamples }] = await Promise.all([
    import('#scan/rules.generated.ts'),
    import('#scan/rules/examples.generated.ts'),
  ]);
  return createRuleBook(rules, ruleExamples);
}

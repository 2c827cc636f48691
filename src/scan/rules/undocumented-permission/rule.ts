import type { Permissions } from '#pipeline/model.ts';
import type { SourceText } from '#pipeline/source.ts';
import type { YamlNode } from '#pipeline/yaml/node.ts';
import type { Rule, RuleContext } from '../../rule.ts';

/** Whether a comment stands behind the node, or on the line above it. */
function hasComment(node: YamlNode, source: SourceText): boolean {
  const { line } = source.position(node.start);
  const behind = source.line(line).slice(source.position(node.start).column - 1);
  return /(?:^|\s)#/.test(behind) || (line > 1 && /^\s*#/.test(source.line(line - 1)));
}

/** Reading the code is what every job may do. */
function isOrdinary(name: string, access: string): boolean {
  return access === 'none' || (name === 'contents' && access === 'read');
}

function check(
  permissions: Permissions | undefined,
  source: SourceText,
  where: string,
  context: RuleContext,
): void {
  if (permissions === undefined) return;
  const silent = permissions.scopes.filter(
    ({ name, access, node }) => !isOrdinary(name, access) && !hasComment(node, source),
  );
  const [first, ...others] = silent;
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  context.report({
    at: first.node,
    message: `nothing says what ${where} needs \`${first.name}: ${first.access}\`${more} for`,
    related: others.slice(0, 5).map(({ node }) => ({ at: node, label: 'nor this' })),
  });
}

export const rule: Rule = {
  id: 'undocumented-permission',
  title: 'A permission without a reason',
  severity: 'info',
  confidence: 'high',
  persona: 'pedantic',
  platforms: ['github'],
  needs: ['permissions'],
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-5'], cwe: ['CWE-1078'], cis: ['2.3.5'] },
  description: 'Looks for scopes in `permissions:` that no comment explains.',
  why: 'Nobody dares to take away a permission whose reason is forgotten, so that tokens only ever get stronger.',
  remedy: 'Write the reason behind it: `contents: write # pushes the tag of the release`.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions',
  ],
  aliases: ['zizmor/undocumented-permissions'],

  pipeline({ permissions, source }, context) {
    check(permissions, source, 'this workflow', context);
  },
  job({ permissions, id, pipeline }, context) {
    check(permissions, pipeline.source, `the job ${id}`, context);
  },
};

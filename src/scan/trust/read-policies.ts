import { asMapping, findValue, keyText } from '#pipeline/yaml/access.ts';
import type { ContentNode } from '#pipeline/yaml/node.ts';
import type { DeclaredTrust } from './found-trust.ts';
import { judgeStatement } from './judge-statement.ts';
import { textsOf } from './policy-value.ts';
import { purposeOf } from './purpose.ts';
import { statementsOfPolicy } from './statements.ts';
import { toPolicyValue, valueAt } from './yaml-value.ts';

const RESOURCES_MAX = 1_000;

/** Roles of a template of CloudFormation or SAM. */
function readTemplate(root: ContentNode): DeclaredTrust[] {
  const resources = asMapping(findValue(root, 'Resources'))?.entries.slice(0, RESOURCES_MAX) ?? [];
  return resources.flatMap((entry) => {
    const name = keyText(entry) ?? '';
    const value = toPolicyValue(entry.value);
    if (textsOf(valueAt(value, 'Type'))[0]?.value !== 'AWS::IAM::Role') return [];
    const properties = valueAt(value, 'Properties');
    const grants = textsOf(valueAt(properties, 'ManagedPolicyArns')).map((text) => text.value);
    const roleName = textsOf(valueAt(properties, 'RoleName')).map((text) => text.value);
    return statementsOfPolicy(valueAt(properties, 'AssumeRolePolicyDocument')).flatMap((statement) => {
      const judged = judgeStatement(statement);
      if (judged === undefined) return [];
      const head = { start: entry.key.start, end: entry.key.end };
      const purpose = purposeOf([name, ...roleName], grants);
      return [
        { ...judged, cloud: 'AWS' as const, notation: 'cloudformation' as const, name, head, ...purpose },
      ];
    });
  });
}

/** A trust policy as a file of its own. */
function readPolicy(root: ContentNode, file: string): DeclaredTrust[] {
  const value = toPolicyValue(root);
  const name = file.split('/').at(-1) ?? file;
  return statementsOfPolicy(value).flatMap((statement) => {
    const judged = judgeStatement(statement);
    if (judged === undefined) return [];
    const head = { start: judged.at.start, end: judged.at.end };
    return [
      {
        ...judged,
        cloud: 'AWS' as const,
        notation: 'json' as const,
        name,
        head,
        ...purposeOf([name], []),
      },
    ];
  });
}

/** Who may take what a document of YAML or JSON makes. */
export function readPolicies(root: ContentNode, file: string): readonly DeclaredTrust[] {
  if (findValue(root, 'Resources') !== undefined) return readTemplate(root);
  return findValue(root, 'Statement') === undefined ? [] : readPolicy(root, file);
}

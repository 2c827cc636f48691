import type { SourceText } from '../source.ts';
import type { Place } from '../surface.ts';
import { asScalar, findValue } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/node.ts';
import { entriesOf } from './containers.ts';
import { wordAt } from './manifest.ts';

const DEPLOYS = /deploy|promot|rollout|release-to/i;
const ENVIRONMENT = /^(?:(?:target[-_]?)?env(?:ironment)?|target|stage|(?:target[-_]?)?namespace|cluster)$/i;

/** What calls itself a deployment and says in a parameter where to. */
export function deploymentOf(
  words: string,
  params: YamlNode | undefined,
  source: SourceText,
): (Place & { readonly environment: string }) | undefined {
  if (!DEPLOYS.test(words.slice(0, 300))) return undefined;
  for (const param of entriesOf(params)) {
    const value = asScalar(findValue(param, 'value'));
    if (value === undefined || value.value === '' || /\$\(|\{\{/.test(value.value)) continue;
    if (!ENVIRONMENT.test((wordAt(param, 'name') ?? '').slice(0, 60))) continue;
    return { environment: value.value, source, span: value };
  }
  return undefined;
}

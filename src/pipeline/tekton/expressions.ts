import { parsePath } from '../kubernetes/path-expression.ts';
import type { SourceText } from '../source.ts';
import { type Expression, readText, Text } from '../text.ts';
import type { ScalarNode, YamlNode } from '../yaml/node.ts';

/** `$(params.name)`; what else stands between such brackets is the shell's. */
const TEKTON =
  /\$\(((?:params|inputs|outputs|tasks|finally|workspaces|context|results|step|steps|tt|body|header|extensions|resources|credentials|stepResults)[.[][^()\n]{0,200})\)/g;
/** `{{ name }}`, which Pipelines as Code replaces in the text of the file before Tekton sees it. */
const TEMPLATE = /\{\{([^{}\n]{1,200})\}\}/g;

/** In one text. */
const EXPRESSIONS_MAX = 1000;

type Found = Omit<Expression, 'text'>;

function findAll(value: string, pattern: RegExp): Found[] {
  return [...value.matchAll(pattern).take(EXPRESSIONS_MAX)].map((match): Found => {
    const [outer, inner = ''] = match;
    const start = match.index + 2;
    return {
      outer: { start: match.index, end: match.index + outer.length },
      inner: { start, end: start + inner.length },
      parsed: parsePath(inner),
    };
  });
}

export function readTektonExpressions(value: string): Found[] {
  const own = value.includes('$(') ? findAll(value, TEKTON) : [];
  const templates = value.includes('{{') ? findAll(value, TEMPLATE) : [];
  if (own.length === 0) return templates;
  return [...own, ...templates].sort((left, right) => left.outer.start - right.outer.start);
}

/** Whether Pipelines as Code puts in the value, and not Tekton. */
export function isTemplate({ text, outer }: Expression): boolean {
  return text.value.startsWith('{{', outer.start);
}

export function toText(node: ScalarNode, source: SourceText): Text {
  return new Text(node, source, readTektonExpressions);
}

export function textOf(node: YamlNode | undefined, source: SourceText): Text | undefined {
  return readText(node, source, readTektonExpressions);
}

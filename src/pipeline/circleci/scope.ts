import type { ForeignValue, Place } from '../surface.ts';
import type { SourceText } from '../source.ts';
import { type Expression, Text } from '../text.ts';
import { isOutsider } from '../trigger.ts';
import { asScalar } from '../yaml/access.ts';
import { memberOf, membersOf } from '../yaml/merge-keys.ts';
import type { YamlNode } from '../yaml/node.ts';
import { pathOfExpression, readExpressions } from './expressions.ts';
import { foreignValueOf } from './foreign-values.ts';

/** What a parameter was given, and where names in that mean something. */
interface Binding {
  readonly nodes: readonly YamlNode[];
  readonly scope: Scope | undefined;
}

/** The parameters of one command or job, as it is called in one place. */
export interface Scope {
  readonly bindings: ReadonlyMap<string, Binding>;
}

/** Types whose values cannot carry code. */
const HARMLESS = new Set(['boolean', 'integer', 'enum', 'env_var_name', 'executor']);

function typeOf(declaration: YamlNode | undefined): string {
  return asScalar(memberOf(declaration, 'type'))?.value ?? 'string';
}

/** Parameters of a definition with what a call gives them, else their defaults. */
export function enterScope(
  definition: YamlNode | undefined,
  given: ReadonlyMap<string, readonly YamlNode[]>,
  outer: Scope | undefined,
): Scope {
  const bindings = new Map<string, Binding>();
  for (const [name, { value }] of membersOf(memberOf(definition, 'parameters'))) {
    if (HARMLESS.has(typeOf(value)) && typeOf(value) !== 'executor') continue;
    const argument = given.get(name);
    const fallback = memberOf(value, 'default');
    if (argument !== undefined) bindings.set(name, { nodes: argument, scope: outer });
    else if (fallback !== undefined) bindings.set(name, { nodes: [fallback], scope: undefined });
  }
  return { bindings };
}

type Hop = Place & { readonly label: string };

/** A foreign value, and the way that it took through parameters. */
export interface Reached {
  readonly value: ForeignValue;
  readonly hops: readonly Hop[];
}

const DEPTH_MAX = 20;
const LOOKUPS_MAX = 50_000;

/** Follows parameters to the values of the pipeline that they are given. */
export class Resolver {
  readonly source: SourceText;
  /** Types of the parameters of the pipeline. */
  readonly #parameters: ReadonlyMap<string, string>;
  #lookups = 0;

  constructor(source: SourceText, parameters: YamlNode | undefined) {
    this.source = source;
    this.#parameters = new Map([...membersOf(parameters)].map(([name, { value }]) => [name, typeOf(value)]));
  }

  textOf(node: YamlNode | undefined): Text | undefined {
    const scalar = asScalar(node);
    return scalar === undefined ? undefined : new Text(scalar, this.source, readExpressions);
  }

  #pipelineValue(path: string): ForeignValue | undefined {
    const name = /^pipeline\.parameters\.([^.]+)$/.exec(path)?.[1];
    if (name === undefined) return foreignValueOf(path);
    if (HARMLESS.has(this.#parameters.get(name) ?? 'string')) return undefined;
    return { name: path, what: `the parameter ${name} of the pipeline`, writtenBy: 'member' };
  }

  /** What an insertion comes to; the most open when there are several. */
  follow(expression: Expression, scope: Scope | undefined, hops: readonly Hop[] = []): Reached | undefined {
    this.#lookups += 1;
    const path = pathOfExpression(expression);
    if (path === undefined || hops.length > DEPTH_MAX || this.#lookups > LOOKUPS_MAX) return undefined;
    const name = /^parameters\.(.+)$/.exec(path)?.[1];
    if (name === undefined) {
      const value = this.#pipelineValue(path);
      return value === undefined ? undefined : { value, hops };
    }
    const found = this.#followBinding(name, scope, hops);
    return found.find(({ value }) => isOutsider(value.writtenBy)) ?? found[0];
  }

  #followBinding(name: string, scope: Scope | undefined, hops: readonly Hop[]): Reached[] {
    const binding = scope?.bindings.get(name);
    return (binding?.nodes ?? []).flatMap((node) => {
      const text = this.textOf(node);
      const label = `the parameter ${name} is given this`;
      return (text?.expressions ?? []).flatMap(
        (each) =>
          this.follow(each, binding?.scope, [{ source: this.source, span: node, label }, ...hops]) ?? [],
      );
    });
  }
}

import type { Text } from '../text.ts';

/** `##vso[task.setvariable variable=name;…]value` in a script: a variable for the steps behind it. */
export interface SetVariable {
  readonly name: string;
  readonly text: Text;
  /** Of the value, in `text.value`. */
  readonly start: number;
  readonly end: number;
  readonly isSecret: boolean;
  readonly isOutput: boolean;
}

const COMMAND = '##vso[task.setvariable';
const COUNT_MAX = 200;
const LINE_MAX = 4_000;

/** `variable=name` and `issecret=true` between the brackets. */
function propertyOf(properties: string, name: string): string | undefined {
  const found = properties.split(';').find((each) => each.trim().toLowerCase().startsWith(`${name}=`));
  return found?.slice(found.indexOf('=') + 1).trim();
}

export function findSetVariables(text: Text): readonly SetVariable[] {
  const { value } = text;
  const found: SetVariable[] = [];
  let at = value.indexOf(COMMAND);
  while (at !== -1 && found.length < COUNT_MAX) {
    const from = at + COMMAND.length;
    const line = value.slice(from, from + LINE_MAX).split('\n', 1)[0] ?? '';
    const close = line.indexOf(']');
    const properties = line.slice(0, Math.max(0, close));
    const name = propertyOf(properties, 'variable');
    if (close !== -1 && name !== undefined && name !== '') {
      found.push({
        name,
        text,
        start: from + close + 1,
        end: from + line.length,
        isSecret: /^true$/i.test(propertyOf(properties, 'issecret') ?? ''),
        isOutput: /^true$/i.test(propertyOf(properties, 'isoutput') ?? ''),
      });
    }
    at = value.indexOf(COMMAND, from);
  }
  return found;
}

import { describe, expect, it } from 'vitest';
import {
  addConditions,
  createSourceFinder,
  lastLineOf,
  removePolicies,
  replacePolicy,
} from './edit-policy.ts';
import { splitPolicies } from './source/source-policy.ts';

const text = `// About the file.

// Deploys.
// Two lines; of comment.
@id("deploy")
permit (principal, action, resource) // why
when { principal has trigger && principal.trigger == ";" };  // beside

@id("shell")
forbid (principal, action, resource);
`;
const file = { path: 'policies/a.cedar', text };
const [deploy, shell] = splitPolicies(file);
const find = createSourceFinder({ [file.path]: text });

function sourceOf(id: string, line: number) {
  const found = find({ id, line, file: file.path });
  if (found === undefined) throw new Error(id);
  return found.source;
}

describe('a policy in its file', () => {
  it('is found by its line and id, and nothing else is taken for it', () => {
    expect(sourceOf('deploy', 5).text).toBe(deploy?.text);
    expect(lastLineOf(sourceOf('deploy', 5))).toBe(7);
    expect(find({ id: 'deploy', line: 9, file: file.path })).toBeUndefined();
    expect(find({ id: 'other', line: 5, file: file.path })).toBeUndefined();
    expect(find({ id: 'deploy', line: 5, file: '__proto__' })).toBeUndefined();
  });

  it('gets more conditions at its end, and every character around it stays', () => {
    const narrowed = addConditions(sourceOf('deploy', 5), ['context.keyBound', 'true']);
    expect(replacePolicy(file, sourceOf('deploy', 5), narrowed)).toBe(
      text.replace(
        'principal.trigger == ";" };',
        'principal.trigger == ";" }\nwhen { context.keyBound }\nwhen { true };',
      ),
    );
  });

  it('goes with the comment above and beside it, and not with the one about the file', () => {
    expect(removePolicies(file, [sourceOf('deploy', 5)])).toBe(
      '// About the file.\n\n@id("shell")\nforbid (principal, action, resource);\n',
    );
  });

  it('takes the file with it when it was the last one', () => {
    expect(removePolicies(file, [sourceOf('deploy', 5), sourceOf('shell', 9)])).toBeUndefined();
    expect(shell).toBeDefined();
  });
});

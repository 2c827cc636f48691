import fc from 'fast-check';

const KEYS = [
  'on',
  'jobs',
  'steps',
  'run',
  'uses',
  'with',
  'env',
  'if',
  'needs',
  'permissions',
  'secrets',
  'strategy',
  'matrix',
  'include',
  'runs-on',
  'outputs',
  'inputs',
  'runs',
  'using',
  'push',
  'pull_request_target',
  'workflow_call',
  'id',
  'script',
  'ref',
  'build',
  'contents',
  'type',
  'container',
  'services',
  'updates',
  'version',
  'persist-credentials',
];
const VALUES = [
  'composite',
  'write-all',
  'inherit',
  'self-hosted',
  'actions/checkout@v4',
  './local',
  'docker://a',
  'actions/github-script@v7',
  '${{ github.event.issue.title }}',
  '${{ env.x }}',
  '${{ inputs.a',
  '${{ }}',
  '${{ steps.a.outputs.b }}',
  '${{ needs.build.outputs.x }}',
  '${{ matrix.*.x[0] }}',
  "${{ format('{0}', github.head_ref) }}",
  'echo "x=${{ github.head_ref }}" >> $GITHUB_OUTPUT',
  '',
  'true',
  '@',
  'a@b@c',
  '*',
  '&a b',
  '!!str x',
  'gh pr checkout 1',
  '-1',
  'null',
  '\u0000',
  '{',
  '# zizmor: ignore[x]',
];

/** JSON is YAML: any shape, made of words that the readers look for, so that it gets far into them. */
export function hostileYaml(): fc.Arbitrary<string> {
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 7, depthSize: 'large' },
      fc.constantFrom(...VALUES),
      fc.constantFrom<unknown>(null, true, 0),
      fc.dictionary(fc.constantFrom(...KEYS), tie('tree'), { maxKeys: 6 }),
      fc.array(tie('tree'), { maxLength: 4 }),
    ),
  }));
  const workflow = fc.record({
    on: tree,
    jobs: fc.dictionary(fc.constantFrom('a', 'build'), tree),
    permissions: tree,
  });
  const steps = fc.record({
    on: fc.constantFrom<unknown>('issues', ['pull_request_target', 'workflow_call'], {
      workflow_call: { inputs: { a: null } },
    }),
    jobs: fc.record({
      build: fc.record({ 'runs-on': tree, steps: fc.array(tree, { maxLength: 4 }), outputs: tree }),
    }),
  });
  const action = fc.record({
    inputs: tree,
    outputs: tree,
    runs: fc.record({ using: fc.constant('composite'), steps: fc.array(tree) }),
  });
  return fc.oneof(tree, workflow, steps, action).map((value) => JSON.stringify(value) ?? '');
}

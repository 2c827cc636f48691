import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { scanFiles } from './testing/scan-text.ts';

/** Generous on a busy machine; what this guards against takes minutes. */
const TIME_MS_MAX = 15_000;
const TIMEOUT_MS = 60_000;

const repeat = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join('');

function timeMs(text: string): number {
  const startMs = threadMs();
  const { problems } = scanFiles([{ file: '.gitlab-ci.yml', text }]);
  expect(problems.filter(({ message }) => message.includes('failed here'))).toEqual([]);
  return threadMs() - startMs;
}

const inScript = (line: string) =>
  `a:\n  artifacts: {paths: [x.env, y], reports: {dotenv: x.env}}\n  script:\n    - ${JSON.stringify(line)}\nb: {trigger: {include: [{artifact: y, job: a}]}}\n`;

describe('a line of a megabyte is done in time', () => {
  it.each([
    ['sh -c "'],
    ['eval "$CI_COMMIT_TITLE '],
    ['awk "'],
    ['psql x '],
    ['env|'],
    ['echo $A_TOKEN'],
    ['echo "${A_TOKEN}" > x.env | '],
    ['curl https://a.example/$A | '],
    ['git remote https://x:$'],
    ['https://$A_TOKEN@'],
    ['ssh a "'],
    ['docker run -v /'],
    ['git fetch merge-requests/'],
    ['$AWS_SECRET_ACCESS_KEY'],
    ['pip install '],
    ['helm upgrade -'],
    ['$(${(`'],
    ['\\\\\\'],
    [' '],
    ['claude '],
    ['CI_BUILD_'],
    ['x.env > '],
  ])(
    '%s',
    (part) => {
      expect(timeMs(inScript(part.repeat(1_000_000 / part.length)))).toBeLessThan(TIME_MS_MAX);
    },
    TIMEOUT_MS,
  );
});

describe('a file that was made to keep the scanner busy is done in time', () => {
  it.each([
    [
      'jobs that need all before',
      repeat(400, (i) => `j${i}: {script: [x], needs: [${repeat(i, (k) => `j${k},`)}]}\n`),
    ],
    [
      'jobs with dotenv files before all others',
      repeat(
        2_000,
        (i) =>
          `j${i}: {stage: ${i % 2 === 0 ? 'build' : 'test'}, script: ["echo $CI_COMMIT_MESSAGE > a.env"], artifacts: {reports: {dotenv: a.env}}}\n`,
      ),
    ],
    [
      'one job that thousands extend',
      `.a: {script: [${repeat(500, (i) => `"echo ${i} $CI_COMMIT_BRANCH",`)}]}\n${repeat(500, (i) => `j${i}: {extends: .a}\n`)}`,
    ],
    ['many gates', repeat(2_000, (i) => `approve-${i}: {stage: build, when: manual, script: [x]}\n`)],
    [
      'many rules',
      `a:\n  script: [x]\n  rules: [${repeat(10_000, (i) => `{if: $CI_MERGE_REQUEST_IID == "${i}"},`)}]\n`,
    ],
    ['many includes', `include: [${repeat(20_000, (i) => `{local: a/${i}*.yml},`)}]\n`],
    ['long keys that nobody knows', `a:\n  script: [x]\n${repeat(20_000, (i) => `  scrip${i}: x\n`)}`],
  ])(
    '%s',
    (_name, text) => {
      expect(timeMs(text)).toBeLessThan(TIME_MS_MAX);
    },
    TIMEOUT_MS,
  );
});

it(
  'no rule fails on any shape of words that they look for',
  () => {
    const keys = [
      'script',
      'extends',
      'rules',
      'if',
      'when',
      'needs',
      'job',
      'project',
      'trigger',
      'include',
    ];
    const more = [
      'artifact',
      'artifacts',
      'paths',
      'reports',
      'dotenv',
      'environment',
      'name',
      'id_tokens',
      'aud',
    ];
    const others = [
      'variables',
      'GIT_STRATEGY',
      'stage',
      'stages',
      'default',
      'ci_access',
      'groups',
      'id',
      'forward',
    ];
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6, depthSize: 'large' },
        fc.constantFrom<unknown>(
          'job',
          'env > x',
          '$CI_COMMIT_MESSAGE',
          '*.yml',
          '$A == "x"',
          null,
          true,
          1,
          '',
        ),
        fc.dictionary(fc.constantFrom(...keys, ...more, ...others), tie('tree'), { maxKeys: 6 }),
        fc.array(tie('tree'), { maxLength: 4 }),
      ),
    }));
    const files = ['.gitlab-ci.yml', '.gitlab/job.yml', '.gitlab/agents/a/config.yaml'];
    const property = fc.property(tree, tree, tree, (...trees) => {
      const scan = scanFiles(
        files.map((file, index) => ({ file, text: JSON.stringify(trees[index] ?? null) })),
      );
      expect(scan.problems.filter(({ message }) => message.includes('failed here'))).toEqual([]);
    });
    fc.assert(property, { numRuns: 400 });
  },
  TIMEOUT_MS,
);

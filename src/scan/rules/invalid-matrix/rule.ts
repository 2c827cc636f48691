import type { Job } from '#pipeline/model.ts';
import {
  asMapping,
  asScalar,
  asSequence,
  findEntry,
  findValue,
  pairsOf,
  resolveAlias,
} from '#pipeline/yaml/access.ts';
import type { ScalarNode, YamlNode } from '#pipeline/yaml/node.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { suggest } from '../../shared/nearest-word.ts';

/** GitHub's limit for the jobs that one matrix makes. */
const JOBS_MAX = 256;
const VALUES_MAX = 300;
const DEPTH_MAX = 8;

interface Row {
  readonly key: ScalarNode;
  /** Undefined when an expression comes to it. */
  readonly values: readonly YamlNode[] | undefined;
}

const isComputed = (node: YamlNode): boolean => asScalar(node)?.value.includes('${{') === true;

function readRows(matrix: YamlNode): Row[] {
  return pairsOf(matrix).flatMap(([key, node]) => {
    if (key.value === 'include' || key.value === 'exclude') return [];
    const items = asSequence(node)?.items;
    const known = items !== undefined && items.length <= VALUES_MAX && !items.some(isComputed);
    return [{ key, values: known ? items : undefined }];
  });
}

/** Whether `part` is the value, or a part of it: what `exclude` leaves out can be anything. */
function covers(part: YamlNode, value: YamlNode, depth = 0): boolean {
  const [left, right] = [resolveAlias(part), resolveAlias(value)];
  if (left === undefined || right === undefined || depth > DEPTH_MAX) return true;
  if (left.kind === 'scalar') {
    if (left.value.includes('${{')) return true;
    return right.kind === 'scalar' && (left.value === right.value || sameNumber(left.value, right.value));
  }
  if (left.kind === 'sequence') {
    return (
      right.kind === 'sequence' &&
      left.items.every((item, index) => {
        const other = right.items[index];
        return other !== undefined && covers(item, other, depth + 1);
      })
    );
  }
  return pairsOf(left).every(([key, own]) => {
    const other = findValue(right, key.value);
    return other !== undefined && covers(own, other, depth + 1);
  });
}

function sameNumber(left: string, right: string): boolean {
  return left.trim() !== '' && right.trim() !== '' && Number(left) === Number(right);
}

function checkExclude(job: Job, matrix: YamlNode, rows: readonly Row[], context: RuleContext): void {
  const names = rows.map(({ key }) => key.value);
  if (names.some((name) => name.includes('${{'))) return;
  for (const item of asSequence(findValue(matrix, 'exclude'))?.items ?? []) {
    for (const [key, value] of pairsOf(item)) {
      if (key.value.includes('${{')) continue;
      const row = rows.find((each) => each.key.value === key.value);
      if (row === undefined) {
        context.report({
          at: key,
          message: `the matrix of the job ${job.id} has no "${key.value.slice(0, 40)}" to exclude${suggest(key.value, names)}`,
          key: `${job.id} ${key.value}`,
        });
      } else if (row.values?.some((each) => covers(value, each)) === false) {
        context.report({
          at: key,
          message: `the matrix of the job ${job.id} has no such value of "${key.value.slice(0, 40)}" to exclude`,
          severity: 'low',
          persona: 'pedantic',
          key: `${job.id} exclude ${key.value}`,
        });
      }
    }
  }
}

function checkRepeats(job: Job, { key, values }: Row, context: RuleContext): void {
  const seen = new Set<string>();
  for (const value of values ?? []) {
    const scalar = asScalar(value);
    if (scalar === undefined) continue;
    if (seen.has(scalar.value)) {
      context.report({
        at: scalar,
        message: `"${scalar.value.slice(0, 40)}" stands twice in ${key.value.slice(0, 40)} of the matrix of the job ${job.id}`,
        severity: 'low',
        persona: 'pedantic',
        key: `${job.id} ${key.value} ${scalar.value} ${seen.size}`,
      });
    }
    seen.add(scalar.value);
  }
}

function checkSize(job: Job, matrix: YamlNode, rows: readonly Row[], context: RuleContext): void {
  if (findValue(matrix, 'exclude') !== undefined) return;
  let jobs = rows.length === 0 ? 0 : 1;
  for (const { key } of rows) jobs *= asSequence(findValue(matrix, key.value))?.items.length ?? 1;
  const [first] = rows;
  if (jobs <= JOBS_MAX || first === undefined) return;
  context.report({
    at: first.key,
    message: `the matrix of the job ${job.id} comes to ${jobs} jobs, and GitHub starts none of more than ${JOBS_MAX}`,
    remedy: 'Take values away, or split the job.',
    key: `${job.id} size`,
  });
}

export const rule: Rule = {
  id: 'invalid-matrix',
  title: 'A matrix that is not what it seems',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286'], cis: [] },
  description:
    'Looks for matrices that exclude a name or a value that they do not have, that have a value twice, or that come to more jobs than GitHub starts.',
  why: 'GitHub refuses a matrix that excludes a name which it does not have, and one with too many jobs: no job of it runs, and a check that does not run stops nobody. A value that is misspelt under `exclude` is not left out.',
  remedy: 'Write under `exclude` what stands in the rows of the matrix, in the same words.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstrategymatrix',
  ],
  aliases: ['actionlint/matrix'],

  job(job, context) {
    const matrix = findEntry(findValue(job.node, 'strategy'), 'matrix')?.value;
    if (matrix === undefined || asMapping(matrix) === undefined) return;
    const rows = readRows(matrix);
    checkExclude(job, matrix, rows, context);
    for (const row of rows) checkRepeats(job, row, context);
    checkSize(job, matrix, rows, context);
  },
};

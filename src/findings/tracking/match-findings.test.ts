import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import type { ReportedFinding } from '../reported-finding.ts';
import { sampleReported } from '../testing/sample-reported-finding.ts';
import { anchorOf } from './anchor.ts';
import { parseGitDiff } from './code-changes.ts';
import { matchFindings, type KnownFinding, type MatchResult } from './match-findings.ts';

function known(
  findings: readonly ReportedFinding[],
  changes: { exempt?: readonly number[]; fixed?: readonly number[] } = {},
): KnownFinding[] {
  return findings.map((finding, index) => ({
    id: `k${String(index).padStart(4, '0')}`,
    present: changes.fixed?.includes(index) !== true,
    exempt: changes.exempt?.includes(index) === true,
    anchor: anchorOf(finding),
  }));
}

function match(
  reported: readonly ReportedFinding[],
  before: readonly KnownFinding[],
  diff?: string,
): MatchResult {
  return matchFindings(reported.map(anchorOf), before, diff === undefined ? undefined : parseGitDiff(diff));
}

/** `0 exact k0000` of each pair, in the order of the report. */
function pairsOf({ pairs }: MatchResult): string[] {
  return pairs
    .toSorted((a, b) => a.reported - b.reported)
    .map(({ reported, how, sure, known: { id } }) => `${reported} ${how}${sure ? '' : '?'} ${id}`);
}

const at = (line: number, changes: Partial<ReportedFinding> = {}) =>
  sampleReported({ place: { file: 'src/a.ts', line }, ...changes });
const text = (snippet: string, line: number, file = 'src/a.ts') =>
  sampleReported({ snippet, place: { file, line } });
const advisory = (ruleId: string, version: string, aliases: readonly string[] = []) =>
  sampleReported({
    kind: 'dependency',
    ruleId,
    aliases,
    place: {
      file: 'package-lock.json',
      package: { name: 'lodash', version, purl: `pkg:npm/lodash@${version}` },
    },
  });

/** Reports in which much looks alike: few rules, files, texts and lines. */
const alike = fc.array(
  fc
    .record({
      ruleId: fc.constantFrom('a', 'b'),
      file: fc.constantFrom('x.ts', 'y/x.ts', undefined),
      line: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
      snippet: fc.constantFrom('one', 'two', undefined),
      own: fc.constantFrom('f1', 'f2', undefined, undefined),
      shape: fc.constantFrom('code', 'package', 'web'),
      version: fc.constantFrom('1', '2'),
    })
    .map(({ ruleId, file, line, snippet, own, shape, version }) =>
      sampleReported({
        ruleId,
        kind: shape === 'package' ? 'dependency' : shape === 'web' ? 'web' : 'code',
        aliases: shape === 'package' ? [`CVE-${version}`] : [],
        place: {
          ...(file !== undefined && { file }),
          ...(line !== undefined && { line }),
          ...(shape === 'package' && { package: { name: 'p', version } }),
          ...(shape === 'web' && { url: `https://shop.example/${version}?q=${line}` }),
        },
        ...(snippet !== undefined && { snippet }),
        ...(own !== undefined && { toolFingerprint: own }),
      }),
    ),
  { maxLength: 25 },
);

describe('a report against what is known', () => {
  it('is wholly known when it comes a second time, in whatever order', () => {
    fc.assert(
      fc.property(
        alike.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([first, second]) => {
          const result = match(second, known(first));
          expect(result.fresh).toEqual([]);
          expect(result.gone).toEqual([]);
          expect(result.ambiguities).toEqual([]);
          expect(result.pairs.every(({ how, sure }) => how === 'exact' && sure)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('loses nothing and uses nothing twice, whatever changed', () => {
    fc.assert(
      fc.property(
        alike,
        alike,
        fc.array(fc.nat(24)),
        fc.array(fc.nat(24)),
        (reported, before, exempt, fixed) => {
          const store = known(before, { exempt, fixed });
          const { pairs, fresh, gone } = match(reported, store);
          const seen = [...pairs.map((pair) => pair.reported), ...fresh].sort((a, b) => a - b);
          expect(seen).toEqual(reported.map((_, index) => index));
          const ids = [...pairs.map((pair) => pair.known.id), ...gone.map(({ id }) => id)];
          expect(new Set(ids).size).toBe(ids.length);
          const present = store.filter((each) => each.present).map(({ id }) => id);
          expect(present.every((id) => ids.includes(id))).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('comes out the same in whatever order report and store are', () => {
    const shuffled = alike.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all.keys()], { minLength: all.length })),
    );
    fc.assert(
      fc.property(
        shuffled,
        shuffled,
        fc.array(fc.nat(24)),
        ([reported, order], [before, storeOrder], exempt) => {
          const store = known(before, { exempt });
          const plain = match(reported, store);
          const mixed = matchFindings(
            order.map((index) => anchorOf(reported[index] ?? sampleReported())),
            storeOrder.flatMap((index) => store[index] ?? []),
          );
          const named = (result: MatchResult, name: (index: number) => number) =>
            result.pairs
              .map(({ reported: index, known: { id } }) => `${anchorText(reported, name(index))} ${id}`)
              .sort();
          expect(named(mixed, (index) => order[index] ?? -1)).toEqual(named(plain, (index) => index));
        },
      ),
      { numRuns: 500 },
    );
    function anchorText(reported: readonly ReportedFinding[], index: number): string {
      return JSON.stringify(anchorOf(reported[index] ?? sampleReported()));
    }
  });

  it('keeps an exemption only for what it is sure of', () => {
    fc.assert(
      fc.property(alike, alike, fc.array(fc.nat(24)), (reported, before, exempt) => {
        for (const { sure, known: each, reported: index } of match(reported, known(before, { exempt }))
          .pairs) {
          const now = anchorOf(reported[index] ?? sampleReported());
          if (!each.exempt || !sure) continue;
          const sameText = each.anchor.text === now.text && each.anchor.file === now.file;
          const sameName = each.anchor.names?.some((name) => now.names?.includes(name)) === true;
          expect(each.anchor.key === now.key || sameText || sameName).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('findings that look alike', () => {
  it('never hand an acceptance to a line where an open one stood', () => {
    const lines = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 8 });
    fc.assert(
      fc.property(lines, lines, fc.array(fc.nat(7)), (now, then, exempt) => {
        const store = known(
          then.map((line) => at(line)),
          { exempt },
        );
        for (const { sure, known: each, reported } of match(
          now.map((line) => at(line)),
          store,
        ).pairs) {
          const line = now[reported];
          if (!sure || !each.exempt || each.anchor.line === line) continue;
          const open = store.filter((other) => !other.exempt && other.anchor.line === line);
          expect(open).toEqual([]);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what moved', () => {
  it('is the same with other lines above it', () => {
    expect(pairsOf(match([at(30)], known([at(10)])))).toEqual(['0 exact k0000']);
  });

  it('keeps its turn among those that look alike', () => {
    const result = match([at(13), at(23)], known([at(10), at(20)], { exempt: [0] }));
    expect(pairsOf(result)).toEqual(['0 exact k0000', '1 exact k0001']);
    const plain = match([at(20), at(30)], known([at(10), at(20)]));
    expect(pairsOf(plain)).toEqual(['0 exact k0000', '1 exact k0001']);
  });

  it('leaves an acceptance behind when it would land where an open one stood', () => {
    const result = match([at(20), at(30)], known([at(10), at(20)], { exempt: [0] }));
    expect(pairsOf(result)).toEqual(['0 exact k0001', '1 moved? k0000']);
    expect(result.ambiguities).toHaveLength(1);
  });

  it('is the one that did not move when another like it went away', () => {
    const result = match([at(10), at(30)], known([at(10), at(20), at(30)]));
    expect(pairsOf(result)).toEqual(['0 exact k0000', '1 exact k0002']);
    expect(result.gone.map(({ id }) => id)).toEqual(['k0001']);
  });

  it('is not taken for what somebody accepted when its number changed too', () => {
    const result = match([at(14)], known([at(10), at(20)], { exempt: [0] }));
    expect(pairsOf(result)).toEqual(['0 exact k0001']);
    expect(result.gone.map(({ id }) => id)).toEqual(['k0000']);
    expect(result.ambiguities).toEqual([
      { reported: [0], knownIds: ['k0000'], reason: expect.stringContaining('accepted') },
    ]);
  });

  it('is followed by the line map of git, also among those that look alike', () => {
    const diff = 'diff --git a/src/a.ts b/src/a.ts\n--- a/src/a.ts\n+++ b/src/a.ts\n@@ -0,0 +1,10 @@\n';
    const result = match([at(20)], known([at(10), at(20)], { exempt: [0] }), diff);
    expect(pairsOf(result)).toEqual(['0 exact k0000']);
    expect(result.gone.map(({ id }) => id)).toEqual(['k0001']);
  });

  it('is a guess when its text changed, by the nearest line', () => {
    const before = known([text('a()', 10), text('b()', 60)]);
    expect(pairsOf(match([text('c()', 61), text('d()', 12)], before))).toEqual([
      '0 moved? k0001',
      '1 moved? k0000',
    ]);
  });

  it('is sure when git says that its line is the one', () => {
    const diff =
      'diff --git a/src/a.ts b/src/a.ts\n--- a/src/a.ts\n+++ b/src/a.ts\n@@ -2,0 +3,5 @@\n+1\n+2\n+3\n+4\n+5\n';
    const before = known([text('a()', 10)]);
    expect(pairsOf(match([text('wider a()', 15)], before, diff))).toEqual(['0 moved k0000']);
  });

  it('stays unclear between two that are as near', () => {
    const before = known([text('a()', 10), text('b()', 20)]);
    const result = match([text('c()', 15), text('d()', 15)], before);
    expect(result.pairs).toEqual([]);
    expect(result.fresh).toEqual([0, 1]);
    expect(result.gone).toHaveLength(2);
    expect(result.ambiguities).toHaveLength(1);
  });

  it('is a guess when it is the only one left of its rule in its file', () => {
    expect(pairsOf(match([text('far()', 900)], known([text('a()', 10)])))).toEqual([
      '0 only-one-left? k0000',
    ]);
  });

  it('is found by its text when the own fingerprint of the tool holds the line', () => {
    const before = known([at(10, { toolFingerprint: 'a.ts:10' })]);
    expect(pairsOf(match([at(14, { toolFingerprint: 'a.ts:14' })], before))).toEqual(['0 moved k0000']);
  });
});

describe('a file that was renamed', () => {
  it('is sure when git says so', () => {
    const diff =
      'diff --git a/src/a.ts b/lib/b.ts\nsimilarity index 100%\nrename from src/a.ts\nrename to lib/b.ts\n';
    expect(pairsOf(match([text('a()', 10, 'lib/b.ts')], known([text('a()', 10)]), diff))).toEqual([
      '0 exact k0000',
    ]);
  });

  it('is a guess by a text that is gone in one file and new in another', () => {
    expect(pairsOf(match([text('a()', 10, 'lib/b.ts')], known([text('a()', 10)])))).toEqual([
      '0 renamed? k0000',
    ]);
  });

  it('is not guessed at when two files could be the one', () => {
    const result = match([text('a()', 1, 'x/b.ts'), text('a()', 1, 'y/b.ts')], known([text('a()', 10)]));
    expect(result.pairs).toEqual([]);
    expect(result.gone).toHaveLength(1);
  });

  it('is found for tools without a text only by the name of a resource', () => {
    const bare = (file: string) => {
      const { snippet: _snippet, ...rest } = sampleReported({ place: { file, line: 1 } });
      return rest;
    };
    expect(match([bare('b.tf')], known([bare('a.tf')])).pairs).toEqual([]);
    const bucket = (file: string) =>
      sampleReported({ kind: 'infrastructure', place: { file, line: 1, resource: 'aws_s3_bucket.logs' } });
    expect(pairsOf(match([bucket('b.tf')], known([bucket('a.tf')])))).toEqual(['0 renamed? k0000']);
  });
});

describe('a package', () => {
  it('is the same finding in another version', () => {
    expect(pairsOf(match([advisory('CVE-1', '4.17.20')], known([advisory('CVE-1', '4.17.15')])))).toEqual([
      '0 exact k0000',
    ]);
  });

  it('keeps the version that stayed apart from the one that changed', () => {
    const before = known([advisory('CVE-1', '4.17.15'), advisory('CVE-1', '3.10.1')]);
    const result = match([advisory('CVE-1', '3.10.1'), advisory('CVE-1', '4.17.20')], before);
    expect(pairsOf(result)).toEqual(['0 exact k0001', '1 exact k0000']);
  });

  it('keeps its finding when the advisory gets its CVE', () => {
    const result = match([advisory('GHSA-a', '1', ['CVE-9'])], known([advisory('GHSA-a', '1')]));
    expect(pairsOf(result)).toEqual(['0 renamed-advisory k0000']);
  });

  it('is another finding with another advisory, however alone it is', () => {
    expect(match([advisory('CVE-2', '1')], known([advisory('CVE-1', '1')])).pairs).toEqual([]);
  });
});

describe('what was fixed', () => {
  it('is recognised when it comes back as it was, and only then', () => {
    const before = known([text('a()', 10)], { fixed: [0] });
    expect(pairsOf(match([text('a()', 12)], before))).toEqual(['0 exact k0000']);
    expect(match([text('b()', 10)], before).pairs).toEqual([]);
    expect(match([], before).gone).toEqual([]);
  });
});

describe('large groups', () => {
  it('take near-linear time, alike or drifted', () => {
    const count = 20_000;
    const started = threadMs();
    const before = known(Array.from({ length: count }, (_, index) => at(index + 1)));
    match(
      Array.from({ length: count + 1 }, (_, index) => at(index + 2)),
      before,
    );
    const drifted = known(Array.from({ length: count }, (_, index) => text(`a${index}`, index * 3)));
    match(
      Array.from({ length: count }, (_, index) => text(`b${index}`, index * 3 + 1)),
      drifted,
    );
    match(
      Array.from({ length: count }, (_, index) => text(`b${index}`, 5)),
      drifted,
    );
    expect(threadMs() - started).toBeLessThan(8_000);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_ROOT, hashLeaf, hashNode, splitPoint } from './merkle-hash.ts';
import {
  proveConsistency,
  proveInclusion,
  TreeReader,
  verifyConsistency,
  verifyInclusion,
} from './proofs.ts';
import { formatTilePath, joinEntries, parseTilePath, splitEntries } from './tile.ts';
import { edgeTiles, TreeBuilder } from './tree-builder.ts';

function entry(index: number): Buffer {
  return Buffer.from(`entry ${index}`);
}

/** RFC 6962 §2.1, word by word: what the tiles must come to. */
function reference(from: number, to: number): Uint8Array {
  if (to === from) return EMPTY_ROOT;
  if (to - from === 1) return hashLeaf(entry(from));
  const half = splitPoint(to - from);
  return hashNode(reference(from, from + half), reference(from + half, to));
}

/** A log of this size, with all tiles that were ever handed out. */
function build(size: number) {
  const builder = new TreeBuilder();
  const tiles = new Map<string, readonly Uint8Array[]>();
  const keep = () => {
    for (const { address, hashes } of builder.takeTiles())
      tiles.set(`${address.level}/${address.number}/${address.width}`, hashes);
  };
  for (let index = 0; index < size; index += 1) {
    builder.append(hashLeaf(entry(index)));
    if (index % 97 === 0) keep();
  }
  keep();
  const tree = new TreeReader(size, async (level, number, width) => {
    const tile = tiles.get(`${level}/${number}/${width}`);
    if (tile === undefined) throw new Error(`no tile ${level}/${number}/${width}`);
    return tile;
  });
  return { builder, tiles, tree };
}

const SIZES = [1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 1_000, 65_536 + 300];

describe('the tree', () => {
  it('has the root of RFC 6962 at every size', () => {
    const builder = new TreeBuilder();
    expect(builder.root()).toEqual(EMPTY_ROOT);
    for (let size = 1; size <= 600; size += 1) {
      builder.append(hashLeaf(entry(size - 1)));
      expect(Buffer.from(builder.root()).equals(reference(0, size))).toBe(true);
    }
  });

  it('goes on from the tiles at its edge as if it had never stopped', () => {
    for (const size of [0, ...SIZES]) {
      const { tiles, builder } = build(size);
      const edge = edgeTiles(size).map(({ level, number, width }) =>
        width === 0 ? [] : (tiles.get(`${level}/${number}/${width}`) ?? []),
      );
      const resumed = new TreeBuilder(size, edge);
      for (let index = size; index < size + 300; index += 1) {
        builder.append(hashLeaf(entry(index)));
        resumed.append(hashLeaf(entry(index)));
      }
      expect(Buffer.from(resumed.root()).equals(builder.root())).toBe(true);
    }
  });
});

describe('proofs', () => {
  it.each(SIZES)('of inclusion hold in a tree of %i', async (size) => {
    const { tree, builder } = build(size);
    for (const index of new Set([0, 1, size >> 1, size - 2, size - 1].filter((at) => at >= 0 && at < size))) {
      const proof = await proveInclusion(tree, index);
      expect(verifyInclusion(entry(index), index, size, proof, builder.root())).toBe(true);
      expect(verifyInclusion(entry(index + 1), index, size, proof, builder.root())).toBe(false);
    }
  });

  it('of consistency hold between any two sizes, and for no other root', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(700), fc.nat(700), async (one, other) => {
        const [old, size] = [Math.min(one, other), Math.max(one, other)];
        const { tree, builder } = build(size);
        const [older, newer] = [
          { size: old, root: reference(0, old) },
          { size, root: builder.root() },
        ];
        const proof = await proveConsistency(tree, old);
        expect(verifyConsistency(older, newer, proof)).toBe(true);
        if (old > 0 && old < size) {
          expect(verifyConsistency({ size: old, root: reference(1, old + 1) }, newer, proof)).toBe(false);
          expect(verifyConsistency(older, { size, root: reference(1, size + 1) }, proof)).toBe(false);
          expect(verifyConsistency(older, newer, proof.slice(1))).toBe(false);
          expect(verifyConsistency(older, newer, [...proof, EMPTY_ROOT])).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never hold for an index that is none', () => {
    for (const index of [-1, 1, 0.5, Number.NaN])
      expect(verifyInclusion(entry(0), index, 1, [], hashLeaf(entry(0)))).toBe(false);
  });
});

describe('addresses of tiles', () => {
  it('are those of C2SP tlog-tiles', () => {
    expect(formatTilePath({ level: 0, number: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(formatTilePath({ level: 'entries', number: 0, width: 8 })).toBe('tile/entries/000.p/8');
    expect(formatTilePath({ level: 1, number: 1_000, width: 256 })).toBe('tile/1/x001/000');
  });

  it('come back as they were, and nothing else is one', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constant('entries' as const), fc.nat(63)),
        fc.nat(999_999_999_999),
        fc.integer({ min: 1, max: 256 }),
        (level, number, width) => {
          const path = formatTilePath({ level, number, width });
          expect(parseTilePath(path)).toEqual({ level, number, width });
        },
      ),
    );
    for (const path of [
      'tile/0/1',
      'tile/0/x000/001',
      'tile/00/001',
      'tile/64/001',
      'tile/0/001.p/256',
      'tile/0/001.p/0',
      'tile/0/001.p/08',
      'tile/0/001/',
      'tile/0/x0a1/001',
      '../tile/0/001',
    ])
      expect(parseTilePath(path)).toBeUndefined();
  });

  it('of entries hold what was put in', () => {
    const entries = [Buffer.from(''), Buffer.from('a'), Buffer.alloc(65_535, 7)];
    const bytes = joinEntries(entries);
    expect(splitEntries(bytes, 3)).toEqual(entries);
    expect(splitEntries(bytes, 2)).toBeUndefined();
    expect(splitEntries(bytes.subarray(0, -1), 3)).toBeUndefined();
  });
});

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBuildkiteMasking, formatAzureMasks, formatGitHubMasks, maskableLines } from './log-masking.ts';

function agent(script: string): { env: Record<string, string>; folder: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'vouchgate-agent-'));
  const file = path.join(folder, 'buildkite-agent');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return { env: { PATH: `${folder}:${process.env['PATH']}`, OUT: path.join(folder, 'out') }, folder };
}

describe('masking on GitHub', () => {
  it('masks each line by itself, longest first, and encodes what would end the command', () => {
    expect(formatGitHubMasks(['p%ss\nsecond line\r\nend', 'abc'])).toBe(
      '::add-mask::second line\n::add-mask::p%25ss\n',
    );
  });

  it('never lets a value write a line of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const lines = formatGitHubMasks([text]).split('\n').slice(0, -1);
        for (const line of lines) expect(line.startsWith('::add-mask::')).toBe(true);
        expect(lines).toHaveLength(maskableLines([text]).length);
      }),
    );
  });
});

describe('masking on Azure Pipelines', () => {
  it('makes each line a secret variable', () => {
    expect(formatAzureMasks(['100%-sure'])).toBe(
      '##vso[task.setvariable variable=VOUCHGATE_MASK_0;issecret=true]100%AZP25-sure\n',
    );
  });
});

describe.skipIf(process.platform === 'win32')('masking on Buildkite', () => {
  it('tells the agent on standard input, not in its arguments', async () => {
    const { env, folder } = agent('printf "%s\\n" "$*" > "$OUT"; cat >> "$OUT"');
    await createBuildkiteMasking(env).mask(['s3cret-canary']);
    const [args, input] = readFileSync(path.join(folder, 'out'), 'utf8').split('\n');
    expect(args).toBe('redactor add --format json');
    expect(JSON.parse(input ?? '')).toEqual({ vouchgate_0: 's3cret-canary' });
    rmSync(folder, { recursive: true });
  });

  it('says so when the agent refuses, or is not there', async () => {
    const { env, folder } = agent('exit 3');
    await expect(createBuildkiteMasking(env).mask(['s3cret-canary'])).rejects.toMatchObject({
      code: 'masking_failed',
    });
    await expect(createBuildkiteMasking({ PATH: '/nowhere' }).mask(['s3cret'])).rejects.toMatchObject({
      code: 'masking_failed',
    });
    rmSync(folder, { recursive: true });
  });
});

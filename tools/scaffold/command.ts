import type { ScaffoldedFiles } from './scaffold.ts';

function command(id: string): string {
  return `import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

export const command = defineCommand({
  name: '${id}',
  summary: 'what it does, in a few words',
  description: 'What it does, for whom, and what it changes.',
  options: {},
  examples: [{ command: 'vouchgate ${id}', explanation: 'the usual case' }],
  async run(context) {
    context.stderr.write('vouchgate ${id}: not written yet\\n');
    return exitCodes.internal;
  },
});
`;
}

function test(id: string): string {
  return `import { describe, expect, test } from 'vitest';
import { command } from './${id}.ts';

describe('vouchgate ${id}', () => {
  test('says what it does', () => {
    expect(command.summary).not.toBe('what it does, in a few words');
  });
});
`;
}

export function commandFiles(id: string): ScaffoldedFiles {
  return { [`src/cli/commands/${id}.ts`]: command(id), [`src/cli/commands/${id}.test.ts`]: test(id) };
}

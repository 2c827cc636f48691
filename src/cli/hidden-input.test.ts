import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readSecret } from './hidden-input.ts';

function terminal() {
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => modes.push(raw),
  });
  return { stdin, stderr: new PassThrough(), modes };
}

describe('a secret that is typed', () => {
  it('is never echoed, can be corrected, and leaves the terminal as it was', async () => {
    const { stdin, stderr, modes } = terminal();
    const shown: string[] = [];
    stderr.on('data', (chunk: Buffer) => shown.push(chunk.toString()));
    const reading = readSecret({ stdin, stderr }, 'Value: ');
    stdin.write('canarz');
    stdin.write('\u007fy');
    stdin.write('\r');
    expect((await reading).reveal()).toBe('canary');
    await new Promise(setImmediate);
    expect(shown.join('')).toBe('Value: \n');
    expect(modes).toEqual([true, false]);
  });

  it('is given up with Ctrl-C', async () => {
    const { stdin, stderr, modes } = terminal();
    const reading = readSecret({ stdin, stderr }, 'Value: ');
    stdin.write('can\u0003');
    await expect(reading).rejects.toMatchObject({ code: 'usage_invalid' });
    expect(modes).toEqual([true, false]);
  });
});

describe('a secret that is piped', () => {
  it('loses one line end and nothing else', async () => {
    const stdin = new PassThrough();
    stdin.end('line one\nline two \n\n');
    const secret = await readSecret({ stdin, stderr: new PassThrough() }, 'Value: ');
    expect(secret.reveal()).toBe('line one\nline two \n');
  });

  it('is refused when it has no end', async () => {
    const stdin = new PassThrough();
    stdin.end('x'.repeat(100_000));
    await expect(readSecret({ stdin, stderr: new PassThrough() }, '')).rejects.toMatchObject({
      code: 'usage_invalid',
    });
  });
});

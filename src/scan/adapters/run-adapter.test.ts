import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#core/clock.ts';
import { type Adapter, isVersionFrom } from './adapter.ts';
import { runAdapter } from './run-adapter.ts';
import { FakeTools } from './testing/fake-tools.ts';
import { defaultToolLimits } from './tool-process.ts';

let fake: FakeTools;
beforeEach(() => {
  fake = new FakeTools();
});
afterEach(() => fake.remove());

const REPORT = JSON.stringify([
  { line: 3, code: 'DL3006', message: 'Tag the image', column: 1, file: 'Dockerfile', level: 'warning' },
]);

const adapter: Adapter = {
  id: 'hadolint',
  title: 'Hadolint',
  executable: 'hadolint',
  versionArgs: ['--version'],
  importer: 'hadolint',
  installation: 'Get it.',
  plan: () => [
    { args: ['first'], report: 'stdout', completed: [0, 2], nothingToDo: [5] },
    { args: ['second'], report: 'stdout', completed: [0], without: 'half of it' },
  ],
};

function run(answers: string) {
  fake.add(
    'hadolint',
    `if (argv[0] === '--version') { console.log('Tool v2.12.1-beta here'); process.exit(0); }
     const report = ${JSON.stringify(REPORT)};\n${answers}`,
  );
  const settings = { env: { PATH: fake.bin }, limits: defaultToolLimits, clock: systemClock };
  return runAdapter(adapter, fake.root, undefined, settings);
}

describe('running a tool', () => {
  it('reads its report, and records version and exit code', async () => {
    const ran = await run('console.log(report); process.exit(2)');
    expect(ran).toMatchObject({ tool: 'hadolint', version: '2.12.1-beta', exitCode: 2, partial: false });
    expect(ran.report?.findings.map(({ ruleId }) => ruleId)).toEqual(['DL3006']);
    expect(ran.problem).toBeUndefined();
  });

  it('takes the next way when one fails, and says what is not looked at then', async () => {
    const ran = await run("if (argv[0] === 'first') process.exit(9); console.log(report);");
    expect(ran.report?.findings).toHaveLength(1);
    expect(ran).toMatchObject({ partial: true, problem: 'it did not look at half of it' });
  });

  it('does not take a failure for "nothing found"', async () => {
    const ran = await run('console.error("boom\\u001b[31m!"); process.exit(1)');
    expect(ran.report).toBeUndefined();
    expect(ran).toMatchObject({ partial: false, problem: 'it ended with exit code 1: boom!' });
  });

  it('does not take a report that is cut off for "nothing found"', async () => {
    const ran = await run('console.log(report.slice(0, 20))');
    expect(ran.report).toBeUndefined();
    expect(ran.problem).toMatch(/^its report cannot be read: /);
  });

  it('knows the exit code that means that there is nothing of its kind', async () => {
    const ran = await run('process.exit(5)');
    expect(ran.report?.findings).toEqual([]);
    expect(ran.problem).toBeUndefined();
  });

  it('says how to get a tool that is missing', async () => {
    const settings = { env: { PATH: fake.bin }, limits: defaultToolLimits, clock: systemClock };
    const ran = await runAdapter(adapter, fake.root, undefined, settings);
    expect(ran).toMatchObject({ partial: false, problem: 'there is no hadolint on the path. Get it.' });
  });
});

describe('comparing versions', () => {
  it('goes by numbers, not by letters', () => {
    expect(isVersionFrom('8.19.0', '8.19.0')).toBe(true);
    expect(isVersionFrom('8.9.0', '8.19.0')).toBe(false);
    expect(isVersionFrom('10.0', '8.19.0')).toBe(true);
    expect(isVersionFrom('unknown', '8.19.0')).toBe(false);
  });
});

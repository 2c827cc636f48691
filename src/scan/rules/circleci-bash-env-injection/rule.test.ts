import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { briefly, findingsOf } from '../../testing/scan-text.ts';
import { findBashEnvWrites } from './find-writes.ts';

function find(command: string, filters = ''): string[] {
  const body = command
    .split('\n')
    .map((line) => `            ${line}\n`)
    .join('');
  const text = `# --- .circleci/config.yml\nversion: 2.1\njobs:\n  test:\n    docker: [{ image: cimg/base:2024.01 }]\n    steps:\n      - run:\n          command: |\n${body}workflows:\n  build:\n    jobs:\n      - test${filters}\n`;
  return briefly(findingsOf('circleci-bash-env-injection', text));
}

describe('what goes into $BASH_ENV', () => {
  it('is code when outsiders write it and the shell replaces it first', () => {
    expect(find('echo "export M=$(git log -1 --format=%B)" >> $BASH_ENV')).toEqual(['8 medium regular']);
    expect(find('echo export M="`git log -1 --pretty=%s`" | tee -a "$BASH_ENV"')).toHaveLength(1);
  });

  it('is less of a danger where only merges bring it, and little where members write it', () => {
    const onlyMain = ':\n          filters: { branches: { only: main } }';
    expect(find('echo "export M=$(git log -1 --format=%B)" >> $BASH_ENV', onlyMain)).toEqual([
      '8 medium regular',
    ]);
    expect(find('echo "export B=\'$CIRCLE_BRANCH\'" >> ${BASH_ENV}')).toEqual(['8 low pedantic']);
  });

  it('is only a value when the shell that reads it replaces it, or it is quoted for that', () => {
    expect(find('echo \'export B="$CIRCLE_BRANCH"\' >> $BASH_ENV')).toEqual([]);
    expect(find('echo "export B=\\"\\$CIRCLE_BRANCH\\"" >> $BASH_ENV')).toEqual([]);
    expect(find('echo "export B=$(printf %q "$CIRCLE_BRANCH")" >> $BASH_ENV')).toEqual([]);
    expect(find('echo "export V=$(git rev-parse HEAD)" >> $BASH_ENV')).toEqual([]);
    expect(find('# echo "export B=$CIRCLE_BRANCH" >> $BASH_ENV\ntrue')).toEqual([]);
  });

  it('comes from here-documents, too, unless their word is quoted', () => {
    const lines = 'export B=$CIRCLE_BRANCH\nEOF\necho "$CIRCLE_BRANCH"';
    expect(find(`cat >> $BASH_ENV <<EOF\n${lines}`)).toEqual(['9 low pedantic']);
    expect(find(`cat >> $BASH_ENV <<'EOF'\n${lines}`)).toEqual([]);
  });
});

it('reads a line of a megabyte in no time', () => {
  const line = `echo "${'$(git log '.repeat(120_000)}" >> $BASH_ENV`;
  const before = threadMs();
  findBashEnvWrites(`${line}\n${'>> '.repeat(300_000)}`);
  expect(threadMs() - before).toBeLessThan(2_000);
});

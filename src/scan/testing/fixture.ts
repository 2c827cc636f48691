import { readFileSync } from 'node:fs';

export interface FixtureFile {
  readonly file: string;
  readonly text: string;
}

const DEFAULT_FILE = '.github/workflows/example.yml';
const MARK = /^(?:#|\/\/) --- (\S+)\n/gm;

/** An example as the files it stands for: `# --- path` (or `// --- path`) begins one; without it the text is a workflow. */
export function splitFixture(text: string): FixtureFile[] {
  const marks = [...text.matchAll(MARK)];
  const [first] = marks;
  if (first === undefined) return [{ file: DEFAULT_FILE, text }];
  return marks.map((mark, index) => ({
    file: mark[1] ?? DEFAULT_FILE,
    text: text.slice(mark.index + mark[0].length, marks[index + 1]?.index),
  }));
}

export function readFixture(ruleId: string, name: 'bad' | 'good'): FixtureFile[] {
  return splitFixture(readFileSync(new URL(`../rules/${ruleId}/${name}.yml`, import.meta.url), 'utf8'));
}

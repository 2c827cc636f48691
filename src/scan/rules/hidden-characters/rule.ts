import type { ReadFile } from '#pipeline/read-file.ts';
import type { Report, Rule } from '../../rule.ts';
import { describeHidden, findHiddenCharacters, type HiddenCharacter } from './hidden-characters.ts';

/** One file that is full of them has one fault. */
const LINES_MAX = 20;

function byLine(file: ReadFile): HiddenCharacter[][] {
  const lines = new Map<number, HiddenCharacter[]>();
  for (const found of findHiddenCharacters(file.source.text)) {
    const { line } = file.source.position(found.start);
    const before = lines.get(line);
    if (before !== undefined) before.push(found);
    else if (lines.size < LINES_MAX) lines.set(line, [found]);
    else break;
  }
  return [...lines.values()];
}

function toReport(characters: readonly HiddenCharacter[]): Report | undefined {
  const first = characters.find(({ kind }) => kind !== 'invisible') ?? characters[0];
  if (first === undefined) return undefined;
  const others = characters.length - 1;
  const more = others === 0 ? '' : ` and ${others} more like it`;
  const invisible = first.kind === 'invisible';
  return {
    at: { start: first.start, end: first.end },
    message: `${describeHidden(first)} stands in this line${more}: a reviewer does not see what the runner reads`,
    ...(invisible ? { severity: 'low' } : {}),
    key: `${first.kind} ${characters
      .map(({ code }) => code)
      .slice(0, 20)
      .join(' ')}`,
    fixes: [
      {
        title: 'take it away',
        safety: 'unsafe',
        edits: characters.map(({ start, end }) => ({ start, end, replacement: '' })),
      },
    ],
  };
}

export const rule: Rule = {
  id: 'hidden-characters',
  title: 'Characters that nobody sees',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github', 'gitlab'],
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-1'], cwe: ['CWE-1007', 'CWE-451'], cis: ['1.1.3'] },
  description:
    'Looks for characters of Unicode that are not shown, or that change the order in which the others are: bidirectional controls, tags, variation selectors that carry data, spaces of no width.',
  why: 'What the runner reads is not what a reviewer sees: a command looks like a comment, a name like another one, and a line that looks empty carries a whole script. Agents that read the file get instructions which no person was shown.',
  remedy:
    'Take the characters away. Where a text needs one, write it as an escape in double quotes: `"\\u200d"`.',
  references: ['https://trojansource.codes/', 'https://www.unicode.org/reports/tr36/'],
  incident: {
    name: 'GlassWorm',
    date: '2025-10',
    what: 'Code in variation selectors, which no editor shows, went through review into extensions and repositories, and took the tokens of those who built them.',
  },
  aliases: [],

  file(file, context) {
    for (const characters of byLine(file)) {
      const report = toReport(characters);
      if (report !== undefined) context.report(report);
    }
  },
};

import { expect, it } from 'vitest';
import { parseGroovy } from './parse.ts';
import { callsOf, type Expression } from './tree.ts';
import { visitTree } from './walk-tree.ts';

/** Every call, with the names of its arguments and how many closures it has. */
function callsIn(text: string): string[] {
  const found: string[] = [];
  visitTree(parseGroovy(text).statements, (expression: Expression) => {
    if (expression.kind !== 'chain') return;
    for (const { path, entries } of callsOf(expression)) {
      found.push(`${path}(${entries.map(({ name, value }) => name ?? value.kind).join(' ')})`);
    }
  });
  return found;
}

it.each([
  ["sh 'a'", ['sh(string)']],
  ["sh(script: 'a', returnStdout: true)", ['sh(script returnStdout)']],
  ["stage('a') { sh 'b' }", ['stage(string closure)', 'sh(string)']],
  ["def x = sh returnStdout: true, script: 'a'", ['sh(returnStdout script)']],
  [
    "docker.image('a').inside('-v b') { sh 'c' }",
    ['docker.image(string)', 'inside(string closure)', 'sh(string)'],
  ],
  ["parallel a: { sh 'b' },\n  c: { sh 'd' }", ['parallel(a c)', 'sh(string)', 'sh(string)']],
  ["environment { A = credentials('b') }", ['environment(closure)', 'credentials(string)']],
  ["x?.y*.z('a')\n  .trim()", ['x.y.z(string)', 'trim()']],
  ['timeout time: 5, unit: "MINUTES", {\n sh "a"\n}', ['timeout(time unit closure)', 'sh(string)']],
  ['properties([[$class: "A", b: [1, 2]], c("d")])', ['properties(list)', 'c(string)']],
  ["if (a) {\n sh 'b'\n} else if (c) sh 'd'", ['if(name closure)', 'sh(string)', 'if(name)', 'sh(string)']],
  ["String name(Map a, b = [:]) { echo 'c' }", ['name(sequence sequence closure)', 'echo(string)']],
  ["@Library('a@b') _\n@Field String x = 'y'\nnode { }", ['node(closure)']],
  ['list.each { String a, b -> sh a }', ['list.each(closure)', 'sh(name)']],
  [
    "switch (a) {\n case 'b':\n  sh 'c'\n  break\n default: echo 'd'\n}",
    ['switch(name closure)', 'sh(string)', 'echo(string)'],
  ],
])('reads %s', (text, expected) => {
  const { problems } = parseGroovy(text);
  expect(problems).toEqual([]);
  expect(callsIn(text)).toEqual(expected);
});

it('does not take a type for a step, nor a line for the end of a statement that goes on', () => {
  expect(callsIn('String a = b\nMap<String, List<String>> c = [:]\nreturn d')).toEqual([]);
  expect(callsIn("sh 'a' +\n  'b'")).toEqual(['sh(sequence)']);
  expect(callsIn("sh 'a'\n  + 'b'")).toHaveLength(1);
});

it('says what it could not read, and reads the rest', () => {
  const { problems, statements } = parseGroovy("a()\n)\nb('c'");
  expect(problems.map(({ message }) => message)).toEqual(['“)” closes nothing', '“(” is never closed']);
  expect(statements).toHaveLength(2);
});

it('steps over what is nested beyond reason', () => {
  const { problems } = parseGroovy(`${'['.repeat(5000)}${']'.repeat(5000)}`);
  expect(problems.map(({ message }) => message)).toContain('nested too deeply to be read');
});

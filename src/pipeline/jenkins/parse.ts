import { DEPTH_MAX, TokenCursor } from './token-cursor.ts';
import { isPunctuation, type SyntaxProblem, type StringToken, type Token } from './token.ts';
import { tokenize } from './tokenize.ts';
import type { Closure, Entry, Expression, Link, Operator, Script } from './tree.ts';

const LINKS_MAX = 200;

/** Words that never take arguments without parentheses. */
const KEYWORD =
  /^(?:def|final|static|public|private|protected|return|throw|new|if|else|for|while|switch|case|default|do|try|catch|finally|import|package|class|interface|enum|trait|extends|implements|in|instanceof|as|assert|void|int|boolean|long|double|float|byte|short|char|var|break|continue|abstract|this|super|null|true|false)$/;
const OPERATOR_WORD = /^(?:in|instanceof|as)$/;
/** A line that begins so goes on with the one before it. */
const CONTINUES = /^(?:\.|\?\.|\*\.|\.&|\?:|\?|:|&&|\|\||==|!=|=~|==~|\+|\*|<=>|<=|>=|<<|=|\+=)$/;

class Parser extends TokenCursor {
  statements(): Expression[] {
    const statements: Expression[] = [];
    for (;;) {
      const token = this.peek();
      if (token.kind === 'end') return statements;
      if (token.kind === 'newline' || isPunctuation(token, ';') || isPunctuation(token, ',')) this.at += 1;
      else if (token.kind === 'punctuation' && /^[)\]}]$/.test(token.text)) {
        if (token.text === '}' && this.depth > 0) return statements;
        this.report(`“${token.text}” closes nothing`, token);
        this.at += 1;
      } else statements.push(this.#sequence(false));
    }
  }

  #sequence(inBrackets: boolean): Expression {
    const items: (Expression | Operator)[] = [];
    const start = this.peek().start;
    for (;;) {
      if (inBrackets) this.skipNewlines();
      const token = this.peek();
      if (token.kind === 'end') break;
      if (token.kind === 'newline') {
        if (!this.#goesOn(items.at(-1))) break;
        this.skipNewlines();
        continue;
      }
      if (token.kind === 'punctuation' && /^[,;)\]}]$/.test(token.text)) break;
      const item = this.#item(token, items.length > 0);
      items.push(item);
      if (item.kind === 'operator' && item.text === '->') break;
    }
    const [only] = items;
    if (items.length === 1 && only !== undefined && only.kind !== 'operator') return only;
    return { kind: 'sequence', items, start, end: items.at(-1)?.end ?? start };
  }

  #goesOn(last: Expression | Operator | undefined): boolean {
    if (last?.kind === 'operator' && !/^(?:\+\+|--|>|->)$/.test(last.text)) return true;
    const next = this.behindNewlines();
    return next.kind === 'punctuation' && CONTINUES.test(next.text);
  }

  #item(token: Token, isBehindItem: boolean): Expression | Operator {
    if (token.kind === 'punctuation' && !/^[([{@]$/.test(token.text)) return this.#operator(token);
    if (token.kind === 'word' && OPERATOR_WORD.test(token.text) && isBehindItem) return this.#operator(token);
    return this.#links(this.#operand());
  }

  #operator(token: Token): Operator {
    this.at += 1;
    const text = token.kind === 'string' ? '' : token.text;
    return { kind: 'operator', text, start: token.start, end: token.end };
  }

  #operand(): Expression {
    const token = this.peek();
    const { start, end } = token;
    if (token.kind === 'punctuation') {
      if (token.text === '{') return this.#closure();
      if (token.text === '@') return this.#annotation();
      const kind = token.text === '[' ? 'list' : 'group';
      return { kind, entries: this.#bracketed(), start, end: this.lastEnd() };
    }
    this.at += 1;
    if (token.kind === 'string') return this.#string(token);
    if (token.kind === 'number') return { kind: 'number', text: token.text, start, end };
    return { kind: 'name', name: token.text, start, end };
  }

  #string(token: StringToken): Expression {
    const parts = token.interpolations.map(({ tokens }): Expression => {
      const { start = 0 } = tokens[0] ?? {};
      const depth = this.depthAbove + this.depth + 1;
      if (depth > DEPTH_MAX) return { kind: 'name', name: '', start, end: start };
      const parser = new Parser(tokens, depth);
      const statements = parser.statements();
      this.problems.push(...parser.problems.slice(0, 20 - this.problems.length));
      const [only] = statements;
      if (statements.length === 1 && only !== undefined) return only;
      return { kind: 'sequence', items: statements, start, end: tokens.at(-1)?.end ?? start };
    });
    return { kind: 'string', token, parts, start: token.start, end: token.end };
  }

  #annotation(): Expression {
    const { start } = this.peek();
    this.at += 1;
    const names: string[] = [];
    for (let token = this.peek(); token.kind === 'word' || isPunctuation(token, '.'); token = this.peek()) {
      if (names.length > 0 && token.spaceBefore) break;
      if (token.kind === 'word') names.push(token.text);
      this.at += 1;
    }
    const entries = isPunctuation(this.peek(), '(') ? this.#bracketed() : [];
    return { kind: 'annotation', name: names.join('.'), entries, start, end: this.lastEnd() };
  }

  #closure(): Closure {
    const open = this.peek();
    if (!this.enter())
      return { kind: 'closure', parameters: [], statements: [], start: open.start, end: this.lastEnd() };
    let statements = this.statements();
    this.leave(open);
    const [first] = statements;
    const last = first?.kind === 'sequence' ? first.items.at(-1) : undefined;
    const hasParameters = last?.kind === 'operator' && last.text === '->';
    // `{ String name, other -> …`: commas end statements here, so that the names stand in the first ones.
    const arrow = statements.findIndex(endsInArrow);
    const parameters = arrow === -1 ? [] : statements.slice(0, arrow + 1).flatMap(parameterOf);
    if (hasParameters || arrow > -1) statements = statements.slice(arrow + 1);
    return { kind: 'closure', parameters, statements, start: open.start, end: this.lastEnd() };
  }

  #bracketed(): Entry[] {
    const open = this.peek();
    if (!this.enter()) return [];
    const entries = this.#entries(true);
    this.leave(open);
    return entries;
  }

  #entries(inBrackets: boolean): Entry[] {
    const entries: Entry[] = [];
    for (;;) {
      if (inBrackets) this.skipNewlines();
      const token = this.peek();
      if (token.kind === 'end' || token.kind === 'newline') return entries;
      if (token.kind === 'punctuation' && /^[)\]}]$/.test(token.text)) return entries;
      if (isPunctuation(token, ',') || isPunctuation(token, ';')) {
        if (token.kind === 'punctuation' && token.text === ';' && !inBrackets) return entries;
        this.at += 1;
        this.skipNewlines();
        continue;
      }
      const before = this.at;
      entries.push(this.#entry(inBrackets));
      if (this.at === before) this.at += 1;
      if (!inBrackets && !isPunctuation(this.peek(), ',')) return entries;
    }
  }

  #entry(inBrackets: boolean): Entry {
    const token = this.peek();
    const isNamed = isPunctuation(this.peek(1), ':') && /^(?:word|string|number)$/.test(token.kind);
    if (isNamed) {
      this.at += 2;
      this.skipNewlines();
    }
    const name = token.kind === 'string' ? token.value : token.text;
    const value = this.#sequence(inBrackets);
    return { name: isNamed ? name : undefined, value, start: token.start, end: value.end };
  }

  /** Members, calls, indexes and closures behind a value. */
  #links(head: Expression): Expression {
    const links: Link[] = [];
    for (;;) {
      const link = this.#link(head, links);
      if (link === undefined) break;
      if (links.length < LINKS_MAX) links.push(link);
    }
    if (links.length === 0) return head;
    return { kind: 'chain', head, links, start: head.start, end: this.lastEnd() };
  }

  #link(head: Expression, links: Link[]): Link | undefined {
    const token = this.behindNewlines();
    if (token.kind === 'punctuation' && /^(?:\.|\?\.|\*\.|\.&|::)$/.test(token.text)) return this.#member();
    const next = this.peek();
    if (next.kind === 'newline' || next.kind === 'end') return undefined;
    const last = links.at(-1);
    if (isPunctuation(next, '(') && this.#takesParentheses(head, last, next)) return this.#call(next);
    if (isPunctuation(next, '[') && !next.spaceBefore && head.kind !== 'string') {
      return { kind: 'index', entries: this.#bracketed(), start: next.start, end: this.lastEnd() };
    }
    if (isPunctuation(next, '{') && isCallable(head, last)) return this.#closureCall(next);
    return this.#isCommand(head, last, next) ? this.#command(next) : undefined;
  }

  #takesParentheses(head: Expression, last: Link | undefined, next: Token): boolean {
    if (last === undefined)
      return head.kind === 'name' && (!next.spaceBefore || !OPERATOR_WORD.test(head.name));
    return last.kind !== 'call' || !last.isCommand;
  }

  #member(): Link | undefined {
    this.skipNewlines();
    const { start } = this.peek();
    this.at += 1;
    const token = this.peek();
    const isName = token.kind === 'word' || token.kind === 'string' || isPunctuation(token, '*');
    if (!isName) return { kind: 'member', name: '', start, end: start + 1 };
    this.at += 1;
    const name = token.kind === 'string' ? token.value : token.text;
    return { kind: 'member', name, start: token.start, end: token.end };
  }

  /** `name(…)`, with the closures that stand behind it on the same line. */
  #call(open: Token): Link {
    const entries = this.#bracketed();
    while (isPunctuation(this.peek(), '{')) entries.push(asEntry(this.#closure()));
    return { kind: 'call', entries, isCommand: false, start: open.start, end: this.lastEnd() };
  }

  #closureCall(open: Token): Link {
    const entries = [asEntry(this.#closure())];
    return { kind: 'call', entries, isCommand: false, start: open.start, end: this.lastEnd() };
  }

  /** `sh 'x'`, `input message: 'x'`: a lower-case word, a blank, and something that begins a value. */
  #isCommand(head: Expression, last: Link | undefined, next: Token): boolean {
    if (!next.spaceBefore || head.kind !== 'name' || KEYWORD.test(head.name)) return false;
    if (last !== undefined && last.kind !== 'member') return false;
    const name = last?.kind === 'member' ? last.name : head.name;
    if (!/^[a-z_$]/.test(name)) return false;
    if (next.kind === 'string' || next.kind === 'number') return true;
    if (next.kind === 'word') return !OPERATOR_WORD.test(next.text);
    return isPunctuation(next, '[') || isPunctuation(next, '@');
  }

  #command(next: Token): Link {
    if (this.isTooDeep) {
      this.at += 1;
      return { kind: 'member', name: '', start: next.start, end: next.end };
    }
    this.depth += 1;
    const entries = this.#entries(false);
    this.depth -= 1;
    return { kind: 'call', entries, isCommand: true, start: next.start, end: this.lastEnd() };
  }
}

function asEntry(closure: Closure): Entry {
  return { name: undefined, value: closure, start: closure.start, end: closure.end };
}

function isCallable(head: Expression, last: Link | undefined): boolean {
  if (last !== undefined) return last.kind === 'member';
  return head.kind === 'name' && !/^(?:return|in|new)$/.test(head.name);
}

function endsInArrow(statement: Expression): boolean {
  const last = statement.kind === 'sequence' ? statement.items.at(-1) : undefined;
  return last?.kind === 'operator' && last.text === '->';
}

/** The name that a parameter is known by: the last one in front of its default. */
function parameterOf(statement: Expression): string[] {
  if (statement.kind === 'name') return [statement.name];
  if (statement.kind !== 'sequence') return [];
  const names: string[] = [];
  for (const item of statement.items) {
    if (item.kind === 'operator' && item.text === '=') break;
    if (item.kind === 'name') names.push(item.name);
  }
  return names.slice(-1);
}

/** Reads Groovy as far as pipelines need it: no types, no precedence, and nothing that is not there is made up. */
export function parseGroovy(text: string): Script & { readonly problems: readonly SyntaxProblem[] } {
  const { tokens, problems } = tokenize(text);
  const parser = new Parser(tokens, 0);
  const statements = parser.statements();
  return { statements, problems: [...problems, ...parser.problems] };
}

import type { ActionUse, Script, Step } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';

/** A program that follows instructions it reads, as a step starts it. */
export interface Agent {
  readonly name: string;
  readonly span: Span;
  /** True when it starts for people with write access only. */
  readonly asksWho: boolean;
  /** Where it is said that people without rights may start it; undefined when the agent never asks who does. */
  readonly openedBy: Span | undefined;
  /** Where it gets a shell, or all tools, without anybody's consent; undefined when it is held back. */
  readonly freedBy: Span | undefined;
}

interface AgentAction {
  readonly name: string;
  /** Input that lets people without rights in, by the action's own documentation; none where it never asks. */
  readonly opensWith: string | undefined;
  /** Inputs that hand over tools, and what in them means a shell without limits. */
  readonly frees: readonly (readonly [input: RegExp, value: RegExp])[];
  /** Runs with every tool unless one of its inputs matches this. */
  readonly heldBackBy?: RegExp;
}

/** `Bash` alone is any command; `Bash(gh issue view:*)` is one. */
const ANY_COMMAND = /\bBash(?![\w(])|--dangerously-skip-permissions|bypassPermissions/;
const CLAUDE_INPUTS = /^(?:claude_args|allowed_tools|settings)$/;
const CORE_TOOLS = /"(?:core|coreTools)"\s*:/;

const AGENT_ACTIONS: Readonly<Record<string, AgentAction>> = {
  'anthropics/claude-code-action': {
    name: 'Claude',
    opensWith: 'allowed_non_write_users',
    frees: [[CLAUDE_INPUTS, ANY_COMMAND]],
  },
  'anthropics/claude-code-base-action': {
    name: 'Claude',
    opensWith: undefined,
    frees: [[CLAUDE_INPUTS, ANY_COMMAND]],
  },
  'openai/codex-action': {
    name: 'Codex',
    opensWith: 'allow-users',
    frees: [
      [/^sandbox$/, /danger-full-access/],
      [/^safety-strategy$/, /^unsafe$/],
      [/^codex-args$/, /danger-full-access|--dangerously-bypass/],
    ],
  },
  'google-github-actions/run-gemini-cli': {
    name: 'Gemini',
    opensWith: undefined,
    frees: [],
    heldBackBy: CORE_TOOLS,
  },
  'google-gemini/gemini-cli-action': {
    name: 'Gemini',
    opensWith: undefined,
    frees: [],
    heldBackBy: CORE_TOOLS,
  },
  'qwenlm/qwen-code-action': { name: 'Qwen', opensWith: undefined, frees: [], heldBackBy: CORE_TOOLS },
};

/** Agents as commands: how one is started without a person, and what takes its brakes off. */
const COMMANDS: readonly (readonly [name: string, starts: RegExp, frees: RegExp])[] = [
  ['Claude', /\bclaude\s+(?:[^|;&\n]*\s)?(?:-p|--print)\b/, ANY_COMMAND],
  ['Codex', /\bcodex\s+exec\b/, /--full-auto|--yolo|--dangerously-bypass|danger-full-access/],
  ['Gemini', /\bgemini\s+(?:[^|;&\n]*\s)?(?:-p|--prompt|--yolo)\b/, /--yolo\b|--approval-mode[= ]yolo/],
  ['Copilot', /\bcopilot\s+(?:[^|;&\n]*\s)?(?:-p|--prompt)\b/, /--allow-all\b|--allow-all-tools\b|--yolo\b/],
  ['Aider', /\baider\s+(?:[^|;&\n]*\s)?(?:--message|-m|--message-file)\b/, /--yes-always\b|--yes\b/],
  ['Cursor', /\bcursor-agent\s+(?:[^|;&\n]*\s)?(?:-p|--print)\b/, /--force\b/],
  ['OpenCode', /\bopencode\s+run\b/, /\brun\b/],
  ['Amp', /\bamp\s+(?:[^|;&\n]*\s)?(?:-x|--execute)\b/, /--dangerously-allow-all/],
];

/** A container with a network of its own around the agent: what it may do is decided there. */
const SANDBOX = /\b(?:awf|bwrap|firejail|gvisor|runsc|docker\s+run)\b/;

function readAction(use: ActionUse): Agent | undefined {
  const { repository } = use.reference;
  const known = Object.hasOwn(AGENT_ACTIONS, repository) ? AGENT_ACTIONS[repository] : undefined;
  if (known === undefined) return undefined;
  const opening = use.inputs.find(({ name }) => name.toLowerCase() === known.opensWith);
  const opened = opening?.value?.value.split(/[\s,]+/).includes('*') === true;
  const freeing = use.inputs.find(({ name, value }) =>
    known.frees.some(
      ([input, pattern]) => input.test(name.toLowerCase()) && pattern.test(value?.value ?? ''),
    ),
  );
  const unlimited =
    known.heldBackBy !== undefined &&
    !use.inputs.some(({ value }) => known.heldBackBy?.test(value?.value ?? '') === true);
  return {
    name: known.name,
    span: use.text.node,
    asksWho: known.opensWith !== undefined && !opened,
    openedBy: opened ? opening?.key : undefined,
    freedBy: freeing?.key ?? (unlimited ? use.text.node : undefined),
  };
}

/** The programs: most scripts have none of them, and need not be looked at line by line. */
const PROGRAMS = /claude|codex|gemini|copilot|aider|cursor-agent|opencode|\bamp\b/;

function readScript(script: Script): Agent | undefined {
  if (!PROGRAMS.test(script.text.value)) return undefined;
  // A command that goes on in the next line is one.
  const text = script.text.value.replaceAll('\\\n', '  ');
  for (const line of text.matchAll(/[^\n]+/g)) {
    if (/^\s*(?:#|echo\b|npm\b|pip\b)/.test(line[0]) || line[0].length > 4_000) continue;
    for (const [name, starts, frees] of COMMANDS) {
      const start = starts.exec(line[0]);
      if (start === null) continue;
      const at = line.index + start.index;
      const span = script.text.span(at, at + start[0].length);
      const free = frees.test(line[0]) && !SANDBOX.test(line[0]);
      return { name, span, asksWho: false, openedBy: undefined, freedBy: free ? span : undefined };
    }
  }
  return undefined;
}

/** The agent that a step starts. */
export function findAgent({ work }: Step): Agent | undefined {
  if (work.kind === 'script') return readScript(work);
  return work.kind === 'action' ? readAction(work) : undefined;
}

import type { Step } from '#pipeline/model.ts';
import type { Taint } from '#pipeline/taint.ts';
import { isOpen } from '../../shared/outsider-taint.ts';
import { linesOf, posixScriptOf, variablesIn } from '../../shared/shell-script.ts';
import { ShellTaint, worstOf } from '../../shared/shell-taint.ts';
import type { Rule, RuleContext } from '../../rule.ts';

const FETCHES = /(?:^|[\s;&|(])(curl|wget|git\s+clone|gh\s+api|http)\s/;
const SCHEME = /^(?:https?:\/\/[^\s/"']*)?$/;
/** Options whose value is no address: data, a header, a file, a name. */
const TAKES_VALUE =
  /\s(?:-[dHoOuFXAebcTPm]|--(?:data(?:-\w+)*|header|output|user|form|request|user-agent|post-data|branch|method|raw-field|field))[\s=]+$/;

/** The longest option with the space behind it; a pattern that ends at the end is tried from every place before it. */
const OPTION_CHARS_MAX = 60;

function findWordStart(text: string): number {
  let at = text.length;
  while (at > 0 && text.charAt(at - 1).trim() !== '') at -= 1;
  return at;
}

/** Whether what follows is the host of an address, or a part of it. */
function isHost(before: string, quoting: 'none' | 'double'): boolean {
  const opens = quoting === 'double' ? before.lastIndexOf('"') + 1 : findWordStart(before);
  const end = quoting === 'double' ? opens - 1 : opens;
  const front = before.slice(Math.max(0, end - OPTION_CHARS_MAX), Math.max(0, end));
  return SCHEME.test(before.slice(opens)) && !TAKES_VALUE.test(front);
}

/** Inputs of actions that are the address of a request. */
const ADDRESS_INPUTS: Readonly<Record<string, readonly string[]>> = {
  'fjogeleit/http-request-action': ['url'],
  'distributhor/workflow-webhook': ['webhook_url'],
  'octokit/request-action': ['route'],
  'suisei-cn/actions-download-file': ['url'],
  'robinraju/release-downloader': ['repository'],
};

function message(name: string, taint: Taint, by: string): string {
  return `an outsider writes ${name} (${taint.origin}), and ${by} sends its request there`;
}

function checkScript(step: Step, context: RuleContext): void {
  const script = posixScriptOf(step);
  if (script === undefined) return;
  const lines = linesOf(script);
  const taints = new ShellTaint(step, context);
  for (const line of lines) {
    const fetch = FETCHES.exec(line.text);
    if (fetch === null || /^\s*#/.test(line.text)) continue;
    for (const use of variablesIn(line.text)) {
      const before = line.text.slice(fetch.index + fetch[0].length - 1, use.start);
      if (use.start < fetch.index || !isHost(before, use.quoting)) continue;
      const taint = worstOf(taints.ofVariable(use.name).filter(({ shape }) => shape === 'text'));
      if (taint === undefined) continue;
      context.report({
        at: script.text.span(line.start + use.start, line.start + use.end),
        message: message(`\`$${use.name}\``, taint, fetch[1] ?? 'the script'),
        severity: taint.authority === 'full' ? 'medium' : 'low',
        key: `${use.name} ${line.text.trim()}`,
      });
    }
  }
}

function checkInputs(step: Step, context: RuleContext): void {
  const { work } = step;
  if (work.kind !== 'action') return;
  const { repository } = work.reference;
  const names = Object.hasOwn(ADDRESS_INPUTS, repository) ? (ADDRESS_INPUTS[repository] ?? []) : [];
  for (const input of work.inputs) {
    const { value } = input;
    if (value === undefined || !names.includes(input.name.toLowerCase())) continue;
    for (const expression of value.expressions) {
      if (!SCHEME.test(value.value.slice(0, expression.outer.start))) continue;
      const taint = worstOf(
        context.taintsOf(expression, { step }).filter((each) => isOpen(each, step, context)),
      );
      if (taint === undefined) continue;
      context.report({
        at: value.node,
        message: message(`the input ${input.name}`, taint, repository),
        severity: taint.authority === 'full' ? 'medium' : 'low',
      });
    }
  }
}

export const rule: Rule = {
  id: 'untrusted-url',
  title: 'Outsiders choose where a request goes',
  severity: 'medium',
  confidence: 'medium',
  persona: 'auditor',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-918'], cis: ['2.3.1'] },
  description:
    'Looks for addresses in calls of curl, wget, git and request actions whose host comes from what an outsider wrote.',
  why: 'The request comes from your runner, with what it sends along: on a self-hosted one it reaches the network and the metadata service behind it, and tokens in headers go to the host that the outsider named.',
  remedy:
    'Write the host out, and let the value be a part of the path only; or compare it with a list of hosts before.',
  references: [
    'https://owasp.org/www-community/attacks/Server_Side_Request_Forgery',
    'https://docs.github.com/en/actions/reference/security/secure-use',
  ],
  aliases: ['codeql/actions/request-forgery', 'sisakulint/request-forgery-critical'],

  step(step, context) {
    checkScript(step, context);
    checkInputs(step, context);
  },
};

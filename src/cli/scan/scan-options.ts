import { reporters } from '#findings/reporters.generated.ts';
import { personas, severities } from '#findings/severity.ts';
import { adapters } from '#scan/adapters.generated.ts';
import { graphWriters } from '#scan/graph/write-graph.ts';
import type { OptionDefinitions } from '../command.ts';
import { organisationOptions } from './organisation/organisation-options.ts';
import { secretsOptions } from './secrets/secrets-options.ts';
import { uploadOptions } from './upload/upload-options.ts';

/** What `vouchgate scan` takes; each engine adds its own. */
export const scanOptions = {
  format: {
    value: 'format',
    choices: Object.keys(reporters),
    description: 'what to write (default: terminal)',
  },
  output: {
    value: 'format=file',
    repeatable: true,
    description: 'also write the report to a file, in this format',
  },
  persona: {
    value: 'persona',
    choices: personas,
    description: 'how much to show (default: what .vouchgate.yml says, else regular)',
  },
  'fail-on': {
    value: 'severity',
    choices: [...severities, 'never'],
    description: 'exit with 1 from this severity on (default: high)',
  },
  all: { description: 'list every place where many have the same finding' },
  rule: { value: 'id', repeatable: true, description: 'run only this rule' },
  baseline: { value: 'file', description: 'do not show what stands in this file' },
  'write-baseline': { value: 'file', description: 'write everything that is found now into a baseline' },
  fix: {
    value: 'how',
    impliedValue: 'safe',
    choices: ['safe', 'unsafe'],
    description:
      'mend what can be mended without a change of behaviour; unsafe: also what somebody has to look at afterwards',
  },
  pins: {
    value: 'folder',
    description: 'git repositories (owner/name) whose tags say which commit --fix pins an action to',
  },
  'as-of': { value: 'date', description: 'judge by the platforms’ rules of this day (YYYY-MM-DD)' },
  diff: { description: 'show what --fix would change, and write nothing' },
  with: {
    value: 'tools',
    repeatable: true,
    description: `also run what is installed here: ${adapters.map(({ id }) => id).join(', ')}`,
  },
  graph: {
    value: 'format',
    choices: Object.keys(graphWriters),
    description: 'draw who can start what and what it reaches, instead of judging it',
  },
  ...secretsOptions,
  ...organisationOptions,
  ...uploadOptions,
} as const satisfies OptionDefinitions;

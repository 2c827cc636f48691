import { type DevelopmentPerson, startPeopleProvider } from '#identity/emulator/people/people-provider.ts';
import { defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { parsePort } from './parse-port.ts';
import { writeAll } from '../output.ts';
import { untilStopped } from '../server/until-stopped.ts';

const CLIENT_ID = 'vouchgate';
const DEFAULT_SERVER = 'http://127.0.0.1:8440';

/** One of each role, and somebody who has none. */
const PEOPLE: readonly DevelopmentPerson[] = [
  { subject: 'olivia', name: 'Olivia Owner', groups: ['platform'] },
  { subject: 'sami', name: 'Sami Security', groups: ['security'] },
  { subject: 'dana', name: 'Dana Developer', groups: ['developers'] },
  { subject: 'alex', name: 'Alex Approver', groups: ['approvers'] },
  { subject: 'aino', name: 'Aino Auditor', groups: ['audit'] },
  { subject: 'gil', name: 'Gil Guest', groups: ['guests'] },
];

function parsePerson(text: string): DevelopmentPerson {
  const [subject = '', groups = ''] = text.split('=');
  if (/^[\w.@-]{1,100}$/.test(subject)) {
    return { subject, name: subject, groups: groups.split(',').filter((group) => group !== '') };
  }
  throw new CommandError('usage_invalid', `--person ${text} is not NAME=GROUP,GROUP.`, {
    remedy: 'For example: --person alice=platform,security',
  });
}

export const people = defineCommand({
  name: 'people',
  summary: 'an OpenID provider for people on loopback, to try the console with',
  description:
    'Lets anybody be anybody: never name it in a configuration that others use. It wants PKCE, the exact redirect URI, and takes each code once. Prints the section for vouchgate.yaml.',
  options: {
    port: { value: 'PORT', description: 'where to listen (default: a free port)' },
    server: {
      value: 'URL',
      description: `public URL of the server to sign in at (default: ${DEFAULT_SERVER})`,
    },
    person: {
      value: 'NAME=GROUPS',
      repeatable: true,
      description: 'somebody to choose, e.g. alice=platform,security (default: one of each role)',
    },
  },
  examples: [
    {
      command: 'vouchgate dev people --port 8450',
      explanation: 'put what it prints into vouchgate.yaml, then sign in at /console/',
    },
  ],
  async run(context) {
    const { port, person } = context.options;
    const server = (context.options.server ?? DEFAULT_SERVER).replace(/\/+$/, '');
    const provider = await startPeopleProvider({
      port: parsePort(port),
      clock: context.clock,
      client: { clientId: CLIENT_ID, redirectUris: [`${server}/auth/callback`] },
      people: person.length === 0 ? PEOPLE : person.map(parsePerson),
    });
    await writeAll(context.stdout, configurationFor(provider.issuer));
    await untilStopped();
    await provider.close();
    return 0;
  },
});

export function configurationFor(issuer: string): string {
  return `# for vouchgate.yaml
people:
  signIn: { name: development, issuer: "${issuer}", clientId: ${CLIENT_ID} }
  roles:
    - { role: owner, groups: [platform] }
    - { role: security, groups: [security] }
    - { role: developer, groups: [developers] }
    - { role: approver, groups: [approvers] }
    - { role: auditor, groups: [audit] }
network: { allowPrivateHosts: ["${new URL(issuer).host}"] }
`;
}

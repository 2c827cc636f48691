import type { CommandDefinition } from '#cli/command.ts';
import { code, page, table } from './markdown.ts';
import type { Generator } from './output.ts';
import { COMMANDS, loadCommands } from './plug-ins.ts';

function usageOf(command: CommandDefinition, path: string): string {
  const options = Object.keys(command.options ?? {}).length > 0 ? ' [options]' : '';
  const rest = (command.args ?? []).map((argument) => ` ${argument.name}`).join('');
  return `vouchgate ${path}${options}${rest}`;
}

function optionRows(command: CommandDefinition): string[][] {
  return Object.entries(command.options ?? {}).map(([name, option]) => {
    const short = option.short === undefined ? '' : `-${option.short}, `;
    const written = option.impliedValue === undefined ? ` ${option.value}` : `[=${option.value}]`;
    const value = option.value === undefined ? '' : written;
    const repeatable = option.repeatable === true ? ' May be repeated.' : '';
    const choices = option.choices === undefined ? '' : ` One of ${option.choices.map(code).join(', ')}.`;
    return [code(`${short}--${name}${value}`), `${option.description}${choices}${repeatable}`];
  });
}

function sectionOf(command: CommandDefinition, parents: readonly string[]): string[] {
  const path = [...parents, command.name].join(' ');
  const heading = `${'#'.repeat(parents.length + 2)} ${code(`vouchgate ${path}`)}`;
  const args = (command.args ?? []).map((argument) => [code(argument.name), argument.description]);
  const options = optionRows(command);
  const examples = (command.examples ?? []).map((example) => `# ${example.explanation}\n${example.command}`);
  const exitCodes = Object.entries(command.exitCodes ?? {}).map(([number, meaning]) => [number, meaning]);
  const own = [
    heading,
    command.description ?? command.summary,
    command.subcommands === undefined ? `\`\`\`text\n${usageOf(command, path)}\n\`\`\`` : '',
    args.length + options.length === 0 ? '' : table(['argument or option', 'meaning'], [...args, ...options]),
    examples.length === 0 ? '' : `\`\`\`sh\n${examples.join('\n\n')}\n\`\`\``,
    exitCodes.length === 0 ? '' : table(['exit code', 'meaning'], exitCodes),
  ].filter((part) => part !== '');
  return [
    ...own,
    ...(command.subcommands ?? []).flatMap((sub) => sectionOf(sub, [...parents, command.name])),
  ];
}

export const commandPage: Generator = {
  path: 'docs/reference/cli.md',
  sources: [COMMANDS, 'src/cli/exit-codes.ts'],
  generate: async () => {
    const commands = await loadCommands();
    const { exitCodeMeanings } = await import('#cli/exit-codes.ts');
    return page(
      'Command line',
      'In a checkout: `npx vouchgate …`. `vouchgate COMMAND --help` prints the same as this page.',
      table(
        ['command', 'what it does'],
        commands.map((command) => [code(command.name), command.summary]),
      ),
      `## Exit codes\n\n${table(['exit code', 'meaning'], Object.entries(exitCodeMeanings))}\n\n\`vouchgate run\` ends with the exit code of the program that it ran; its own failures before that are these codes plus 120.`,
      ...commands.flatMap((command) => sectionOf(command, [])),
    );
  },
};

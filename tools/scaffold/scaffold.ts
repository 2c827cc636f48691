import { commandFiles } from './command.ts';
import { credentialProviderFiles } from './credential-provider.ts';
import { identityProviderFiles } from './identity-provider.ts';
import { importerFiles } from './importer.ts';
import { sinkFiles } from './sink.ts';

/** Path from the root of the checkout → text. */
export type ScaffoldedFiles = Readonly<Record<string, string>>;

export const SCAFFOLDS: Readonly<Record<string, (id: string) => ScaffoldedFiles>> = {
  'identity-provider': identityProviderFiles,
  'credential-provider': credentialProviderFiles,
  command: commandFiles,
  importer: importerFiles,
  sink: sinkFiles,
};

const ID_PATTERN = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const ID_CHARS_MAX = 40;

export type Scaffold = { ok: true; files: ScaffoldedFiles } | { ok: false; message: string };

/** The files of a new plug-in; they compile, and their test fails until they are filled in. */
export function scaffold(kind: string | undefined, id: string | undefined): Scaffold {
  const make = kind !== undefined && Object.hasOwn(SCAFFOLDS, kind) ? SCAFFOLDS[kind] : undefined;
  if (make === undefined || id === undefined) {
    return { ok: false, message: `Usage: npm run new -- ${Object.keys(SCAFFOLDS).join(' | ')} my-id` };
  }
  if (!ID_PATTERN.test(id) || id.length > ID_CHARS_MAX) {
    return { ok: false, message: `\`${id}\`: use lower-case words joined by \`-\`, such as my-platform.` };
  }
  return { ok: true, files: make(id) };
}

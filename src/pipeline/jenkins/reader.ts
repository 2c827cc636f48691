import type { DefinitionKind, PlatformReader, SourceDefinitions } from '../reader.ts';
import type { SourceText } from '../source.ts';
import { linkLibraries } from './link-libraries.ts';
import { readJenkinsPipeline, readUnit } from './read-pipeline.ts';

/** `Jenkinsfile`, `Jenkinsfile.release`, `Jenkinsfile-nightly`, `release.Jenkinsfile`; other tools' names for files stay out. */
const MAIN = /(?:^|\/)(?:[\w.-]{1,100}\.)?jenkinsfile(?:[._-][\w.-]{1,100})?$/i;
const NOT_GROOVY =
  /\.(?:md|adoc|rst|txt|html?|ya?ml|json|xml|java|py|rb|jsx?|tsx?|go|rs|kt|sh|bat|ps1|toml|cfg|conf|properties|iml|log|diff|patch|lock|png|svg|j2|erb|tpl|tmpl|orig|bak)$/i;
/** Groovy of pipelines beside Jenkinsfiles; `init.groovy.d` configures the server. */
const SCRIPT = /(?:^|\/)\.?jenkins\/(?:[\w.-]{1,100}\/){0,6}[\w.-]{1,100}\.groovy$/;
const OTHER_SCRIPT = /(?:^|\/)(?:init\.groovy\.d|src\/(?:test|main)|test|resources)\//;
/** Steps of a shared library. */
const LIBRARY = /(?:^|\/)vars\/[\w-]{1,100}\.groovy$/;

/** Asked for every file of every repository: most are told apart by one word. */
const ANY = /jenkins|\.groovy$/i;

function kindOfPath(file: string): DefinitionKind | undefined {
  if (!ANY.test(file)) return undefined;
  if (LIBRARY.test(file)) return 'template';
  if (MAIN.test(file) && !NOT_GROOVY.test(file)) return 'workflow';
  return SCRIPT.test(file) && !OTHER_SCRIPT.test(file) ? 'workflow' : undefined;
}

function readSource(source: SourceText, kind: DefinitionKind): SourceDefinitions {
  const pipeline = readJenkinsPipeline(
    readUnit(source),
    kind === 'template' ? 'template' : 'workflow',
    new Map(),
  );
  return { definitions: [{ kind: 'pipeline', pipeline }], problems: [] };
}

/** Jenkins: declarative and scripted pipelines, read as text and never run. */
export const jenkinsReader: PlatformReader = {
  platform: 'jenkins',
  kindOfPath,
  kindOfContent: () => undefined,
  read: () => undefined,
  readSource,
  link: linkLibraries,
};

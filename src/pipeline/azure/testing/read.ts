import { readDefinitions, type ReadFile } from '../../read-file.ts';
import { SourceText } from '../../source.ts';
import { linkAzureTemplates } from '../link.ts';
import { type AzureJob, type AzurePipeline, isAzurePipeline } from '../model.ts';

/** Files of one repository, read and linked as a scan does it. */
export function readRepository(files: Readonly<Record<string, string>>): readonly ReadFile[] {
  const read = Object.entries(files).map(([file, text]) => readDefinitions(new SourceText(file, text)));
  linkAzureTemplates(read);
  return read;
}

export function pipelineOf(files: readonly ReadFile[], file: string): AzurePipeline {
  const [definition] = files.find(({ source }) => source.file === file)?.definitions ?? [];
  if (definition?.kind !== 'pipeline' || !isAzurePipeline(definition.pipeline)) {
    throw new Error(`${file} was not read as Azure Pipelines`);
  }
  return definition.pipeline;
}

/** One file by itself. */
export function readOne(text: string, file = 'azure-pipelines.yml'): AzurePipeline {
  return pipelineOf(readRepository({ [file]: text }), file);
}

export function jobOf(pipeline: AzurePipeline, id: string): AzureJob {
  const job = pipeline.jobs.find((each) => each.id === id);
  if (job === undefined) throw new Error(`there is no job ${id}`);
  return job;
}

export function startsOf({ surface }: AzureJob): string[] {
  return surface.starts.map(({ what, authority }) =>
    authority === 'full' ? what : `${what}, without secrets`,
  );
}

import { z } from 'zod';
import { readOwnFile } from '../../read-own-file.ts';
import { listJsonFiles } from './osv/read-files.ts';
import type { Fact } from './party.ts';

/** Only what is used of GitHub’s answers about a repository (REST API version 2022-11-28). */
const RepositoryAnswer = z.object({
  full_name: z.string().max(300),
  archived: z.boolean().optional(),
  disabled: z.boolean().optional(),
});
/** What the organisation scan keeps of an answer. */
const KeptAnswer = z.object({ body: z.string() });

/** Repositories that their platform calls archived. */
export interface ArchiveKnowledge {
  /** Repositories that something was read about. */
  readonly repositories: number;
  factAbout(repository: string): Fact | undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One answer, a list of them, or either as the organisation scan keeps it. */
function answersIn(text: string): readonly z.infer<typeof RepositoryAnswer>[] {
  const whole = parse(text);
  const kept = KeptAnswer.safeParse(whole).data;
  const value = kept === undefined ? whole : parse(kept.body);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((each) => RepositoryAnswer.safeParse(each).data ?? []);
}

function readAnswers(file: string): readonly z.infer<typeof RepositoryAnswer>[] {
  try {
    return answersIn(readOwnFile(file) ?? '');
  } catch {
    // Nothing that a scanner should open: then nothing is known from it.
    return [];
  }
}

/** GitHub’s answers about repositories in a folder, one or a list of them a JSON file. Throws when it is not there. */
export function readArchiveKnowledge(place: string): ArchiveKnowledge {
  const answers = new Map(
    listJsonFiles(place)
      .flatMap(readAnswers)
      .map((each) => [each.full_name.toLowerCase(), each]),
  );
  return {
    repositories: answers.size,
    factAbout: (repository) => {
      const { archived = false, disabled = false } = answers.get(repository) ?? {};
      if (!archived && !disabled) return undefined;
      const what = archived
        ? `${repository} is archived: nobody corrects it any more`
        : `${repository} is disabled: its platform has closed it`;
      return { kind: 'archived', what, by: 'github' };
    },
  };
}

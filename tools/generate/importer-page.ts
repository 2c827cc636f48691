import { code, page, table } from './markdown.ts';
import type { Generator } from './output.ts';
import { IMPORTERS, listFolders } from './scan-registries.ts';

/** What is read of other tools. The registry was generated before the page, so it knows every folder. */
export const importerPage: Generator = {
  path: 'docs/reference/report-formats.md',
  sources: [IMPORTERS, 'src/findings/importer.ts'],
  generate: async () => {
    const { importers } = await import('#findings/importers.generated.ts');
    const folders = listFolders(IMPORTERS, 'importer.ts');
    for (const [index, id] of folders.entries()) {
      if (importers[index]?.id !== id)
        throw new Error(
          `${IMPORTERS}/${id}/importer.ts: the id is ${importers[index]?.id}, the folder ${id}.`,
        );
    }
    return page(
      'Reports of other tools',
      'What `vouchgate import` reads. The format is told by the content, not by the name of the file; `--as <id>` names it where a report could be of several. What is not understood becomes a warning, and the rest is read.',
      table(
        ['`--as`', 'tool', 'what is read', 'findings about'],
        importers.map(({ id, title, formats, kinds, documentation }) => [
          code(id),
          `[${title}](${documentation})`,
          formats.join('; '),
          kinds.join(', '),
        ]),
      ),
    );
  },
};

import { code, page } from './markdown.ts';
import type { Generator } from './output.ts';

export const lintPage: Generator = {
  path: 'docs/reference/policy-lints.md',
  sources: ['src/policy/lint-catalogue.ts'],
  generate: async () => {
    const { lintCatalogue } = await import('#policy/lint-catalogue.ts');
    return page(
      'Policy lints',
      'What `vouchgate policy check` says about policies that are valid and still dangerous. An error keeps the configuration out of force. Where you know better, `@allow("<id>: reason")` on the policy turns the finding into a warning that carries your reason.',
      ...lintCatalogue.map(({ id, severity, title, why, remedy }) =>
        [`## ${id}`, `${title} (${severity}).`, why, `**Instead:** ${remedy}`].join('\n\n'),
      ),
      `All ids: ${lintCatalogue.map(({ id }) => code(id)).join(' · ')}`,
    );
  },
};

import { limits } from './importer.ts';

/** Web addresses in a text or HTML, each once. */
export function linksIn(...texts: readonly (string | undefined)[]): readonly string[] {
  const found = texts.flatMap((text) =>
    text === undefined
      ? []
      : (text.slice(0, limits.textChars).match(/https?:\/\/[^\s"'<>()[\]\\]{1,2000}/gi) ?? []),
  );
  return [...new Set(found.map((link) => link.replace(/[.,;:]+$/, '')))].slice(0, limits.listItems);
}

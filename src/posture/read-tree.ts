import { hash } from 'node:crypto';
import { defaultYamlLimits } from '#pipeline/yaml/parse.ts';
import { recognisePath } from '#pipeline/read-file.ts';
import type { CommitSnapshot, DefinitionFile } from './definition-source.ts';
import type { DefinitionTree, TextFile } from './inspection-task.ts';
import { folderOf, matchesWanted } from './named-files.ts';
import { type DefinitionPoint, isPlainPath } from './pipeline-subject.ts';

const SETTINGS = /^(?:\.vouchgate\.ya?ml|(?:\.github\/)?zizmor\.ya?ml)$/;
const FILES_MAX = 1_000;
const FILE_BYTES_MAX = Math.min(2_000_000, defaultYamlLimits.charactersMax);
const TOTAL_CHARS_MAX = 16_000_000;

/** Reads the definitions of one commit, first those that are known by their names, then those that they name. */
export class TreeReader {
  readonly #snapshot: CommitSnapshot;
  readonly #point: DefinitionPoint;
  readonly #texts = new Map<string, TextFile>();
  readonly #ids: string[] = [];
  /** Listed with the definitions, so nobody need ask whether they are there. */
  readonly #asked: string[] = ['.vouchgate.yml', '.vouchgate.yaml'];
  readonly #unread = new Set<string>();
  #charsLeft = TOTAL_CHARS_MAX;

  constructor(snapshot: CommitSnapshot, point: DefinitionPoint) {
    this.#snapshot = snapshot;
    this.#point = point;
  }

  async readDefinitions(): Promise<void> {
    const { file: named } = this.#point;
    const listed = await this.#snapshot.list('');
    const isNamed = ({ file }: DefinitionFile) => file === named;
    const wanted = listed.filter(
      (each) => isNamed(each) || SETTINGS.test(each.file) || recognisePath(each.file) !== undefined,
    );
    // What the token names is read whatever else there is.
    await this.#read(wanted.toSorted((left, right) => Number(isNamed(right)) - Number(isNamed(left))));
    if (named !== undefined && !listed.some(isNamed)) await this.readWanted([named]);
  }

  /** Reads what the definitions name, and remembers what is not there. */
  async readWanted(wanted: readonly string[]): Promise<void> {
    this.#asked.push(...wanted);
    for (const folder of new Set(wanted.map(folderOf))) {
      if (folder !== '' && !isPlainPath(folder)) continue;
      const listed = await this.#snapshot.list(folder);
      const names = wanted.filter((each) => folderOf(each) === folder);
      await this.#read(
        listed.filter(
          ({ file }) => !this.#texts.has(file) && names.some((name) => matchesWanted(file, name)),
        ),
      );
    }
  }

  async #read(files: readonly DefinitionFile[]): Promise<void> {
    const taken = files.slice(0, Math.max(0, FILES_MAX - this.#texts.size));
    for (const { file } of files.slice(taken.length)) this.#unread.add(file);
    const texts = await this.#snapshot.read(taken, FILE_BYTES_MAX);
    for (const [index, { file, objectId }] of taken.entries()) {
      const text = texts[index];
      if (text === undefined || text.length > this.#charsLeft) {
        this.#unread.add(file);
        continue;
      }
      this.#charsLeft -= text.length;
      this.#ids.push(`${objectId} ${file}`);
      this.#texts.set(file, { file, text });
    }
  }

  get tree(): DefinitionTree {
    const { repository, commit, file } = this.#point;
    return {
      repository,
      commit,
      file,
      files: [...this.#texts.values()],
      asked: this.#asked,
      unread: [...this.#unread],
    };
  }

  /** Stands for everything that was read and everything that was missed. */
  get digest(): string {
    const { repository, file = null } = this.#point;
    const parts = [repository.toLowerCase(), file, this.#ids.toSorted(), [...this.#unread], this.#asked];
    return hash('sha256', JSON.stringify(parts));
  }
}

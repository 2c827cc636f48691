/** A file of a repository as an engine gets it; the bytes are only good until `look` returns. */
export interface EngineFile {
  /** Relative to the root of its repository, with `/`. */
  readonly file: string;
  readonly bytes: Buffer;
}

/**
 * One engine over one repository. Engines look at whole repositories, beside the rules that look at pipelines: secrets
 * today; infrastructure as code, dependencies, code and web later, each in a folder of `src/scan/` that knows none of
 * the others. What they find becomes findings when all files were seen, and `settleFindings` applies what the
 * repository decided.
 */
export interface EngineRun<Found> {
  /** Asked once for each file, in order. False for one that is not read; its name may have said enough. */
  wants(file: string): boolean;
  look(file: EngineFile): void;
  finish(): Found;
}

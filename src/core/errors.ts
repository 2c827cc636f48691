/** What every error of ours carries. `code` is API and stable; `message` is for people and may change. */
export interface AppErrorOptions {
  /** What the reader can do about it, as an imperative sentence. */
  remedy?: string;
  /** Where it was found: a file with a line, a URL without credentials, a field path. */
  location?: string;
  cause?: unknown;
}

/** The base of all errors thrown on purpose; each area has one subclass with its union of codes. */
export class AppError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly remedy: string | undefined;
  readonly location: string | undefined;

  constructor(code: Code, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.remedy = options.remedy;
    this.location = options.location;
  }
}

/** The message of anything thrown, without its stack: for logs and for wrapping. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import { StoreError } from '#core/store-error.ts';

/** One line when the store begins to fail and one when it works again, not one for each call in between. */
export class FailureLog {
  readonly #log: Logger;
  #code: string | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  async watch<Result>(write: () => Promise<Result>): Promise<Result> {
    try {
      const result = await write();
      if (this.#code !== undefined) this.#log.info('store.recovered', { after: this.#code });
      this.#code = undefined;
      return result;
    } catch (error) {
      this.#report(error);
      throw error;
    }
  }

  #report(error: unknown): void {
    if (!(error instanceof StoreError) || error.code === 'store_refused' || error.code === this.#code) return;
    this.#code = error.code;
    const { code, message, remedy, cause } = error;
    this.#log.error('store.failed', { code, message, remedy, cause: messageOf(cause) });
  }
}

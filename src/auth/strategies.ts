import { Strategy } from 'passport-strategy';
import { CredentialRefused } from './credential-refused.ts';

/** All that a strategy sees of a request. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Finds out who a credential belongs to. Undefined: to nobody. @throws CredentialRefused, which says why */
export type Identify<T> = (credential: string) => Promise<T | undefined>;

/**
 * A Passport strategy over one credential: picks it out of the headers and asks whose it is.
 * Own, because the bearer strategy everybody uses also takes tokens from the query string.
 * (No `#private` fields: Passport clones strategies with `Object.create`.)
 */
export class CredentialStrategy<T extends object> extends Strategy {
  readonly pick: (request: Credentials) => string | undefined;
  readonly identify: Identify<T>;

  constructor(pick: (request: Credentials) => string | undefined, identify: Identify<T>) {
    super();
    this.pick = pick;
    this.identify = identify;
  }

  override authenticate(request: unknown): void {
    const credential = this.pick(request as Credentials);
    if (credential === undefined) {
      this.pass();
      return;
    }
    this.identify(credential).then(
      (principal) => {
        if (principal) this.success(principal);
        else this.fail(401);
      },
      (error: unknown) => {
        if (error instanceof CredentialRefused) this.fail(error, 401);
        else this.error(error as Error);
      },
    );
  }
}

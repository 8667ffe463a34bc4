import { Strategy } from 'passport-strategy';
import { CredentialRefused } from './credential-refused.ts';

/** The part of a request that strategies read. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Resolves a credential to its owner, or undefined if it has none. @throws CredentialRefused with the reason */
export type Identify<T> = (credential: string) => Promise<T | undefined>;

/**
 * A Passport strategy for one credential: picks it from the headers and resolves it to its owner.
 * `passport-http-bearer` is not used because it also takes tokens from the query string.
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

/** A request to the demo product, and its session. */
import { TOKEN_LIFE_SECONDS } from './identity-provider.ts';
import type { Person } from './person.ts';
import { cookie, type Reply } from './http.ts';

export interface Visit {
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  readonly cookieOf: (name: string) => string | undefined;
  /** Undefined when nobody is signed in. */
  readonly session: { readonly person: Person; readonly token: string } | undefined;
}

export type Routes = Readonly<Record<string, (visit: Visit) => Reply | Promise<Reply>>>;

/** Contains the user token. `USER_TOKEN_COOKIE` names it too: Gatehouse receives it, because cookies ignore ports. */
export const SESSION_COOKIE = 'acme_session';

export const beginSession = (token: string): string =>
  cookie(SESSION_COOKIE, token, TOKEN_LIFE_SECONDS);

export const endSession = (): string => cookie(SESSION_COOKIE, '', 0);

import type { Secret } from '../core/secret.ts';

/** What an operation for a browser answers, and one that serves a prepared document. */
export type Answer =
  /** The address may hold a bearer secret, so it appears in `Location` alone. Default: 303. */
  | {
      readonly redirect: Secret;
      readonly status?: 302 | 303;
      readonly setCookie?: readonly string[];
    }
  /** A page or a document, with the headers it needs beyond the common ones. */
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | Buffer;
    };

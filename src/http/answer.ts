import type { Secret } from '../core/secret.ts';

/** Reply of an operation for browsers, or of one that serves a prepared document. */
export type Answer =
  /** The address may hold a bearer secret, so it is sent in `Location` alone. Default status: 303. */
  | {
      readonly redirect: Secret;
      readonly status?: 302 | 303;
      readonly setCookie?: readonly string[];
    }
  /** A page or a document. `headers` are added to the common ones. */
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | Buffer;
    };

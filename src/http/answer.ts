import type { Secret } from '../secret.ts';

/** What an operation for a browser answers, and one that serves a prepared document. */
export type Answer =
  /** 303: the address may be a bearer secret, so it appears in `Location` alone. */
  | { readonly redirect: Secret; readonly setCookie?: readonly string[] }
  /** A page or a document, with the headers it needs beyond the common ones. */
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | Buffer;
    };

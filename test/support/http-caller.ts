/** Requests written out in full, sent on kept connections: thousands of them in a few seconds. */
import { Pool } from 'undici';

export interface Call {
  readonly method: string;
  readonly path: string;
  /** As name, value, name, value … also the same name twice. */
  readonly headers?: Readonly<Record<string, string>> | readonly string[];
  readonly body?: string | Buffer | undefined;
}

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly message: string;
  readonly errors: readonly { field: string; code: string; message: string }[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body, if it is JSON: what every test looks for is there or undefined. */
  readonly json: Partial<Problem> & Readonly<Record<string, unknown>>;
}

export interface Caller {
  send(call: Call): Promise<Answer>;
  close(): Promise<void>;
}

export function createCaller(url: string, connections = 8): Caller {
  const pool = new Pool(url, { connections, pipelining: 1 });
  return {
    async send({ method, path, headers, body }) {
      const response = await pool.request({
        path,
        method: method.toUpperCase(),
        headers: (headers ?? {}) as Record<string, string>,
        body: body ?? null,
      });
      const text = await response.body.text();
      return { status: response.statusCode, headers: response.headers, text, json: jsonOf(text) };
    },
    close: () => pool.close(),
  };
}

function jsonOf(text: string): Answer['json'] {
  try {
    return JSON.parse(text) as Answer['json'];
  } catch {
    return {};
  }
}

const SAYS_NOTHING = ['date', 'connection', 'keep-alive'];

/** What tells one answer from another. */
export function fingerprint({ status, headers, text }: Answer): unknown {
  const told = Object.entries(headers).filter(([name]) => !SAYS_NOTHING.includes(name));
  return { status, headers: Object.fromEntries(told), text };
}

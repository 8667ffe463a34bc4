import { afterAll, beforeAll } from '@jest/globals';
import { clientsCommand } from '../../src/cli/clients.ts';
import type { Terminal } from '../../src/cli/output.ts';
import { createClientCredentials } from '../../src/clients/credentials.ts';
import { createClientStore } from '../../src/clients/store.ts';
import { createTestDatabase } from '../support/test-database.ts';

export let database: Awaited<ReturnType<typeof createTestDatabase>>;

interface Options {
  readonly shown?: boolean;
  readonly development?: boolean;
  /** What somebody at the keyboard answers. Absent: nobody is there. */
  readonly answer?: string;
}

/** `gatehouse clients …`, with its output caught; `data` is its JSON. */
export async function clients(args: readonly string[], options: Options = {}) {
  const { shown = false, development = false, answer } = options;
  let [out, err] = ['', ''];
  const terminal: Terminal = {
    shown,
    attended: answer !== undefined,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    ask: (question) => {
      err += question;
      return Promise.resolve(answer ?? '');
    },
  };
  const code = await clientsCommand(args, { db: database.db, terminal, development });
  return {
    code,
    out,
    err,
    data: out.startsWith('{') ? parsed(out) : undefined,
  };
}

interface Key {
  readonly id: string;
  readonly live: boolean;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
}

interface Data {
  readonly id: string;
  readonly key: string;
  readonly key_id: string;
  readonly expires_at: string | null;
  readonly keys: readonly Key[];
  /** Of a list. */
  readonly data: readonly Data[];
}

export const parsed = (json: string) => JSON.parse(json) as Data;
export const REQUIRED = ['--scopes', 'tenants:read', '--tenants', 'acme'];

export async function create(name: string, ...more: string[]): Promise<Data> {
  const { data, err } = await clients(['create', '--name', name, ...REQUIRED, ...more]);
  if (!data) throw new Error(err);
  return data;
}

export const show = async (id: string) => {
  const { data } = await clients(['list', id]);
  return data?.data[0];
};

/** As a request would: whose key it is. */
export const callerOf = (key: string) =>
  createClientCredentials(createClientStore(database.db), undefined)
    .byKey(key)
    .then(
      (client) => client?.id,
      () => undefined,
    );

export function useClientsCli(): void {
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.stop());
}

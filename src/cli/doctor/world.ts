import {
  extraCaFault,
  isDevelopment,
  mistypedSettings,
  overrideSettings,
  readSettings,
} from '../../config/config.ts';
import type { Values } from '../../config/settings.ts';
import type { Proxies } from '../../core/proxies.ts';
import { openDatabase, type Database } from '../../db/database.ts';
import { COMMAND_CONNECT_MS } from '../../db/opening.ts';
import { Skipped } from './skipped.ts';
import { get, type Answer } from './http.ts';

/** The things that the checks look at. Everything is opened on first use and shared by the checks. */
export interface World {
  /** Lacks settings that are missing or not valid. */
  readonly values: Partial<Values>;
  /** The faults of the settings. */
  readonly problems: readonly string[];
  /** Variables that look like mistyped settings. */
  readonly mistyped: readonly string[];
  /** The error of the file of NODE_EXTRA_CA_CERTS, if it cannot be read. */
  readonly extraCaFault: string | undefined;
  readonly development: boolean;
  readonly proxies: Proxies;
  /** @throws Skipped if the setting is missing or not valid */
  setting<Name extends keyof Values>(name: Name): NonNullable<Values[Name]>;
  /** Connects for the first time. @throws the database's error */
  connect(): Promise<Database>;
  /** @throws Skipped if the database cannot be used */
  database(): Promise<Database>;
  /** The first page of organizations. @throws the error of the network */
  organizations(): Promise<Answer>;
  /** Asks WorkOS with the key. @throws Skipped if WorkOS did not accept the key */
  workos(path: string): Promise<Answer>;
  close(): Promise<void>;
}

/** @param env default: the environment of this process */
export function openWorld(env?: NodeJS.ProcessEnv): World {
  const { values, problems } = readSettings(env);
  // It is among the problems. The key must not go to a host whose certificate was not checked.
  overrideSettings({ NODE_TLS_REJECT_UNAUTHORIZED: '1' });
  const proxies = {
    https: values.HTTPS_PROXY,
    http: values.HTTP_PROXY,
    except: values.NO_PROXY ?? [],
  };
  let opened: Database | undefined;
  const setting: World['setting'] = (name) => {
    const value = values[name];
    if (value === undefined) throw new Skipped(`${name} is missing or not valid`);
    return value;
  };
  const connect = once(async () => {
    opened = openDatabase({
      url: setting('DATABASE_URL'),
      max: 4,
      connectMs: COMMAND_CONNECT_MS,
      // Another check tells whether prepared statements work.
      prepares: false,
    });
    await opened.query('select 1');
    return opened;
  });
  const workos = openWorkos(setting, proxies);
  return {
    ...{ values, problems, proxies, setting, connect, ...workos },
    mistyped: mistypedSettings(env),
    extraCaFault: extraCaFault(env),
    development: isDevelopment(env),
    database: () =>
      connect().catch((error: unknown) => {
        throw error instanceof Skipped ? error : new Skipped('the database cannot be used');
      }),
    close: async () => opened?.close(),
  };
}

function openWorkos(
  setting: World['setting'],
  proxies: Proxies,
): Pick<World, 'organizations' | 'workos'> {
  const ask = (path: string) =>
    get(new URL(path, setting('WORKOS_API_BASE_URL')), {
      headers: { authorization: `Bearer ${setting('WORKOS_API_KEY').reveal()}` },
      proxies,
    });
  const organizations = once(() => ask('/organizations?limit=100'));
  return {
    organizations,
    async workos(path) {
      const { status } = await organizations().catch((error: unknown) => {
        throw error instanceof Skipped ? error : new Skipped('WorkOS cannot be reached');
      });
      if (status !== 200) throw new Skipped('WorkOS did not answer as it should');
      return ask(path);
    },
  };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}

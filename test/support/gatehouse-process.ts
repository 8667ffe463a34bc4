import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { waitFor } from './wait-for.ts';

/** A real `gatehouse …` process. */
export interface GatehouseProcess {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly out: () => string;
  readonly err: () => string;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
// A process starts in half a second with this, and in two and a half without.
const FAST_IMPORTS = new URL('./runner/fast-imports.mjs', import.meta.url).href;

/** @param checkout where its `src` is */
export function startGatehouseProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  checkout = CHECKOUT,
): GatehouseProcess {
  const flags = ['--disable-warning=ExperimentalWarning', `--import=${FAST_IMPORTS}`];
  return startNode([...flags, `${checkout}/src/main.ts`, ...args], env);
}

/** As `startGatehouseProcess`, of what `npm run build` has made: as production runs it. */
export const startBundle = (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): GatehouseProcess => startNode([`${CHECKOUT}/dist/main.mjs`, ...args], env);

function startNode(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): GatehouseProcess {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  // Whatever becomes of a test, nothing of it runs on.
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('close', () => process.off('exit', end));
  return { child, out: () => out, err: () => err, ended };
}

/** Runs one to its end. */
export async function runGatehouse(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  checkout = CHECKOUT,
): Promise<{ code: number | string; out: string; err: string }> {
  const { ended, out, err } = startGatehouseProcess(args, env, checkout);
  return { code: await ended, out: out(), err: err() };
}

/** `gatehouse serve`, once it listens; `url` and `adminUrl` are where. */
export async function serve(
  env: Readonly<Record<string, string>>,
  start: typeof startBundle = startGatehouseProcess,
) {
  const server = start(['serve'], {
    PORT: '0',
    ADMIN_PORT: '0',
    HOST: '127.0.0.1',
    ...env,
  });
  const listening = await waitFor(
    () => {
      if (server.child.exitCode !== null) throw new Error(`It ended: ${server.err()}`);
      return server
        .out()
        .split('\n')
        .find((line) => line.includes('"listening"'));
    },
    { withinMs: 60_000, what: 'the server to listen' },
  ).catch((error: unknown) => {
    server.child.kill('SIGKILL');
    throw error;
  });
  const { port, admin_port } = JSON.parse(listening) as { port: number; admin_port: number };
  return {
    ...server,
    url: `http://127.0.0.1:${port}`,
    adminUrl: `http://127.0.0.1:${admin_port}`,
    /** Waits until `/readyz` says so. */
    ready: () =>
      waitFor(
        () =>
          fetch(`http://127.0.0.1:${admin_port}/readyz`).then(
            ({ status }) => status === 200,
            () => false,
          ),
        { withinMs: 60_000, what: 'readiness' },
      ),
  };
}

export type Server = Awaited<ReturnType<typeof serve>>;

/** Servers of Debian packages as child processes, which end with the test. */
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { waitFor } from '../wait-for.ts';

export interface DebianProcess {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Runs it as `nobody`, because PgBouncer refuses to run as root. @returns once its port is open */
export async function startDebianProcess(
  command: string,
  args: readonly string[],
  port: number,
): Promise<DebianProcess> {
  const child = spawn(command, args, {
    uid: 65_534,
    gid: 65_534,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await waitFor(
    () => {
      if (child.exitCode !== null) throw new Error(`${command} ended: ${output}`);
      return isOpen(port);
    },
    { withinMs: 30_000, what: command },
  );
  return {
    port,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

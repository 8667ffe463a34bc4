import { connect, createServer, type Socket } from 'node:net';
import { freePort } from '../../src/dev/embedded-postgres.ts';

/** An address that does not answer until it is told to: what a server looks like that is started later. */
export interface TcpProxy {
  readonly port: number;
  /** From now on it leads to this port. */
  open(targetPort: number): Promise<void>;
  stop(): Promise<void>;
}

export async function closedTcpProxy(): Promise<TcpProxy> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  let target = 0;
  const server = createServer((incoming) => {
    const outgoing = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(one);
      one
        .on('error', () => other.destroy())
        .on('close', () => (sockets.delete(one), other.destroy()));
      one.pipe(other);
    }
  });
  return {
    port,
    async open(targetPort) {
      target = targetPort;
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

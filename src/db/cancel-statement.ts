import pg from 'pg';
import { onCancelled } from '../core/caller.ts';

/** A statement that ends by itself within this time after its caller has left is not cancelled. */
const GRACE_MS = 100;
/** How long the server may take to accept a request to cancel. */
const CANCEL_MS = 1_000;

/** Members of `pg`'s client and connection that its types lack. */
interface Session {
  readonly host: string;
  readonly port: number;
  readonly ssl: pg.ConnectionConfig['ssl'];
  readonly processID: number;
  readonly secretKey: number;
}
interface CancelConnection extends pg.Connection {
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
}

/**
 * Cancels the statement of a session on the server if the current caller leaves before it ends.
 *
 * @returns a function to call when the statement has ended; it resolves to false if the session must not
 *   be used again, because the cancellation could still hit its next statement
 */
export function cancelIfCallerLeaves(connection: pg.PoolClient): () => Promise<boolean> | true {
  let timer: NodeJS.Timeout | undefined;
  let cancelling: Promise<boolean> | undefined;
  const stopListening = onCancelled(() => {
    timer = setTimeout(() => {
      // Sound: these members are set once a session is open.
      cancelling = cancelStatement(connection as unknown as Session);
    }, GRACE_MS);
  });
  return () => {
    stopListening();
    clearTimeout(timer);
    return cancelling ?? true;
  };
}

/**
 * Asks the server to cancel what a session runs. The server closes the connection after it has
 * signalled the session, which ignores the signal if it runs nothing: from then on it is safe to use.
 *
 * @returns false if the server did not confirm in time
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
function cancelStatement({ host, port, ssl, processID, secretKey }: Session): Promise<boolean> {
  const connection = new pg.Connection({ ssl }) as CancelConnection;
  return new Promise((resolve) => {
    let isSent = false;
    const timer = setTimeout(() => {
      isSent = false;
      connection.stream.destroy();
    }, CANCEL_MS);
    const send = (): void => {
      isSent = true;
      connection.cancel(processID, secretKey);
    };
    connection.once('connect', () => {
      if (ssl) connection.requestSsl();
      else send();
    });
    connection.once('sslconnect', send);
    connection.on('error', () => {
      isSent = false;
    });
    connection.once('end', () => {
      clearTimeout(timer);
      resolve(isSent);
    });
    if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
    else connection.connect(port, host);
  });
}

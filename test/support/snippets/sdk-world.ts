/** Prepares what a program in another language needs to call a gateway, and records its requests. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newSecret, signedHeaders } from '../../../src/webhooks/signatures.ts';
import { connect, REDIRECT_URI, signIn } from '../sign-in.ts';
import type { TestApp } from '../test-app.ts';
import type { World } from './languages.ts';

/** A request with `{key}`, `{userToken}` and `{code}` for what differs from run to run. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const VARYING = ['key', 'userToken', 'code'] as const;
type Varying = Readonly<Record<(typeof VARYING)[number], string>>;
/** Headers that decide how the gateway reads a request. */
const KEPT = ['authorization', 'content-type', 'accept', 'gatehouse-user-token', 'idempotency-key'];

/** The client `billing` with tenant `acme`, a user and a code that nobody has exchanged yet. */
export async function createWorld(gatehouse: TestApp): Promise<World> {
  gatehouse.workos.redirectUris.add(`${gatehouse.config.publicUrl}/sso/callback`);
  const client = await gatehouse.createClient({ id: 'billing', redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme');
  return {
    ...{ url: gatehouse.url, key: client.key, userToken: await gatehouse.userToken() },
    ...(await nextCode(gatehouse, client)),
    ...delivery(),
  };
}

/** Returns a fresh code for the next program. */
export const nextCode = async (gatehouse: TestApp, { key }: { readonly key: string }) => ({
  code: (await signIn(gatehouse, { id: 'billing', key })).code,
});

/** A delivery as a webhook endpoint receives it. */
export function delivery() {
  const secret = newSecret();
  const rawBody = JSON.stringify({
    ...{ object: 'event', id: 'event_1', event: 'connection.activated' },
    ...{ data: {}, created_at: new Date().toISOString() },
  });
  const headers = signedHeaders({ id: 'event_1', body: rawBody }, [secret], Date.now());
  return {
    rawBody,
    headers,
    secret: secret.reveal(),
    signature: headers['workos-signature'] ?? '',
  };
}

/** Fills in what differs from run to run. */
export const filledIn = (request: Recorded, values: Varying): Recorded =>
  JSON.parse(
    VARYING.reduce(
      (text, name) => text.replaceAll(`{${name}}`, values[name]),
      JSON.stringify(request),
    ),
  ) as Recorded;

/** Replaces what differs from run to run by names: the reverse of `filledIn`. */
const named = (text: string, values: Varying): string =>
  VARYING.reduce((rest, name) => rest.replaceAll(values[name], `{${name}}`), text);

/** Starts a proxy in front of the gateway that records requests and statuses. */
export async function startRecorder(gatehouse: TestApp): Promise<{
  readonly url: string;
  /** Returns what was recorded since the last call. */
  take(values: Varying): { readonly requests: Recorded[]; readonly statuses: number[] };
  stop(): Promise<void>;
}> {
  let seen: { sent: Recorded; status: number }[] = [];
  const server = createServer((req, res) => {
    void (async () => {
      const sent = await recordedOf(req);
      const answer = await fetch(`${gatehouse.url}${sent.path}`, sent);
      seen.push({ sent, status: answer.status });
      const type = answer.headers.get('content-type') ?? '';
      res.writeHead(answer.status, { 'content-type': type }).end(await answer.text());
    })().catch(() => res.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take(values) {
      const taken = seen;
      seen = [];
      const requests = taken.map(({ sent }) => named(JSON.stringify(sent), values));
      return {
        requests: requests.map((text) => JSON.parse(text) as Recorded),
        statuses: taken.map(({ status }) => status),
      };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function recordedOf(req: IncomingMessage): Promise<Recorded> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const { method = '', url: path = '' } = req;
  const headers = Object.fromEntries(
    KEPT.flatMap((name) => {
      const value = req.headers[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    }),
  );
  return { method, path, headers, body: Buffer.concat(chunks).toString() };
}

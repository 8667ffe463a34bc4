import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';

export interface Issuer {
  readonly url: string;
  readonly jwksUrl: string;
  /** How often its keys were fetched. */
  readonly fetches: () => number;
  /** While down it answers 503. */
  setDown(down: boolean): void;
  /** Publishes these keys instead of its own one. */
  publish(keys: readonly Readonly<Record<string, unknown>>[]): void;
  readonly privateKey: CryptoKey;
  readonly publicJwk: Readonly<Record<string, unknown>>;
  /** A token of it; claims and header may be overridden, also to nonsense. */
  sign(claims: JWTPayload, header?: Readonly<Record<string, unknown>>): Promise<string>;
  stop(): Promise<void>;
}

/** An identity provider as far as Gatehouse sees one: real keys, published on the wire. */
export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'ES256', use: 'sig' };
  let fetches = 0;
  let down = false;
  let published: readonly Readonly<Record<string, unknown>>[] = [publicJwk];
  const server = createServer((_req, res) => {
    fetches += 1;
    res.writeHead(down ? 503 : 200, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    jwksUrl: `${url}/jwks.json`,
    fetches: () => fetches,
    publish: (keys) => (published = keys),
    setDown: (value) => (down = value),
    privateKey,
    publicJwk,
    sign: (claims, header = {}) =>
      new SignJWT({ iss: url, exp: Math.floor(Date.now() / 1_000) + 600, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'key-1', typ: 'JWT', ...header })
        .sign(privateKey),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

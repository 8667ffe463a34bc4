/** WorkOS as far as a portal link needs it, and an issuer's key set: no latency, no checks. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './processes.ts';

let keys = '';

const server = createServer((req, res) => {
  req.resume();
  const { port } = server.address() as AddressInfo;
  const body =
    req.url === '/jwks.json' ? keys : `{"link":"http://127.0.0.1:${port}/portal/launch?secret=s3"}`;
  res.writeHead(req.method === 'POST' ? 201 : 200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
  });
  res.end(body);
});

answer({
  listen: ({ jwks }: { jwks: object }) => {
    keys = JSON.stringify(jwks);
    return new Promise((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    );
  },
});

/** Webhook receiver: replies 200 at once and reports when a number of deliveries has arrived. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './processes.ts';

export interface Expected {
  readonly amount: number;
}

/** Pairs of path and `webhook-id`, so that a duplicate counts once. */
let came = new Set<string>();
let missing = Infinity;
let allCame = Promise.withResolvers<undefined>();

const server = createServer((req, res) => {
  req.resume().once('end', () => {
    res.writeHead(200, { 'content-length': 0 }).end();
    came.add(`${req.url ?? ''} ${String(req.headers['webhook-id'])}`);
    if (came.size >= missing) allCame.resolve(undefined);
  });
});

answer({
  listen: () =>
    new Promise((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    ),
  /** Resolves when that many deliveries have arrived since the call. */
  expect: ({ amount }: Expected) => {
    came = new Set();
    missing = amount;
    allCame = Promise.withResolvers();
    return allCame.promise;
  },
});

/** Where events are delivered to: answers 200 at once, and tells when so many have come. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './processes.ts';

export interface Expected {
  readonly amount: number;
}

/** Of path and `webhook-id`: what comes twice counts once. */
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
  /** Resolves once that many have come since it was asked. */
  expect: ({ amount }: Expected) => {
    came = new Set();
    missing = amount;
    allCame = Promise.withResolvers();
    return allCame.promise;
  },
});

import type { IncomingMessage } from 'node:http';
import { currentCaller } from '../core/caller.ts';
import { Problem } from '../core/problem.ts';
import type { BodyRoom } from './body-room.ts';

/**
 * Receives a body, within the room that its sender has.
 *
 * @throws Problem `payload-too-large`, `malformed-request`, `overloaded`
 */
export function readBytes(req: IncomingMessage, maxBytes: number, room: BodyRoom): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > maxBytes)
    return Promise.reject(tooLarge(maxBytes));
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    const giveUp = (problem: Problem): void => {
      req.pause().removeAllListeners('data');
      chunks.length = 0;
      reject(problem);
    };
    const body = room.enter(currentCaller().clientId, () => {
      giveUp(noRoom());
    });
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > maxBytes) giveUp(tooLarge(maxBytes));
      else body.grow(chunk.length);
    });
    req.on('end', () => {
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    req.on('error', () => {
      reject(new Problem('malformed-request', 'The body ended too early.'));
    });
    req.on('close', body.leave);
  });
}

const tooLarge = (maxBytes: number) =>
  new Problem('payload-too-large', `A body may have at most ${maxBytes} bytes.`);

const noRoom = () =>
  new Problem(
    'overloaded',
    'Too many bodies are arriving, and this one took too long. Send it at once.',
    { retryAfter: 1 },
  );

import { createHash, randomUUID } from 'node:crypto';
import type { Endpoint, Input } from '../http/endpoint.ts';
import type { Replay } from '../http/run-operation.ts';
import { hasScope } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import type { IdempotencyStore, KeyClaim, StoredAnswer } from './store.ts';

/** Accepts a Structured-Field string (`"…"`), as in the draft, or a bare value, as WorkOS and Stripe do. */
const KEY = /^(?:"([\x20\x21\x23-\x5b\x5d-\x7e]{1,253})"|([\x21\x23-\x2b\x2d-\x7e]{1,255}))$/;

/**
 * Answers a repeated POST or PUT with the answer of the first, for 24 hours and per client. The
 * router has authorized the caller for the operation before this runs; the operation's own
 * `authorize` repeats the checks that its `access` does not cover. Only successes are stored: after
 * a failure the same key may be used again.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function createIdempotentReplay(store: IdempotencyStore, onUnstored: OnUnstored): Replay {
  /** Stores the answer, and never throws: the request was carried out, and an error would make its caller repeat it. */
  const remember = async (claim: KeyClaim, answer: object, requestId: string): Promise<void> => {
    await store
      .finish(claim, answer)
      // The session may have been closed, by a failover for instance.
      .catch(() => store.finish(claim, answer))
      .catch((error: unknown) => {
        onUnstored(requestId, error);
      });
  };

  return async (header, input, { endpoint, authorize }, run) => {
    const { client } = input.actor;
    if (!client) return run();
    const claim = {
      client,
      keySha256: sha256(keyOf(header)),
      fingerprint: fingerprintOf(input),
      attempt: randomUUID(),
    };
    const first = await store.claim(claim);
    if (first === 'client-deleted') throw clientDeleted();
    if (first !== 'ours') {
      await authorize?.(input);
      const answer = answerOf(first, claim.fingerprint, endpoint);
      if (endpoint.changesNothing) return run();
      return hasScope(client, 'tenants:adopt') ? answer : withoutOrganization(answer);
    }
    const answer = await run().catch(async (error: unknown) => {
      // If this fails too, the next try has to wait until the lease runs out.
      await store.release(claim).catch(() => undefined);
      throw error;
    });
    await remember(claim, storedOf(endpoint, answer), input.actor.requestId);
    return answer;
  };
}

/** Called when a request succeeded and its answer could not be stored: a repetition is carried out again. */
export type OnUnstored = (requestId: string, error: unknown) => void;

function keyOf(header: string): string {
  const match = KEY.exec(header);
  const key = match?.[1] ?? match?.[2];
  if (key !== undefined) return key;
  throw new Problem(
    'invalid-idempotency-key',
    'Idempotency-Key: must be 1 to 255 printable ASCII characters.',
    {
      errors: [
        {
          field: 'idempotency-key',
          code: 'invalid_format',
          message: 'must be 1 to 255 printable ASCII characters',
        },
      ],
    },
  );
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

const fingerprintOf = ({ actor, params, query, body }: Input<Endpoint>): Buffer =>
  sha256(JSON.stringify([actor.operation, actor.user?.id, params, query, body]));

function answerOf(
  { fingerprint, answer }: StoredAnswer,
  expected: Buffer,
  endpoint: Endpoint,
): unknown {
  if (!fingerprint.equals(expected)) {
    throw new Problem(
      'idempotency-key-reused',
      'This Idempotency-Key was used for another request. Choose a new one for each request, and send a repetition unchanged.',
    );
  }
  if (answer === null) {
    throw new Problem(
      'idempotency-key-in-use',
      'The first request with this Idempotency-Key is still running.',
      { retryAfter: 1 },
    );
  }
  if (isSecret(endpoint)) {
    throw new Problem(
      'idempotent-replay',
      'This request was already carried out, and its secret is shown once. If it was lost, revoke it and create another.',
      {
        members: answer as Record<string, string>,
      },
    );
  }
  return (answer as { answer: unknown }).answer;
}

/** The client may have lost `tenants:adopt` since the first answer. */
const withoutOrganization = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer), (name, value: unknown) =>
    name === 'workos_organization_id' ? undefined : value,
  ) as unknown;

const clientDeleted = () => new Problem('unauthenticated', 'The client was deleted.');

const isSecret = ({ reply }: Endpoint): boolean => 'secret' in reply && reply.secret === true;

/** The part of an answer that is stored: of one with a secret only the id. */
function storedOf(endpoint: Endpoint, answer: unknown): object {
  if (endpoint.changesNothing) return {};
  return isSecret(endpoint) ? { id: (answer as { id: string }).id } : { answer };
}

import { randomUUID } from 'node:crypto';
import type { Endpoint, Input } from '../http/endpoint.ts';
import type { Replay } from '../http/run-operation.ts';
import { hasScope, type Client } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import { sha256 } from '../core/sha256.ts';
import type { AbandonedClaim, IdempotencyStore, KeyClaim, StoredAnswer } from './store.ts';

/** Accepts a Structured-Field string (`"…"`), as in the draft, or a bare value, as WorkOS and Stripe do. */
const KEY = /^(?:"([\x20\x21\x23-\x5b\x5d-\x7e]{1,253})"|([\x21\x23-\x2b\x2d-\x7e]{1,255}))$/;

/**
 * Answers a repeated POST or PUT with the answer of the first, for 24 hours and per client. The
 * router has authorized the caller for the operation before this runs; the operation's own
 * `authorize` repeats the checks that its `access` does not cover. Only successes are stored: after
 * a failure the same key may be used again. If a process died without an answer, a PUT is carried out
 * again, and a POST unless it was carried out before.
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

  const takeOver = createTakeOver(store);

  return async (header, input, { endpoint, authorize }, run) => {
    const { client } = input.actor;
    if (!client) return run();
    const claim = {
      client,
      keySha256: sha256(keyOf(header)),
      fingerprint: fingerprintOf(input),
      attempt: randomUUID(),
      requestId: input.actor.requestId,
    };
    const first = await store.claim(claim);
    if (first === 'client-deleted') throw clientDeleted();
    if (first !== 'ours') {
      await authorize?.(input);
      requireSame(first, claim);
      if (!first.abandoned) {
        const answer = answerOf(first, endpoint);
        return endpoint.changesNothing ? run() : visibleTo(client, answer);
      }
      await takeOver(claim, first.abandoned, endpoint, input.actor.operation);
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

/** @returns a function that continues an abandoned claim. @throws Problem `idempotent-replay` if its POST was carried out; `idempotency-key-in-use` */
const createTakeOver =
  (store: IdempotencyStore) =>
  async (
    claim: KeyClaim,
    abandoned: AbandonedClaim,
    { method }: Endpoint,
    operation: string,
  ): Promise<void> => {
    const done = method === 'post' && (await store.carriedOut(claim, abandoned, operation));
    if (done) throw replayed(ANSWER_LOST, done.id);
    if (!(await store.takeOver(claim, abandoned))) throw inUse();
  };

/** Called when a request succeeded and its answer could not be stored. */
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

const fingerprintOf = ({ actor, params, query, body }: Input<Endpoint>): Buffer =>
  sha256(JSON.stringify([actor.operation, actor.user?.id, params, query, body]));

function requireSame({ fingerprint }: StoredAnswer, claim: KeyClaim): void {
  if (fingerprint.equals(claim.fingerprint)) return;
  throw new Problem(
    'idempotency-key-reused',
    'This Idempotency-Key was used for another request. Choose a new one for each request, and send a repetition unchanged.',
  );
}

function answerOf({ answer }: StoredAnswer, endpoint: Endpoint): unknown {
  if (answer === null) throw inUse();
  if (isSecret(endpoint)) throw replayed(SECRET_SHOWN, (answer as { id: string }).id);
  return (answer as { answer: unknown }).answer;
}

const inUse = (): Problem =>
  new Problem(
    'idempotency-key-in-use',
    'The first request with this Idempotency-Key is still running.',
    { retryAfter: 1 },
  );

const SECRET_SHOWN =
  'This request was already carried out, and its secret is shown once. If it was lost, revoke it and create another.';
const ANSWER_LOST =
  'This request was already carried out, and its answer was lost. Look up what it made, or use another key to make it anew.';

const replayed = (detail: string, id: string | null): Problem =>
  new Problem('idempotent-replay', detail, { members: id === null ? {} : { id } });

/** The client may have lost `tenants:adopt` since the first answer. */
const visibleTo = (client: Client, answer: unknown): unknown =>
  hasScope(client, 'tenants:adopt') ? answer : withoutOrganization(answer);

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

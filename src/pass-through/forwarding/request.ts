import type { Actor, Client, Tenant } from '../../core/identity.ts';
import type { Endpoint, Input } from '../../http/endpoint.ts';
import type { ForwardedEndpoint, Rule } from './forwarded-endpoint.ts';

/** A parsed request of an identified client, typed by the rule of its operation. */
export interface RequestFor<R extends Rule> {
  readonly rule: R;
  readonly endpoint: ForwardedEndpoint<R>;
  readonly params: Input<ForwardedEndpoint<R>>['params'];
  readonly query: Input<ForwardedEndpoint<R>>['query'];
  readonly body: unknown;
  readonly client: Client;
  readonly actor: Actor;
  /** The tenant that the request names. Undefined if it names none. */
  readonly tenant: Tenant | undefined;
  readonly idempotencyKey: string | undefined;
}

export type Request = { [R in Rule]: RequestFor<R> }[Rule];

/** Pairs an operation with the input that the router parsed by the schemas of the same operation. */
export const requestOf = (endpoint: ForwardedEndpoint, input: Input<Endpoint>): Request =>
  // The only cast: TypeScript cannot know that these two values belong together.
  ({
    rule: endpoint.forward.rule,
    endpoint,
    params: input.params,
    query: input.query,
    body: input.body,
    client: input.client,
    actor: input.actor,
    tenant: input.tenant,
    idempotencyKey: input.headers['idempotency-key'],
  }) as Request;

import type { Explanation } from './explanation.ts';

/** Failures of WorkOS, and of Gatehouse itself. */
export const AVAILABILITY = {
  'workos-refused': {
    meaning: 'WorkOS refused a value that the caller gave. `code` and `errors` are WorkOS’s.',
    actor: 'caller',
    action: 'Correct what `code` and `errors` name.',
    retry: 'no',
  },
  'workos-conflict': {
    meaning: 'What the caller gave conflicts with what WorkOS has. `code` is WorkOS’s.',
    actor: 'caller',
    action: 'Read the object and decide what to change.',
    retry: 'no',
  },
  'workos-unprocessable': {
    meaning:
      'WorkOS cannot process a value that the caller gave. `code` and `errors` are WorkOS’s.',
    actor: 'caller',
    action: 'Correct what `code` and `errors` name.',
    retry: 'no',
  },
  'upstream-auth-failed': {
    meaning: 'WorkOS refuses Gatehouse’s API key. Every operation that needs WorkOS fails.',
    actor: 'operator',
    action: 'Replace `WORKOS_API_KEY`. Alert on `gatehouse_upstream_key_refused_total`.',
    retry: 'no',
  },
  'upstream-forbidden': {
    meaning: 'Gatehouse’s WorkOS key lacks a permission.',
    actor: 'operator',
    action: 'Give the key the permission in the WorkOS dashboard.',
    retry: 'no',
  },
  'upstream-rejected': {
    meaning: 'WorkOS refused a request that Gatehouse composed.',
    actor: 'operator',
    action: 'Look up the request id in the log; `cause` has the status that WorkOS answered.',
    retry: 'no',
  },
  'upstream-error': {
    meaning: 'WorkOS answered with a server error.',
    actor: 'nobody',
    action: 'See https://status.workos.com.',
    retry: 'backoff',
  },
  'upstream-unreachable': {
    meaning: 'No connection to WorkOS could be made.',
    actor: 'operator',
    action: 'Check DNS, egress rules and https://status.workos.com.',
    retry: 'backoff',
  },
  'upstream-invalid-response': {
    meaning: 'WorkOS’s answer was not what its API describes, or larger than Gatehouse reads.',
    actor: 'operator',
    action: 'Look up the request id in the log. Ask for smaller pages where it was a list.',
    retry: 'backoff',
  },
  'upstream-timeout': {
    meaning: 'WorkOS did not answer in time.',
    actor: 'nobody',
    action: 'See https://status.workos.com.',
    retry: 'backoff',
  },
  'upstream-rate-limited': {
    meaning: 'WorkOS’s rate limit is used up. No request is sent until `Retry-After` has passed.',
    actor: 'nobody',
    action: 'Wait. If it happens often, find the client that sends most requests in the metrics.',
    retry: 'later',
  },
  'workos-share-used': {
    meaning:
      'This client makes more requests to WorkOS than its share of `WORKOS_REQUESTS_PER_MINUTE` allows, while other clients use theirs. `RateLimit-Policy` tells its share per minute at the moment.',
    actor: 'caller',
    action:
      'Wait for `Retry-After`, and make fewer requests: read lists with larger pages, keep what you read. `GET /v1/upstream-budget` shows the share and its use.',
    retry: 'later',
  },
  'upstream-unavailable': {
    meaning:
      'WorkOS has been failing, so the circuit breaker is open; or WorkOS denies organizations that it knew, which Gatehouse does not believe yet.',
    actor: 'nobody',
    action:
      'Wait. If WorkOS denies many organizations at once, check that `WORKOS_API_KEY` belongs to this environment. No tenant is orphaned by it.',
    retry: 'later',
  },
  overloaded: {
    meaning:
      'This client uses its share of the calls to WorkOS, Gatehouse has as many calls or writes in progress as it allows, or other requests are changing the same tenant.',
    actor: 'nobody',
    action:
      'Wait, and make fewer requests at once. If it lasts, add replicas or find the client that causes the load: the log line names the cause.',
    retry: 'later',
  },
  'dependency-unavailable': {
    meaning:
      'The database, or the key set of a token issuer, is not available, or the database is too slow for the requests of this client.',
    actor: 'operator',
    action: 'See `/readyz` on the admin port: it has a line for each thing that is missing.',
    retry: 'later',
  },
  'dependency-timeout': {
    meaning: 'The database did not answer in time.',
    actor: 'operator',
    action: 'Check the database’s load and locks.',
    retry: 'later',
  },
  'dependency-read-only': {
    meaning: 'The database takes no writes, for example during a failover.',
    actor: 'operator',
    action: 'Check that `DATABASE_URL` leads to the primary.',
    retry: 'later',
  },
  internal: {
    meaning: 'Gatehouse made a mistake. The log has the cause.',
    actor: 'operator',
    action: 'Look up the request id (`instance`, `X-Request-ID`) in the log and report it.',
    retry: 'backoff',
  },
} as const satisfies Record<string, Explanation>;

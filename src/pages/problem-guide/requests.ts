import type { Explanation } from './explanation.ts';

export const REQUESTS = {
  'malformed-request': {
    meaning:
      'The request is not well-formed: the JSON has an error, a repeated name or too many levels, a header is malformed, or the path cannot be decoded.',
    actor: 'caller',
    action: 'Correct the request. `detail` names the rule; `errors` names the header or field.',
    retry: 'no',
  },
  'duplicate-header': {
    meaning: 'A header that may appear once, such as `Authorization`, was sent twice.',
    actor: 'caller',
    action: 'Send the header once. Check proxies that add headers.',
    retry: 'no',
  },
  'headers-too-large': {
    meaning: 'The headers exceed 16 KB together.',
    actor: 'caller',
    action: 'Send fewer or shorter headers. In a browser, clear this site’s cookies.',
    retry: 'no',
  },
  'request-timeout': {
    meaning: 'The request did not arrive completely in time (headers 10 s, whole request 30 s).',
    actor: 'caller',
    action: 'Check the network and send the request again.',
    retry: 'backoff',
  },
  'payload-too-large': {
    meaning: 'The body exceeds the limit, which is 64 KB for most operations.',
    actor: 'caller',
    action: 'Send a smaller body. `detail` states the limit in bytes.',
    retry: 'no',
  },
  'unsupported-media-type': {
    meaning: 'The `Content-Type` is not one that the operation accepts, or the body is compressed.',
    actor: 'caller',
    action: 'Send the media type named in `detail`, in UTF-8, without `Content-Encoding`.',
    retry: 'no',
  },
  'invalid-request': {
    meaning: 'The request does not match the schema or a rule of the operation.',
    actor: 'caller',
    action:
      'Correct each field in `errors`. For `return_url` and `success_url`, the origin must be https and registered for the client (`gatehouse clients update --return-origin`).',
    retry: 'no',
  },
  'invalid-url': {
    meaning: 'The URL of a webhook endpoint is not allowed.',
    actor: 'caller',
    action:
      'Use an absolute URL with an origin listed in `WEBHOOK_ENDPOINT_ORIGINS`. Ask the platform team to add the origin.',
    retry: 'no',
  },
  'not-found': {
    meaning: 'There is no operation at this path, or no such object that this client may see.',
    actor: 'caller',
    action: 'Check the path against `/openapi.json`, and the id.',
    retry: 'no',
  },
  'entity-not-found': {
    meaning: 'There is no such object that this client may see.',
    actor: 'caller',
    action: 'Check the id. Objects of other clients and tenants are answered the same way.',
    retry: 'no',
  },
  'method-not-allowed': {
    meaning: 'The path exists, but not with this method.',
    actor: 'caller',
    action: 'Use a method of the `Allow` header.',
    retry: 'no',
  },
  'not-implemented': {
    meaning: 'WorkOS has this operation, Gatehouse does not offer it.',
    actor: 'caller',
    action:
      'Use an operation of `/openapi.json`, or ask the platform team whether it can be added.',
    retry: 'no',
  },
  'invalid-idempotency-key': {
    meaning: 'The `Idempotency-Key` is not 1 to 255 printable ASCII characters.',
    actor: 'caller',
    action: 'Send a valid key, for example a UUID.',
    retry: 'no',
  },
  'idempotency-key-in-use': {
    meaning: 'The first request with this `Idempotency-Key` is still running.',
    actor: 'nobody',
    action: 'Wait, then repeat the request with the same key to get the first answer.',
    retry: 'later',
  },
  'idempotency-key-reused': {
    meaning: 'This `Idempotency-Key` was used for a different request.',
    actor: 'caller',
    action: 'Use a new key for each distinct request.',
    retry: 'no',
  },
  'idempotent-replay': {
    meaning:
      'The request was already carried out, and its answer held a secret that is shown once, or was lost in a failure.',
    actor: 'caller',
    action:
      'Look up what was created. If its secret was lost, revoke it and create it again with a new key.',
    retry: 'no',
  },
  'duplicate-endpoint': {
    meaning: 'The client already has a webhook endpoint with this URL.',
    actor: 'caller',
    action: 'Update the existing endpoint, or use another URL.',
    retry: 'no',
  },
  'too-many-endpoints': {
    meaning: 'The client has 20 webhook endpoints, which is the limit.',
    actor: 'caller',
    action: 'Delete an endpoint that is no longer needed.',
    retry: 'no',
  },
  'too-many-secrets': {
    meaning:
      'The webhook endpoint’s secret was rotated twice within 24 hours. Three secrets sign its deliveries, which is the limit, and none of them ends before its 24 hours are over.',
    actor: 'caller',
    action: 'Use the newest secret. Rotate again after the time that `detail` names.',
    retry: 'later',
  },
  'endpoint-disabled': {
    meaning: 'The webhook endpoint is disabled, so nothing can be replayed to it.',
    actor: 'caller',
    action: 'Enable the endpoint, then replay `{"missed": true}`.',
    retry: 'no',
  },
} as const satisfies Record<string, Explanation>;

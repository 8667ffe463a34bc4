import { z } from 'zod';
import { isNative, type Endpoint } from '../http/endpoint.ts';

/** Response headers of every operation. */
export const HEADERS = {
  RequestId: {
    description: 'Names this request in logs and reports; yours is kept if it is well-formed.',
    schema: { type: 'string' as const },
  },
  RetryAfter: {
    description: 'Seconds to wait before a retry.',
    schema: { type: 'string' as const },
  },
  GatehouseIgnored: {
    description:
      'The fields and parameters of the request that the operation does not have, and that were left out: up to 20 names.',
    schema: { type: 'string' as const },
  },
  RateLimitPolicy: {
    description:
      'The limits that refused the request: name, quota (`q`) and window in seconds (`w`), as in `"workos";q=600;w=60`.',
    schema: { type: 'string' as const },
  },
  RateLimit: {
    description:
      'The limits that refused the request: name, what is left (`r`), and seconds until there is more (`t`), as in `"workos";r=0;t=3`.',
    schema: { type: 'string' as const },
  },
};

const USER_HEADERS = {
  'Gatehouse-User-Token': z
    .string()
    .optional()
    .meta({ description: 'The acting user’s token (a JWT of your identity provider).' }),
  'Gatehouse-User-Id': z.string().optional().meta({
    description: 'Instead of a token, with the scope `users:assert`: the acting user’s id.',
  }),
  'Gatehouse-User-Roles': z
    .string()
    .optional()
    .meta({ description: 'With `Gatehouse-User-Id`: the user’s roles, comma separated.' }),
};

const IDEMPOTENCY_KEY = {
  'Idempotency-Key': z
    .string()
    .max(255)
    .optional()
    .meta({ description: 'The same key and request give the same answer, for 24 hours.' }),
};

const REQUEST_ID = {
  'X-Request-ID': z
    .string()
    .optional()
    .meta({ description: '1–128 of A-Z a-z 0-9 . _ -; anything else is replaced.' }),
};

/** The headers an operation reads. */
export const headersOf = (endpoint: Endpoint) =>
  z.object({
    ...(endpoint.access !== 'public' && USER_HEADERS),
    ...(takesIdempotencyKey(endpoint) && IDEMPOTENCY_KEY),
    ...endpoint.headers?.shape,
    ...REQUEST_ID,
  });

export const takesIdempotencyKey = (endpoint: Endpoint): boolean =>
  isNative(endpoint) && ['post', 'put'].includes(endpoint.method);

import { z } from 'zod';
import {
  absoluteUrl,
  count,
  isAddressRange,
  isOriginPattern,
  list,
  proxyUrl,
  secret,
  supportUrl,
} from './schemas.ts';
import type { Setting } from './setting.ts';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** Clients, pages, the network, limits and the process. */
export const OPERATION = {
  DEFAULT_SIGN_IN_CLIENT: {
    description:
      'The client that restarts IdP-initiated logins, for tenants without `sign_in_client_id`.',
    schema: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be the id of a client'),
    optional: true,
  },
  WEBHOOK_ENDPOINT_ORIGINS: {
    description:
      'Origins to which events may be delivered, comma separated; `*` matches one label of the host, or any port: `https://*.internal.example,http://orders.svc:8080`. A host with `*` is never this machine. Default: none.',
    schema: list.refine(
      (origins) => origins.every(isOriginPattern),
      'must be origins (`*` for a label of the host, or for the port), comma separated',
    ),
    optional: true,
  },
  BRAND_NAME: {
    description: 'The company’s or product’s name on the pages.',
    schema: z.string().max(60, 'must have at most 60 characters'),
    default: 'Gatehouse',
  },
  BRAND_LOGO_URL: {
    description: 'The URL of the logo on the pages.',
    schema: absoluteUrl,
    optional: true,
  },
  BRAND_COLOR: {
    description: 'The colour of buttons, as `#rrggbb`.',
    schema: z.string().regex(/^#[0-9a-fA-F]{6}$/, 'must be #rrggbb'),
    default: '#3b4cca',
  },
  PRODUCT_URL: {
    description: 'Where the pages lead people who look for the product, as `Go to BRAND_NAME`.',
    schema: absoluteUrl,
    optional: true,
  },
  SUPPORT_URL: {
    description:
      'Where the pages lead people who need help: an https URL, or an e-mail address as `mailto:help@example.com`.',
    schema: supportUrl,
    optional: true,
  },
  TRUST_PROXY: {
    description: 'Proxies whose `X-Forwarded-For` is trusted, as CIDRs.',
    schema: list.refine(
      (proxies) => proxies.every(isAddressRange),
      'must be addresses or CIDRs, comma separated',
    ),
    optional: true,
  },
  HTTPS_PROXY: {
    description:
      'The proxy for calls to https URLs: WorkOS, key sets of token issuers, webhook endpoints. The lower-case name works too, as for the next two.',
    schema: secret(proxyUrl),
    secret: true,
    optional: true,
  },
  HTTP_PROXY: {
    description: 'The proxy for http URLs, and for https URLs if `HTTPS_PROXY` is not set.',
    schema: secret(proxyUrl),
    secret: true,
    optional: true,
  },
  NO_PROXY: {
    description:
      'Hosts that are called without the proxy, comma separated: `localhost,.internal.example`. Loopback addresses never use it.',
    schema: list,
    optional: true,
  },
  RATE_LIMIT_CLIENT_PER_MINUTE: {
    description:
      'Requests that a client may make per minute, over all replicas; requests that a person waits for (logins, portal links) are counted apart. 0: no limit. The default is more than one process answers, so only a runaway program reaches it; lower it to a multiple of what your services need.',
    schema: count(0, 10_000_000),
    default: '300000',
  },
  RATE_LIMIT_TENANT_PER_MINUTE: {
    description:
      'Requests for one tenant per minute, by all clients together and over all replicas, without logins. 0: no limit.',
    schema: count(0, 10_000_000),
    default: '200000',
  },
  LOG_LEVEL: {
    description: '`debug`, `info`, `warn`, `error` or `silent`.',
    schema: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }),
    default: 'info',
  },
  RETENTION_DAYS: {
    description:
      'For how long events, deliveries, portal launches and the audit trail are kept: the worker and `gatehouse maintain` delete what is older. Give it to `gatehouse migrate` too.',
    schema: count(1, 3_650),
    default: '90',
  },
  SHUTDOWN_DELAY_MS: {
    description:
      'How long `/readyz` answers 503 before the port closes. Allow two probes of the load balancer.',
    schema: count(0, 25_000),
    default: '3000',
  },
} as const satisfies Record<string, Setting>;

import { z } from 'zod';
import { Secret } from '../core/secret.ts';
import { absoluteUrl, count, list, secret } from './schemas.ts';
import type { Setting } from './setting.ts';

/** WorkOS, and the keys that encrypt what Gatehouse keeps. */
export const WORKOS = {
  WORKOS_API_KEY: {
    description: 'The WorkOS API key (`sk_…`). Only WorkOS receives it.',
    schema: secret(
      z.string().regex(/^sk_\S{4,}$/, 'must be a WorkOS API key, which begins with sk_'),
    ),
    secret: true,
  },
  WORKOS_CLIENT_ID: {
    description: 'The WorkOS client id (`client_…`) of the environment.',
    schema: z
      .string()
      .regex(/^client_\S+$/, 'must be a WorkOS client id, which begins with client_'),
  },
  WORKOS_API_BASE_URL: {
    description: 'The base URL of WorkOS’s API. In production it must be a WorkOS host.',
    schema: absoluteUrl,
    default: 'https://api.workos.com',
  },
  WORKOS_WEBHOOK_SECRETS: {
    description:
      'The secrets of the webhook endpoint `PUBLIC_URL/webhooks/workos` at WorkOS, comma separated; a signature by any of them is accepted. Without one, webhooks are refused and events come by polling only.',
    schema: list
      .refine(
        (secrets) => secrets.length > 0 && secrets.every((one) => /^[\x21-\x7e]{8,}$/.test(one)),
        'must be secrets of at least 8 characters, comma separated',
      )
      .transform((secrets) => secrets.map((one) => new Secret(one))),
    secret: true,
    optional: true,
  },
  WORKOS_EXTERNAL_ID_PREFIX: {
    description:
      'The prefix of the `external_id` of every organization that Gatehouse creates, naming environment and instance and ending in a colon, e.g. `gh:prod:`. Required in production. Stored in the database at first use; a different value stops the process.',
    schema: z
      .string()
      .regex(/^[\x21-\x7e]{1,60}$/, 'must be 1 to 60 printable ASCII characters')
      .endsWith(':', 'must end in a colon, which no tenant id has, as in gh:prod:'),
    default: 'gh:dev: (outside production)',
    optional: true,
  },
  WORKOS_REQUESTS_PER_MINUTE: {
    description:
      'How many requests a minute all processes together may make to WorkOS, shared fairly among the clients. WorkOS allows 6,000 per API key; give less if others use the key too.',
    schema: count(10, 1_000_000),
    default: '6000',
  },
  PORTAL_LINK_HOSTS: {
    description: 'Hosts that WorkOS’s portal links may have; add your custom domain here.',
    schema: list.refine(
      (hosts) => hosts.length > 0 && hosts.every((host) => /^[a-z0-9.-]+(:\d+)?$/.test(host)),
      'must be host names in lower case, comma separated',
    ),
    default: 'setup.workos.com,id.workos.com',
  },
  GATEHOUSE_KEYS: {
    description:
      'Base64 keys of 32 bytes, comma separated: the first encrypts, all decrypt. Create one with `openssl rand -base64 32`. Required in production.',
    schema: list
      .refine(
        (keys) => keys.length > 0 && keys.every((key) => /^[A-Za-z0-9+/]{43}=$/.test(key)),
        'must be base64 of 32 bytes each, comma separated; create one with openssl rand -base64 32',
      )
      .refine(
        (keys) => new Set(keys).size === keys.length,
        'has the same key twice; create another with openssl rand -base64 32',
      )
      .transform((keys) => keys.map((key) => new Secret(key))),
    secret: true,
    optional: true,
  },
} as const satisfies Record<string, Setting>;

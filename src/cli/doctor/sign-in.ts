import { z } from 'zod';
import { createKeySet } from '../../auth/key-set.ts';
import { fault, ok, warning, type Check, type Finding } from './check.ts';
import { Skipped } from './skipped.ts';
import { explainNetwork, networkRemedy } from './http.ts';
import { tryRedirectUri } from './redirects.ts';
import { jsonOf } from './workos.ts';
import type { World } from './world.ts';

export const SIGN_IN_CHECKS: readonly Check[] = [
  { name: 'redirect URI', run: checkRedirectUri },
  { name: 'webhooks of WorkOS', run: checkWebhook },
  { name: 'webhook secrets', run: checkWebhookSecrets },
  { name: 'user tokens', run: (world) => checkIssuer(world, 'USER_TOKEN') },
  { name: 'client tokens', run: (world) => checkIssuer(world, 'CLIENT_TOKEN') },
];

async function checkRedirectUri(world: World): Promise<Finding> {
  const uri = `${new URL(world.setting('PUBLIC_URL')).origin}/sso/callback`;
  const answer = await tryRedirectUri(world, uri);
  if (answer.accepted) return ok(`WorkOS accepts ${uri}`);
  if (answer.why === 'client')
    return fault(
      'WorkOS does not know WORKOS_CLIENT_ID',
      'Copy the client id of this environment from WorkOS’s dashboard (API Keys) into WORKOS_CLIENT_ID.',
    );
  if (answer.why === 'redirect-uri')
    return fault(
      `${uri} is not registered at WorkOS, so nobody can sign in`,
      'Add it in WorkOS’s dashboard (Redirects), exactly so, or correct PUBLIC_URL.',
    );
  return warning(
    `WorkOS did not say whether ${uri} is registered (${answer.says})`,
    'Check it in WorkOS’s dashboard (Redirects).',
  );
}

const Endpoints = z.object({
  data: z.array(z.object({ endpoint_url: z.string(), status: z.string().optional() })),
});

async function checkWebhook(world: World): Promise<Finding> {
  const uri = `${new URL(world.setting('PUBLIC_URL')).origin}/webhooks/workos`;
  const answer = await world.workos('/webhook_endpoints?limit=100');
  const page = Endpoints.safeParse(jsonOf(answer.text));
  if (answer.status !== 200 || !page.success)
    throw new Skipped(
      `WorkOS does not list its webhook endpoints (${answer.status}); see its dashboard`,
    );
  const found = page.data.data.find(({ endpoint_url }) => endpoint_url === uri);
  const slower = 'events come by polling only, some seconds later';
  if (!found)
    return warning(
      `WorkOS has no webhook endpoint ${uri}: ${slower}`,
      'Create it in WorkOS’s dashboard (Webhooks), and put its secret into WORKOS_WEBHOOK_SECRETS.',
    );
  return found.status === 'disabled'
    ? warning(
        `the webhook endpoint ${uri} is disabled: ${slower}`,
        'Enable it in WorkOS’s dashboard.',
      )
    : ok(`WorkOS sends events to ${uri}`);
}

function checkWebhookSecrets({ values, problems }: World): Finding {
  const secrets = values.WORKOS_WEBHOOK_SECRETS;
  if (!secrets) {
    if (problems.some((problem) => problem.startsWith('WORKOS_WEBHOOK_SECRETS')))
      throw new Skipped('WORKOS_WEBHOOK_SECRETS is not valid');
    return warning(
      'WORKOS_WEBHOOK_SECRETS is not set: webhooks are refused, and events come by polling only',
      'Set it to the secret that WorkOS’s dashboard shows for the webhook endpoint.',
    );
  }
  const isOther = secrets.some((secret) => /^(sk_|client_|https?:|gh_)/.test(secret.reveal()));
  return isOther
    ? fault(
        'WORKOS_WEBHOOK_SECRETS holds an API key, a client id or a URL, so every webhook is refused',
        'Set it to the secret that WorkOS’s dashboard shows for the webhook endpoint.',
      )
    : ok(`${secrets.length} accepted`);
}

async function checkIssuer(world: World, kind: 'USER_TOKEN' | 'CLIENT_TOKEN'): Promise<Finding> {
  const given = world.values[`${kind}_JWKS_URL`];
  if (given === undefined)
    throw new Skipped(`${kind}_ISSUER is not set, so no such token is accepted`);
  const url = new URL(given);
  let failure: unknown;
  const keys = createKeySet({
    url,
    proxies: world.proxies,
    onFetch: (_outcome, error) => (failure = error),
  });
  if (await keys.isUsable()) return ok(`${url.host} publishes keys`);
  if (failure === undefined)
    return fault(`${url.host} publishes no key for signatures`, `Correct ${kind}_JWKS_URL.`);
  const { name, message } = failure as Error;
  if (name === 'KeysUnavailable' || name === 'SyntaxError')
    return fault(
      `${url.host} does not answer with keys: ${name === 'SyntaxError' ? 'no JSON' : message.replace(/\.$/, '')}`,
      `Correct ${kind}_JWKS_URL: it must be the issuer’s jwks_uri.`,
    );
  return fault(
    `the keys at ${url.host} cannot be fetched: ${explainNetwork(failure)}`,
    networkRemedy(url, failure, world.proxies),
  );
}

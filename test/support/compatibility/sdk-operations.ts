/** What an SDK can do, by reflection: its methods, and the operation of WorkOS that each calls. */
import type { Generation, Sdk } from './call.ts';
import { unconnected } from './worlds.ts';

/** Members of the SDK that are no resources of WorkOS. */
const NO_RESOURCES = ['client', 'options'];

/** Every method of every resource, prototypes included: `organizations.getOrganization`. */
export const methodsOf = (sdk: Sdk): string[] =>
  Object.entries(sdk)
    .filter(([name, value]) => typeof value === 'object' && !NO_RESOURCES.includes(name))
    .flatMap(([name, resource]) =>
      namesOf(resource)
        .filter((method) => typeof resource[method] === 'function')
        .map((method) => `${name}.${method}`),
    );

function namesOf(resource: object): string[] {
  const names = new Set<string>();
  for (let at = resource; at !== Object.prototype; at = Object.getPrototypeOf(at) as object)
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  names.delete('constructor');
  return [...names];
}

/** Starts to poll, and is not called here. */
const POLLS = 'featureFlags.createRuntimeClient';

const LISTS =
  /^(targets|events|permissions|roleAssignments|scopes|statuses|redirectUris|userConsentOptions)$/;
const TIMES = /At$|^range/;

const FILLED = filled();

/** Arguments with which a method makes its request: each is an id and has every option. */
export const argumentsOf = (method: string): readonly unknown[] =>
  // It decodes the text first.
  method === 'vault.decrypt' ? ['A'.repeat(88)] : [FILLED, FILLED, FILLED];

function filled(): unknown {
  const asText = () => 'id_1';
  const known: Readonly<Record<string | symbol, unknown>> = {
    toString: asText,
    [Symbol.toPrimitive]: asText,
    applicationType: 'oauth',
    clientId: 'client_1',
    provider: 'authkit',
    intentOptions: undefined,
    then: undefined,
  };
  return new Proxy(known, {
    get: (_, name) => {
      if (name in known || typeof name === 'symbol') return known[name];
      if (LISTS.test(name)) return [];
      return TIMES.test(name) ? new Date(0) : 'id_1';
    },
  });
}

/**
 * Method → operation, with ids left out: `GET /organizations/{}`. An address that a method makes counts
 * as a request. Undefined: neither.
 */
export async function sdkOperations(
  generation: Generation,
): Promise<ReadonlyMap<string, string | undefined>> {
  const operations = new Map<string, string | undefined>();
  const requests: string[] = [];
  const fetchFn = (url: string, { method = 'GET' }: RequestInit = {}) => {
    requests.push(operationAt(url, method));
    return Promise.resolve(new Response('{}', { status: 418 }));
  };
  const sdk = unconnected(generation, { fetchFn, ...(generation === 11 && { maxRetries: 0 }) });
  for (const method of methodsOf(sdk)) {
    requests.length = 0;
    const address = method === POLLS ? undefined : await made(sdk, method);
    operations.set(method, requests[0] ?? (address && operationAt(address, 'GET')));
  }
  return operations;
}

const operationAt = (url: string, method: string): string =>
  `${method} ${new URL(url).pathname.replaceAll(/\b(id_1|client_1|authkit(?=\/token))\b/g, '{}')}`;

/** @returns the address that it makes, if any */
async function made(sdk: Sdk, method: string): Promise<string | undefined> {
  const [resource = '', name = ''] = method.split('.');
  try {
    const value = await sdk[resource]?.[name]?.(...argumentsOf(method));
    const address = (value as { url?: unknown } | undefined)?.url ?? value;
    return typeof address === 'string' && address.startsWith('https:') ? address : undefined;
  } catch {
    return undefined;
  }
}

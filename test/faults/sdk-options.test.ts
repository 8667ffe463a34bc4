/** Every option of every SDK's types. Three SDKs' types and some 600 calls take 20 s of CPU, so it is here. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  GENERATIONS,
  type Call,
  type Outcome,
  type Reached,
} from '../support/compatibility/call.ts';
import { filledCalls } from '../support/compatibility/filled-calls.ts';
import { nameIn, RESOURCES } from '../support/compatibility/names.ts';
import { asFarAs, outcomes } from '../support/compatibility/run.ts';
import { sdkOptions } from '../support/compatibility/sdk-options.ts';
import { createWorlds } from '../support/compatibility/worlds.ts';

/** Calls that WorkOS refuses whatever their options: name → why. */
const REFUSED: Readonly<Record<string, string>> = {
  'userManagement.createOrganizationMembership, with everything, 2':
    'The call before has made the user a member.',
  'userManagement.acceptInvitation, there is no such user, with everything':
    'A user is made by accepting in a browser.',
  'mfa.verifyFactor, it was answered, with everything': 'A challenge is answered once.',
};

/** Requests that the gateway answers or composes itself; what they come to is compared as it is answered. */
const NOT_FORWARDED =
  /^(POST \/organizations|PUT \/organizations\/[\w-]+|GET \/organizations\/external_id\/.*)$/;

const SIGN_IN = ['client_id', 'redirect_uri', 'state', 'code_challenge', 'code_challenge_method'];

/** Fields that the gateway replaces by its own, and translates back afterwards. */
const REPLACED: Readonly<Record<string, readonly string[]>> = {
  'GET /sso/authorize': SIGN_IN,
  'POST /sso/token': ['client_id', 'client_secret', 'code', 'code_verifier'],
  'POST /passwordless/sessions': SIGN_IN,
};

const made = GENERATIONS.map((generation) => {
  const names = RESOURCES.map((resource) => nameIn(generation, resource));
  return [generation, filledCalls(generation, sdkOptions(generation, names))] as const;
});

describe.each(made)('SDK %i, with every option that its types have', (generation, calls) => {
  const named = calls.map((call) => [nameOf(call), call] as const);
  let direct: ReadonlyMap<Call, Outcome> = new Map();
  let gateway: ReadonlyMap<Call, Outcome> = new Map();

  beforeAll(async () => {
    const worlds = await createWorlds(generation);
    try {
      [direct, gateway] = await Promise.all([
        outcomes(generation, worlds.direct, calls),
        outcomes(generation, worlds.gateway, calls),
      ]);
    } finally {
      await worlds.stop();
    }
  }, 120_000);

  const outcomesOf = (call: Call) => {
    const [atWorkos, behind] = [direct.get(call), gateway.get(call)];
    if (!atWorkos || !behind) throw new Error('The call was not made.');
    return { atWorkos, behind: asFarAs(call, atWorkos, behind) };
  };

  it.each(named)('gets the same through the gateway as from WorkOS: %s', (_name, call) => {
    const { atWorkos, behind } = outcomesOf(call);

    expect({ ...behind, reached: [] }).toEqual({ ...atWorkos, reached: [] });
  });

  it.each(named)('reaches WorkOS with the same fields: %s', (_name, call) => {
    const { atWorkos, behind } = outcomesOf(call);
    const expected = atWorkos.reached.filter((one) => !NOT_FORWARDED.test(targetOf(one)));

    expect(behind.reached.map(asSent)).toEqual(expect.arrayContaining(expected.map(asSent)));
  });

  it('is refused by WorkOS only where the options are not the cause', () => {
    const refused = named.filter(([, call]) => outcomesOf(call).atWorkos.error);
    const names = refused.map(([name]) => name);

    expect(names.filter((name) => !(name in REFUSED))).toEqual([]);
  });
});

function nameOf({ method, when }: Call): string {
  return [method, when].filter(Boolean).join(', ');
}

function targetOf({ method, path }: Reached): string {
  return `${method} ${decodeURIComponent(path)}`;
}

/** What a request says. A body without fields is as good as none. */
function asSent(request: Reached) {
  const replaced = REPLACED[targetOf(request)] ?? [];
  const fieldsOf = (fields: unknown) =>
    Object.fromEntries(Object.entries(fields ?? {}).filter(([name]) => !replaced.includes(name)));
  return {
    target: targetOf(request),
    query: fieldsOf(request.query),
    body: fieldsOf(request.body),
  };
}

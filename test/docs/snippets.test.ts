/** Every snippet of README and docs is run as it is printed, or says why it is not. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkOS, GenerateLinkIntent } from '@workos-inc/node';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { startFakeWorkos, type FakeWorkos } from '../../src/dev/fake-workos/server.ts';
import { organizationByHand } from '../support/organization-by-hand.ts';
import { connect, REDIRECT_URI, signIn } from '../support/sign-in.ts';
import { codeOf, hashOf, SDKS } from '../support/snippets/languages.ts';
import { readRecorded } from '../support/snippets/recorded.ts';
import { delivery, filledIn } from '../support/snippets/sdk-world.ts';
import { readSnippets, type Snippet } from '../support/snippets/read.ts';
import { openShell, type Shell } from '../support/snippets/shell.ts';
import { runTypescript } from '../support/snippets/typescript.ts';
import { sdkOptions } from '../support/sdk.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

/** Where the documentation says that Gatehouse is. */
const HOST = 'gatehouse.internal.example';
/** Languages that other tests run, and blocks that are no program. */
const ELSEWHERE = new Set(['python', 'ruby', 'go', 'php', 'promql']);
const NO_PROGRAM = new Set(['', 'csv', 'mermaid', 'text']);
const RUN_HERE = new Set(['ts', 'sh']);

const snippets = readSnippets();
/** Those of a language, each text once. */
const run = (language: string) =>
  snippets
    .filter((snippet) => snippet.language === language && snippet.notRun === null)
    .filter(({ code }, n, all) => all.findIndex((other) => other.code === code) === n)
    .map((snippet) => [`${snippet.file}, ${snippet.heading}`, snippet] as const);

/** Where the typed client is. */
const CLIENT: Readonly<Record<string, string>> = {
  'gatehouse-client': '../../client/index.js',
  'gatehouse-client/acting-user': '../../client/acting-user.js',
  'gatehouse-client/sdk-fetch': '../../client/sdk-fetch.js',
};

/** The packages under which the SDKs of a section are installed here. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'SDK 7 and 8': ['workos-node-7', 'workos-node-8'],
};
const withPackages = run('ts').flatMap(([title, snippet]) =>
  (PACKAGES[snippet.heading] ?? ['@workos-inc/node']).map((sdk) => [title, sdk, snippet] as const),
);

const gatehouse = useGatehouse({ env: { WEBHOOK_ENDPOINT_ORIGINS: 'https://app.example.com' } });
const realFetch = globalThis.fetch;
let shell: Shell;
let fake: FakeWorkos;
let billing: TestClient;
let userToken: string;

beforeAll(async () => {
  gatehouse.workos.redirectUris.add(`${gatehouse.config.publicUrl}/sso/callback`);
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme');
  await createBilling();
  userToken = await gatehouse.userToken();
  fake = await startFakeWorkos({ apiKey: 'sk_test_fake', httpControls: true });
  shell = await openShell(gatehouse);
  for (const { code } of snippets.filter(({ language }) => language === 'csv')) await prepare(code);
  globalThis.fetch = (input, init) => realFetch(here(input), init);
});
afterAll(async () => {
  globalThis.fetch = realFetch;
  await shell.close();
  await fake.stop();
});

/** Snippets speak to the gateway that runs here. */
function here(input: Parameters<typeof fetch>[0]): Parameters<typeof fetch>[0] {
  const address = input instanceof Request ? input.url : String(input);
  if (new URL(address).hostname !== HOST) return input;
  const local = address.replace(`https://${HOST}`, gatehouse.url);
  return input instanceof Request ? new Request(local, input) : local;
}

/** Writes a file to import, with an organization that exists. */
async function prepare(csv: string): Promise<void> {
  const organization = await organizationByHand(gatehouse.workos);
  await shell.write('tenants.csv', csv.replace(/\borg_\w+/, organization));
}

/** The client of all snippets. A snippet that registers it finds it gone. */
async function registerBilling(code: string): Promise<void> {
  await createClientRegistry(gatehouse.database.db).delete(operator('test'), 'billing');
  if (!code.includes('gatehouse clients create')) await createBilling();
}

async function createBilling(): Promise<void> {
  billing = await gatehouse.createClient({ id: 'billing', redirectUris: [REDIRECT_URI] });
  process.env.GATEHOUSE_KEY = billing.key;
}

/** The routes and statuses of requests that the gateway refused since a line of its log. The doctor tries a made-up key. */
const refusedSince = (line: number): string[] =>
  gatehouse.logs
    .slice(line)
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .filter(({ msg, status }) => msg === 'request' && Number(status) >= 400)
    .filter(({ request_id: id }) => !String(id).startsWith('doctor-'))
    .map(({ method, route, status, code }) => [method, route, status, code].join(' '));

describe('a snippet', () => {
  it('is run by a test, or says in a comment above why it is not', () => {
    const unknown = snippets.filter(
      ({ language, notRun }) =>
        notRun === null && ![RUN_HERE, ELSEWHERE, NO_PROGRAM].some((set) => set.has(language)),
    );

    expect(unknown.map(({ at, language }) => `${at} ${language}`)).toEqual([]);
  });

  it.each(withPackages)('in TypeScript runs as printed: %s, %s', async (_title, sdk, snippet) => {
    await registerBilling(snippet.code);
    const line = gatehouse.logs.length;
    const load = (name: string) =>
      import(name === '@workos-inc/node' ? sdk : (CLIENT[name] ?? name));
    await runTypescript(snippet.code, await names(snippet), load);

    expect(refusedSince(line)).toEqual([]);
  });

  it.each(run('sh'))('for a shell runs as printed: %s', async (_title, { code }) => {
    await registerBilling(code);
    const line = gatehouse.logs.length;
    await shell.run(code, await variables(code));

    expect(refusedSince(line)).toEqual([]);
  });
});

describe('what the SDK of another language sent for its snippets', () => {
  // With the SDKs: WORKOS_SDKS=<folder> UPDATE_DOCS=1 npm run test:faults -- test/faults/other-languages
  it.each(SDKS.map((sdk) => [sdk.heading, sdk] as const))(
    'was recorded when they ran as they are now, and is not refused: %s',
    async (heading, sdk) => {
      const recorded = readRecorded()[heading];
      await registerBilling('');
      const { code } = await signIn(gatehouse, billing);
      const values = { key: billing.key, userToken, code };
      const statuses: number[] = [];
      for (const one of recorded?.requests ?? []) {
        const { method, path, headers, body } = filledIn(one, values);
        const res = await realFetch(`${gatehouse.url}${path}`, { method, headers, body });
        statuses.push(res.status);
      }

      expect(recorded?.code).toBe(hashOf(codeOf(sdk)));
      expect(statuses).toEqual([201, 200]);
    },
  );
});

/** What shell snippets use without setting it. */
async function variables(text: string): Promise<Record<string, string>> {
  const { rawBody, signature, secret } = delivery();
  const [, T = '', V1 = ''] = /^t=(.*), v1=(.*)$/.exec(signature) ?? [];
  return {
    ...{ GATEHOUSE: gatehouse.url, KEY: billing.key, USER_TOKEN: userToken, FAKE: fake.url },
    ...(text.includes('$CODE') && { CODE: (await signIn(gatehouse, billing)).code }),
    ...{ T, V1, RAW_BODY: rawBody, SECRET: secret },
  };
}

/** What TypeScript snippets use without declaring it. */
async function names({ code }: Snippet) {
  const workos = new WorkOS(billing.key, sdkOptions(gatehouse));
  const { rawBody, headers, secret } = delivery();
  return {
    ...{ workos, userToken, GenerateLinkIntent, state: 'state' },
    ...{ saved: undefined, apply: () => undefined, save: (after: string) => after },
    ...(/\bcode\b/.test(code) && { code: (await signIn(gatehouse, billing)).code }),
    ...{ rawBody, headers, secret },
  };
}

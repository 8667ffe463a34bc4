import { describe, expect, it } from '@jest/globals';
import { NOT_OFFERED } from '../../src/dev/fake-workos/controls/http-controls.ts';
import { operations } from '../../src/dev/fake-workos/operations.ts';
import { startFakeWorkos } from '../../src/dev/fake-workos/server.ts';
import { expectCommitted } from '../support/committed-docs.ts';
import {
  compare,
  leftOver,
  statusesOf,
  tableOf,
  type Comparison,
} from '../support/contract-differences.ts';
import { cases } from '../support/fake-workos-cases.ts';
import {
  controls,
  everywhere,
  neverGiven,
  outsideTheSpec,
  shapes,
  unspecified,
} from '../support/fake-workos-differences.ts';
import { WORKOS_SPECIFICATION } from '../support/open-api-documents.ts';

const FILE = 'docs/fake-workos.md';
const named = operations.map(({ method, path }) => `${method} ${path}`);
const comparison: Comparison = {
  ours: new Map(
    named.map((name) => [name, cases.filter(([of]) => of === name).map(([, status]) => status)]),
  ),
  theirs: statusesOf(WORKOS_SPECIFICATION),
  reasons: { ...outsideTheSpec, ...neverGiven, ...unspecified },
  everywhere,
};
const rows = compare(comparison);

function report(): string {
  return `# The fake WorkOS and the official specification

<!-- Generated: UPDATE_DOCS=1 npm test -- test/dev/fake-workos-differences.test.ts -->

\`gatehouse dev\` and the tests use a fake WorkOS on loopback. Tests check every reply against WorkOS's
OpenAPI document (\`@workos/openapi-spec\`, 2026-05-01). This page lists the deliberate differences: first
the statuses of each operation, then all other differences.

${tableOf(rows, { ours: 'the fake', theirs: 'the specification' })}

For every operation:

${Object.entries(everywhere)
  .map(([status, reason]) => `- ${status}: ${reason}`)
  .join('\n')}

## Beyond statuses

${shapes.map((line) => `- ${line}`).join('\n')}

## Controls

What at WorkOS a person, a directory or chance does, is done by controls. In tests of this repository they are methods;
\`gatehouse fake-workos\` and \`npm run dev\` offer them over HTTP, with a JSON array of arguments:

<!-- not run: it needs \`gatehouse fake-workos\`; test/dev tries every control -->

\`\`\`sh
curl -H 'Authorization: Bearer sk_test_fake' http://localhost:8090/_fake/fault \\
  -d '["POST /portal/generate_link", {"kind": "status", "status": 503}, {"times": 1}]'
curl -H 'Authorization: Bearer sk_test_fake' http://localhost:8090/_fake/requests
\`\`\`

The key is the one that the command prints. An answer is \`{"result": …}\`; an unknown control answers with the list. \`GET\` reads the
records: \`requests\`, and \`webhookDeliveries\` with every attempt.

${Object.entries(controls)
  .map(([call, does]) => `- \`${call}\`: ${does}`)
  .join('\n')}
`;
}

describe('the comparison', () => {
  const small: Comparison = {
    ours: new Map([
      ['GET /b/{id}', [200, 401, 404]],
      ['GET /a', [200, 409, 410]],
      ['GET /c', [200]],
    ]),
    theirs: new Map([
      ['GET /a', [200, 422]],
      ['GET /b/{other}', [200, 403]],
    ]),
    reasons: { 'GET /a 409': 'A race.', 'GET /a 410': 'A race.', 'GET /a 500': 'Gone.' },
    everywhere: { 401: 'Left out.', 403: 'Never.' },
  };

  it('reports differences without a reason, and reasons without a difference', () => {
    const compared = compare(small);

    expect(compared.flatMap(({ unexplained }) => unexplained)).toEqual([
      'GET /a 422',
      'GET /b/{id} 404',
      'GET /c',
    ]);
    expect(leftOver(compared, small)).toEqual(['GET /a 500']);
  });

  it('is a row for each operation', () => {
    expect(tableOf(compare(small), { ours: 'us', theirs: 'them' }).split('\n')).toEqual([
      '| Operation | Both | Only us | Only them | Why |',
      '| --- | --- | --- | --- | --- |',
      '| `GET /a` | 200 | 409 410 | 422 | 409, 410: A race. |',
      '| `GET /b/{id}` | 200 | 404 |  |  |',
      '| `GET /c` | not in them | 200 |  |  |',
    ]);
  });
});

describe('what the fake and the specification do not share', () => {
  it('has a reason, everywhere', () => {
    expect(rows.flatMap(({ unexplained }) => unexplained)).toEqual([]);
  });

  it('has no superfluous reason', () => {
    expect(leftOver(rows, comparison)).toEqual([]);
  });

  it('names every control of the fake', async () => {
    const fake = await startFakeWorkos();
    await fake.stop();
    const functions = Object.entries(fake).filter(([, member]) => typeof member === 'function');
    const names = functions.map(([name]) => name).filter((name) => !NOT_OFFERED.has(name));

    expect(
      Object.keys(controls)
        .map((call) => call.replace(/\(.*/, ''))
        .sort(),
    ).toEqual(names.sort());
  });

  it('is what docs/fake-workos.md says', async () => {
    await expectCommitted(FILE, report());
  });
});

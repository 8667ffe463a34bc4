import { describe, expect, it } from '@jest/globals';
import { ofRequests, ofRights } from '../support/compatibility/behaviour.ts';
import {
  everywhere,
  fieldReasons,
  statusReasons,
  valueReasons,
} from '../support/compatibility/differences.ts';
import { expectCommitted } from '../support/committed-docs.ts';
import { readFacade } from '../support/compatibility/facade.ts';
import { factsOf } from '../support/compatibility/facts.ts';
import {
  fieldDifferences,
  type FieldDifference,
} from '../support/compatibility/field-differences.ts';
import { FACTS, FACTS_DATE } from '../support/compatibility/offered.ts';
import { readSpecification } from '../support/compatibility/specification.ts';
import { unoffered } from '../support/compatibility/unoffered.ts';
import { valueDifferences } from '../support/compatibility/value-differences.ts';
import { openApiDocument } from '../../src/openapi/document.ts';
import { OPERATIONS } from '../../src/openapi/operations.ts';
import { expanded, type OpenApi } from '../support/contract-validator.ts';
import {
  compare,
  leftOver,
  statusesOf,
  tableOf,
  type Comparison,
} from '../support/contract-differences.ts';
import { WORKOS_SPECIFICATION } from '../support/open-api-documents.ts';

const FILE = 'docs/differences.md';
const document = readFacade();
const theirs = statusesOf(WORKOS_SPECIFICATION);
const ours = new Map(
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]): [string, number[]] => [
      `${method.toUpperCase()} ${path}`,
      Object.keys(responses).map(Number),
    ]),
  ),
);
const comparison: Comparison = { ours, theirs, reasons: statusReasons, everywhere };
const rows = compare(comparison);
const ofFields = fieldDifferences(document, readSpecification());

const ofValues = valueDifferences(
  factsOf(expanded(openApiDocument(OPERATIONS) as unknown as OpenApi)),
  FACTS,
);

type Reasons = Readonly<Record<string, string>>;
const nameOf = ({ operation, difference }: FieldDifference): string => `${operation} ${difference}`;
const fieldTable = (differences: readonly FieldDifference[], reasons: Reasons): string =>
  [
    '| Operation | The gateway | Why |',
    '| --- | --- | --- |',
    ...differences.map(
      (one) => `| \`${one.operation}\` | ${one.difference} | ${reasons[nameOf(one)] ?? ''} |`,
    ),
  ].join('\n');

const report = (): string => `# The gateway and WorkOS’s specification

<!-- Generated: UPDATE_DOCS=1 npm test -- test/openapi/differences.test.ts -->

The gateway offers WorkOS’s API with tenant ids. This page lists where its contract ([openapi.yaml](../openapi.yaml)) differs on
purpose from WorkOS’s OpenAPI document (\`@workos/openapi-spec\`, 2026-05-01). [compatibility.md](compatibility.md) shows the
effect on official SDKs.

## Behaviour

${Object.values({ ...ofRequests, ...ofRights })
  .map((line) => `- ${line}`)
  .join('\n')}

## Fields

${fieldTable(ofFields, fieldReasons)}

## Null and enums

Compared with WorkOS’s newest known specification (${FACTS_DATE}). In replies the contract allows null for most fields and
any text for an enum, because they are passed on and WorkOS adds values without notice; the table would show a reply
only if it could not hold what WorkOS answers.

${fieldTable(ofValues, valueReasons)}

## Statuses

For every operation, even where the specification does not list them:

${Object.entries(everywhere)
  .map(([status, reason]) => `- ${status}: ${reason}`)
  .join('\n')}

Other differences:

${tableOf(
  rows.filter(({ reasons }) => reasons.size > 0),
  { ours: 'the gateway', theirs: 'the specification' },
)}

## Not offered

The gateway answers 501 (\`not_implemented\`) to these operations of the same resources:

${unoffered()
  .map((operation) => `- \`${operation}\``)
  .join('\n')}
`;

describe('what the gateway’s contract and WorkOS’s specification do not share', () => {
  it('has a reason, where it is a status', () => {
    expect(rows.flatMap(({ unexplained }) => unexplained)).toEqual([]);
  });

  it.each([
    ['a field', ofFields, fieldReasons],
    ['null or an enum', ofValues, valueReasons],
  ])('has a reason, where it is %s', (_what, differences, reasons) => {
    const named = differences.map(nameOf);

    expect(named.filter((name) => !(name in reasons))).toEqual([]);
    expect(Object.keys(reasons).filter((name) => !named.includes(name))).toEqual([]);
  });

  it('has no reason too many', () => {
    expect(leftOver(rows, comparison)).toEqual([]);
  });

  it('is what docs/differences.md says', async () => {
    await expectCommitted(FILE, report());
  });
});

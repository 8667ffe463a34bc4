import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isUnofferedPath } from '../../src/http/not-offered.ts';
import { OPERATIONS } from '../../src/openapi/operations.ts';
import { openApiDocument } from '../../src/openapi/document.ts';
import { expectCommitted } from '../support/committed-docs.ts';
import { areas, areaOf, type Area } from '../support/compatibility/areas.ts';
import { factsOf, operationName, type Fields } from '../support/compatibility/facts.ts';
import { FACTS, FACTS_DATE, OFFERED, UNOFFERED } from '../support/compatibility/offered.ts';
import { expanded, type OpenApi } from '../support/contract-validator.ts';

const PAGE = 'docs/not-offered.md';
const FIGURES = /(?<=<!-- figures -->\n)[^]*(?=<!-- \/figures -->)/;
const AREAS = /(?<=<!-- areas -->\n)[^]*(?=<!-- \/areas -->)/;

const ours = factsOf(expanded(openApiDocument(OPERATIONS) as unknown as OpenApi));

/** Fields of WorkOS that the gateway does not take under this name, and why. */
const REASONS: Readonly<Record<string, string>> = {
  'POST /sso/token query client_id': 'Secrets belong in the body.',
  'POST /sso/token query client_secret': 'Secrets belong in the body.',
  'POST /sso/token query code': 'Secrets belong in the body.',
  'POST /sso/token query grant_type': 'It belongs in the body.',
  'GET /user_management/users query organization': 'Taken as an alias of organization_id.',
};

const missing = (operation: string, part: 'query' | 'body', mine: Fields = {}): string[] =>
  Object.keys(FACTS[operation]?.[part] ?? {})
    .filter((field) => !(field in mine))
    .map((field) => `${operation} ${part} ${field}`);

describe('the newest specification of WorkOS that is known', () => {
  it('has no field of an offered operation that the gateway would leave out', () => {
    const all = OFFERED.flatMap((operation) => [
      ...missing(operation, 'query', ours[operation]?.query),
      ...missing(operation, 'body', ours[operation]?.body),
    ]);

    expect(all.filter((field) => !(field in REASONS))).toEqual([]);
    expect(Object.keys(REASONS).filter((field) => !all.includes(field))).toEqual([]);
  });

  it('has no operation that the gateway neither offers nor answers with 501', () => {
    const names = Object.values(OPERATIONS).flatMap(({ contract }) =>
      Object.values(contract).flatMap(({ method, path, notOffered = [] }) =>
        [method, ...notOffered].map((one) => operationName(one, path)),
      ),
    );
    const unknown = Object.keys(FACTS).filter(
      (operation) =>
        !names.includes(operation) &&
        !isUnofferedPath((operation.split(' ')[1] ?? '').replaceAll('{}', 'x')),
    );

    expect(unknown).toEqual([]);
  });

  it('is what docs/not-offered.md compares with, area by area', async () => {
    const before = readFileSync(PAGE, 'utf8');
    const page = before
      .replace(FIGURES, () => `\n${figures()}\n\n`)
      .replace(AREAS, () => `\n${areaTable()}\n\n`);
    await expectCommitted(PAGE, page);
  });
});

const figures = (): string =>
  `The gateway offers ${OFFERED.length} of ${Object.keys(FACTS).length} operations of WorkOS’s newest known specification (${FACTS_DATE}), counted by method and path, and two of passwordless sessions that the specification lacks. The other ${UNOFFERED.length} are answered with 501 \`not_implemented\`, and nothing is sent to WorkOS.`;

function areaTable(): string {
  const all = UNOFFERED.map((operation) => areaOf(operation));
  const rows = areas.map((area) => {
    const count = all.filter((one) => one === area).length;
    return `| ${area.name}: ${area.paths} | ${count} | ${area.why} |`;
  });
  const table = ['| area | operations | why not |', '| --- | --- | --- |', ...rows].join('\n');
  return `${table}\n\nBy name:\n\n${areas.flatMap(namesOf).join('\n')}`;
}

/** So that a reader finds an operation, and the area that has its reason. */
function namesOf(area: Area): string[] {
  const all = UNOFFERED.filter((operation) => areaOf(operation) === area);
  return all.length === 0 ? [] : [`- ${area.name}: ${all.map((one) => `\`${one}\``).join(', ')}`];
}

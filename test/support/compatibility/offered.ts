/** What the gateway offers of WorkOS's newest known specification, counted by method and path. */
import { readFileSync } from 'node:fs';
import { OPERATIONS } from '../../../src/openapi/operations.ts';
import { operationName, type Facts } from './facts.ts';

const { date, operations } = JSON.parse(
  readFileSync(new URL('workos-facts.json', import.meta.url), 'utf8'),
) as { date: string; operations: Facts };

/** Written by write-facts.ts from a newer specification than npm has. */
export const FACTS = operations;
/** When WorkOS published it. */
export const FACTS_DATE = date;

const offered = new Set(
  Object.values(OPERATIONS).flatMap(({ contract }) =>
    Object.values(contract).map(({ method, path }) => operationName(method, path)),
  ),
);

/** @param operation `GET /organizations/{}` */
export const isOffered = (operation: string): boolean => offered.has(operation);

export const OFFERED: readonly string[] = Object.keys(FACTS).filter(isOffered);
export const UNOFFERED: readonly string[] = Object.keys(FACTS).filter((one) => !isOffered(one));

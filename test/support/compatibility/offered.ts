/** What the gateway offers of WorkOS's newest known specification, counted by method and path. */
import { OPERATIONS } from '../../../src/openapi/operations.ts';
import { operationName } from './facts.ts';
import { readFacts } from './facts-file.ts';

const { date, facts } = readFacts();

/** Written by write-facts.ts from a newer specification than npm has. */
export const FACTS = facts;
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

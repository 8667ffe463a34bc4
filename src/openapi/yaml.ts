import { stringify } from 'yaml';

/** As committed in `openapi.yaml`. Not made to serve it: that would take a tenth of a second. */
export const asYaml = (contract: object): string =>
  stringify(contract, { aliasDuplicateObjects: false, indentSeq: false });

/** The words of a name, in whatever spelling: `parentOrgId` → `parent`, `org`, `id`. */
export const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/);

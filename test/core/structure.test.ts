import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const contributing = readFileSync('CONTRIBUTING.md', 'utf8');
const readme = readFileSync('README.md', 'utf8');
const require = createRequire(import.meta.url);
const rules = (
  require('../../.dependency-cruiser.cjs') as { forbidden: { name: string }[] }
).forbidden.map(({ name }) => name);

const rooms = readdirSync('src');
/** The picture in CONTRIBUTING.md, from top to bottom. */
const layers = (/^```\n(main\.ts\n[^`]*)```/m.exec(contributing)?.[1] ?? '')
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const layerOf = (room: string) => layers.findIndex((layer) => layer.includes(room));
const roomOf = (path: string) => path.split('/')[1] ?? '';

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name}`);

/** Imports of `file` that do not lead to a lower layer. */
const wrongImports = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import\() *'(\.[^']+)'/g)]
    .map(([, target = '']) => normalize(join(dirname(file), target)))
    .filter((target) => roomOf(target) !== roomOf(file))
    .filter((target) => layerOf(roomOf(target)) <= layerOf(roomOf(file)))
    .map((target) => `${file} → ${target}`);

describe('the documented structure', () => {
  it('names every folder and file of src in README.md, and no other', () => {
    const tree = /```\nsrc\/\n([^`]*)```/.exec(readme)?.[1] ?? '';
    const named = tree
      .trim()
      .split('\n')
      .map((line) => (line.trim().split(/\s/)[0] ?? '').replace(/\/$/, ''));

    expect(named.sort()).toEqual([...rooms].sort());
  });

  it('has every folder and file of src in the picture of CONTRIBUTING.md, once', () => {
    expect(layers.flat().sort()).toEqual([...rooms].sort());
  });

  it('has no import that leads up or sideways in that picture', () => {
    expect(files.flatMap(wrongImports)).toEqual([]);
  });

  it('names every dependency rule in CONTRIBUTING.md', () => {
    expect(rules.filter((name) => !contributing.includes(`\`${name}\``))).toEqual([]);
  });

  it('names every file of test/support in its README.md', () => {
    const page = readFileSync('test/support/README.md', 'utf8');
    // `-things.ts` beside `fake-workos-cases.ts` stands for `fake-workos-things.ts`.
    const ends = [...page.matchAll(/`([\w-]+\.\w+)`/g)].map(([, name = '']) => name);
    const names = (file: string) =>
      ends.some((end) => (end.startsWith('-') ? file.endsWith(end) : file === end));
    const shared = readdirSync('test/support').filter((name) => /\.[cm]?[jt]s$/.test(name));

    expect(shared.filter((file) => !names(file))).toEqual([]);
  });

  it('links to and names only files that exist', () => {
    const pages = [
      'README.md',
      'CONTRIBUTING.md',
      'SECURITY.md',
      'migrations/README.md',
      'test/support/README.md',
    ].concat(
      readdirSync('docs', { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.md'))
        .map((name) => `docs/${name}`),
    );
    const missing = pages.flatMap((page) => {
      const text = readFileSync(page, 'utf8');
      const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) =>
        normalize(join(dirname(page), target)),
      );
      const paths = [...text.matchAll(/`((?:src|test|docs|docker)\/[\w./-]+)`/g)];
      return [...links, ...paths.map(([, path = '']) => path)]
        .filter((target) => !exists(target))
        .map((target) => `${page} → ${target}`);
    });

    expect(missing).toEqual([]);
  });

  it('has every test file that the CI script runs by name', () => {
    const named = readFileSync('.ci/run', 'utf8').match(/test\/[\w./-]+\.test\.ts/g) ?? [];

    expect(named).not.toEqual([]);
    expect(named.filter((path) => !exists(path))).toEqual([]);
  });
});

function exists(path: string): boolean {
  const name = path.replace(/\/$/, '').split('/').at(-1) ?? '';
  try {
    return readdirSync(dirname(path)).includes(name);
  } catch {
    // The folder does not exist either.
    return false;
  }
}

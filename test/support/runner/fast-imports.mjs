import { enableCompileCache, registerHooks } from 'node:module';
import { fileURLToPath, URL } from 'node:url';

// Keeps compiled modules, types stripped, for the next process.
enableCompileCache(
  fileURLToPath(new URL('../../../node_modules/.cache/node-compile', import.meta.url)),
);

/**
 * Resolves drizzle-orm's own relative imports without Node's look-up of the package scope: that parses
 * its 175 KB package.json anew for each of its 200 modules, which makes two seconds of every start.
 */
registerHooks({
  resolve: (specifier, context, next) =>
    /^\..*\.js$/.test(specifier) &&
    /\/node_modules\/drizzle-orm\/.*\.js$/.test(context.parentURL ?? '')
      ? { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
      : next(specifier, context),
});

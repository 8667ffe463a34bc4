/**
 * `tsc` and `eslint --quiet .` in one: the rules that need types read them from the program whose types were
 * checked, which saves checking them a second time.
 */
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { ESLint } from 'eslint';
import ts from 'typescript';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const program = createProgram('tsconfig.json');
const hasTypeErrors = reportTypes(program);
const hasFindings = await reportRules(program);
if (hasTypeErrors || hasFindings) process.exitCode = 1;

function createProgram(file) {
  const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const { fileNames, options, errors } = ts.parseJsonConfigFileContent(
    config,
    ts.sys,
    dirname(ts.sys.resolvePath(file)),
  );
  return ts.createProgram({ rootNames: fileNames, options, configFileParsingDiagnostics: errors });
}

function reportTypes(program) {
  const diagnostics = ts.getPreEmitDiagnostics(program);
  const host = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: ts.sys.getCurrentDirectory,
    getNewLine: () => '\n',
  };
  if (diagnostics.length > 0) console.error(ts.formatDiagnostics(diagnostics, host));
  return diagnostics.length > 0;
}

async function reportRules(program) {
  const eslint = new ESLint({
    overrideConfig: {
      files: ['**/*.ts'],
      languageOptions: { parserOptions: { projectService: false, programs: [program] } },
    },
  });
  const found = ESLint.getErrorResults(await eslint.lintFiles(['.']));
  const { format } = await eslint.loadFormatter('stylish');
  if (found.length > 0) console.error(await format(found));
  return found.length > 0;
}

// Jest's transform: Node's own type stripping keeps line numbers as they are, so no other compiler is needed.
const { createHash } = require('node:crypto');
const { stripTypeScriptTypes } = require('node:module');

module.exports = {
  canInstrument: false,
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
  getCacheKey: (source, file, options) =>
    createHash('sha256')
      .update(`${process.version}\0${file}\0${String(options.instrument)}\0${source}`)
      .digest('hex'),
};

import type { PublishedPackage } from './published-package.ts';

/**
 * A CommonJS file that throws on a version of Node that is too old. Each entry loads it before anything else. It is written
 * in ECMAScript 5, because a syntax error would hide what it says.
 */
export function nodeCheck({ manifest, minimumNode }: PublishedPackage, ending = ''): string {
  const [major = '0', minor = '0'] = minimumNode.split('.');
  return `'use strict';

var version = process.versions.node;
var parts = version.split('.');
if (+parts[0] < ${major} || (+parts[0] === ${major} && +parts[1] < ${minor})) {
  var error = new Error('${manifest.name} needs Node.js ${minimumNode} or newer; this is Node.js ' + version + '.');
  error.code = 'unsupported-node';
  throw error;
}
${ending}`;
}

/** The file that `bin` names. An unsupported version of Node ends it with exit code 78, as a wrong environment does. */
export const binFile = `#!/usr/bin/env node
'use strict';

var supported = true;
try {
  require('./node-version.js');
} catch (error) {
  if (error.code !== 'unsupported-node') throw error;
  supported = false;
  process.exitCode = 78;
  console.error(error.message);
}
if (supported) require('./main.js');
`;

import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'rollup';
import ts from 'typescript';
import { isInlined } from './published-package.ts';

/** Leaves dependencies outside of the build, except those that become part of the package. */
export function inlineDependencies(packageFolder: string): Plugin {
  return {
    name: 'inline-dependencies',
    resolveId(source, importer) {
      if (/^[./]/.test(source)) return null;
      if (isBuiltin(source)) return { id: source, external: true };
      const [scope = '', name = ''] = source.split('/');
      const dependency = scope.startsWith('@') ? `${scope}/${name}` : scope;
      if (!isInlined(dependency)) return { id: source, external: true };
      const from = createRequire(importer ?? join(packageFolder, 'package.json'));
      return { id: from.resolve(source), moduleSideEffects: false };
    },
  };
}

/** Each file is compiled by itself, because the sources are erasable TypeScript. */
export function stripTypes(): Plugin {
  return {
    name: 'strip-types',
    transform(code, id) {
      if (!id.endsWith('.ts')) return null;
      const { outputText } = ts.transpileModule(code, {
        fileName: id,
        compilerOptions: {
          target: ts.ScriptTarget.ES2022,
          module: ts.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
        },
      });
      return { code: outputText, map: null };
    },
  };
}

/** A program prints its version; the rest of its package.json is not part of the code. */
export function versionOfManifest(): Plugin {
  return {
    name: 'version-of-manifest',
    transform(code, id) {
      if (!id.endsWith('/package.json')) return null;
      const { version } = JSON.parse(code);
      return { code: `export default ${JSON.stringify({ version })};`, map: null };
    },
  };
}

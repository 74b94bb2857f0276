import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * The tests beside the code that can notice a change of `file`: first its own, `x.test.ts` of `x.ts`, then those of the
 * same package that import the file, or import a file that imports it. All paths are absolute.
 */
export function testsBeside(root: string, file: string): { own: string[]; others: string[] } {
  const [top, name] = relative(root, file).split('/') as [string, string];
  const folder = join(root, top, name === 'src' || top === 'tools' ? '' : name);
  const files = globSync('**/*.ts', { cwd: folder, exclude: (path) => path === 'node_modules' })
    .map((path) => join(folder, path))
    .sort();
  const importers = (imported: readonly string[]) =>
    files.filter((path) => importsOf(path).some((target) => imported.includes(target)));

  const direct = importers([file]);
  const near = new Set([...direct, ...importers(direct.filter((path) => !isTest(path)))]);
  const ownTest = file.replace(/\.ts$/, '.test.ts');
  const others = [...near].filter((path) => isTest(path) && path !== ownTest);
  return { own: files.filter((path) => path === ownTest), others };
}

const isTest = (path: string) => path.endsWith('.test.ts');

function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, target]) =>
    join(dirname(path), target as string),
  );
}

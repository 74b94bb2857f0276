import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';
import { applyMutant, type Mutant } from './mutant.ts';

export type Compiler = ReturnType<typeof createCompiler>;

/** The TypeScript compiler as a process of its own, on the project of `root`. `close` ends the process. */
export function createCompiler(root: string) {
  const project = join(root, 'tsconfig.json');
  let changed: { file: string; text: string } | undefined;
  const api = new API({
    cwd: root,
    fs: { readFile: (file) => (file === changed?.file ? changed.text : undefined) },
  });
  const opened = api.updateSnapshot({ openProjects: [project] }).getProject(project)?.program;
  if (opened === undefined) throw new Error(`${project}: the compiler does not open it`);

  return {
    sourceFile(file: string): SourceFile {
      const source = opened.getSourceFile(file);
      if (source === undefined) throw new Error(`${file}: expected a file of ${project}`);
      return source;
    },

    /** Whether the compiler accepts the changed file. Other files are not checked again. */
    accepts(mutant: Mutant): boolean {
      const { file } = mutant;
      changed = { file, text: applyMutant(mutant, readFileSync(file, 'utf8')) };
      using snapshot = api.updateSnapshot({ fileChanges: { changed: [file] } });
      const program = snapshot.getProject(project)?.program;
      const faults = [
        ...(program?.getSyntacticDiagnostics(file) ?? []),
        ...(program?.getSemanticDiagnostics(file) ?? []),
      ];
      return faults.length === 0;
    },

    close: () => api.close(),
  };
}

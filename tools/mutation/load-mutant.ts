// Loaded by `--import` before a test process loads anything else. The mutated file gets its changed text here, so that
// the files of the tree stay as they are.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { applyMutant, type Mutant } from './mutant.ts';

const mutant = JSON.parse(process.env.ORDER_STREAM_MUTANT ?? 'null') as Mutant | null;

if (mutant !== null) {
  const mutated = pathToFileURL(mutant.file).href;
  registerHooks({
    load(url, context, nextLoad) {
      if (url !== mutated) return nextLoad(url, context);
      const source = applyMutant(mutant, readFileSync(mutant.file, 'utf8'));
      return { format: 'module-typescript', source, shortCircuit: true };
    },
  });
}

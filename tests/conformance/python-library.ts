import { join } from 'node:path';
import { pythonEnvironment } from '@order-stream/local-stack/python-environment';
import { type ForeignProcess, startForeignProcess } from './foreign-process.ts';

const folder = join(import.meta.dirname, 'python');

/** Starts the Python library with the registry at this endpoint. The first start creates its virtual environment. */
export async function startPythonLibrary(endpoint: string): Promise<ForeignProcess> {
  const python = await fetchPythonLibrary();
  // -I ignores the user's environment, -B writes no byte code beside the sources.
  const args = ['-I', '-B', join(folder, 'glue_serde.py'), endpoint];
  return startForeignProcess(python, args, { ...process.env, TZ: 'UTC' });
}

/** The Python of the library's virtual environment. Creates it the first time and reports that on stderr. */
export function fetchPythonLibrary(): Promise<string> {
  return pythonEnvironment({
    name: 'The Python library',
    folder: 'python-conformance',
    requirements: join(folder, 'requirements.txt'),
    minor: 9,
  });
}

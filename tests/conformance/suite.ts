import type { Suite } from '@order-stream/local-stack/suite';
import { fetchJavaLibrary } from './java-library.ts';
import { fetchPythonLibrary } from './python-library.ts';

export const suite: Suite = {
  shows:
    'the official Java and Python libraries, both ways; compressed batches read by Kafka’s own client',
  needs: ['shared-broker', 'jdk', 'python'],
  downloads: () => [fetchJavaLibrary(), fetchPythonLibrary()],
};

import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';

const folder = join(root, 'deploy/terraform');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const [architecture = '', composition = ''] = [
  ...readme.matchAll(/```mermaid\n([\s\S]*?)```/g),
].map(([, picture]) => picture as string);
const modules = readdirSync(join(folder, 'modules')).sort();

test('the architecture picture and the table name every module and nothing else', () => {
  const drawn = [...architecture.matchAll(/\["?\(?"?([a-z-]+):/g)].map(([, name]) => name);
  // The picture shows these as parts of other modules.
  const inside = ['ecs-service', 'ecs-task'];
  assert.deepEqual(drawn.sort(), modules.filter((name) => !inside.includes(name)).sort());
  const linked = [...readme.matchAll(/^\| \[modules\/([a-z-]+)\]\(modules\/\1\)/gm)];
  assert.deepEqual(linked.map(([, name]) => name).sort(), modules);
});

test('the arrows of the module picture are the modules’ sources', () => {
  const drawn = [...composition.matchAll(/^ {2}(\S+) --> (.+)$/gm)].flatMap(([, from, to]) =>
    (to as string).split(' & ').map((name) => `${from} → ${name}`),
  );
  const used = globSync('{modules,environments}/**/*.tf', { cwd: folder }).flatMap((path) => {
    // modules/NAME/…, environments/NAME/STACK/…
    const parts = path.split('/');
    const from = parts[0] === 'modules' ? parts[1] : parts[2];
    const source = readFileSync(join(folder, path), 'utf8');
    return [...source.matchAll(/source\s+= "(?:\.\.\/)+(?:modules\/)?([a-z-]+)"/g)].map(
      ([, to]) => `${from} → ${to}`,
    );
  });
  assert.deepEqual(drawn.sort(), [...new Set(used)].sort());
});

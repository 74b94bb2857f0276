import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from './arguments.ts';
import { runProgram } from './run-command.ts';

async function run(argv: string[], failure?: Error) {
  const printed = { stdout: '', stderr: '' };
  const command = (...words: string[]) => ({
    words,
    summary: `${words.join(' ')} once`,
    help: `help of ${words.join(' ')}`,
    run: async (given: string[]) => {
      if (failure) throw failure;
      printed.stdout += `${words.join(' ')} runs with ${given.join(' ')}\n`;
      return 7;
    },
  });
  const program = {
    name: 'it',
    version: '1.2.3',
    commands: [command('list'), command('make', 'all')],
    notes: 'Ends.',
  };
  const code = await runProgram(program, argv, {
    env: {},
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text) },
  });
  return { code, ...printed };
}

const own = (message: string, members: object) =>
  Object.assign(new Error(message), { retryable: false, ...members });

test('a command is found by its words and passed the arguments after them', async () => {
  assert.deepEqual(await run(['make', 'all', '--fast']), {
    code: 7,
    stdout: 'make all runs with --fast\n',
    stderr: '',
  });
});

test('help goes to stdout with 0; without a command the list goes to stderr with 2', async () => {
  const list =
    'it <command> [flags]\n\n  list            list once\n  make all        make all once\n\nEnds.\n';
  assert.deepEqual(await run(['--version']), { code: 0, stdout: '1.2.3\n', stderr: '' });
  for (const word of ['--help', '-h', 'help'])
    assert.deepEqual(await run([word]), { code: 0, stdout: list, stderr: '' });
  assert.deepEqual(await run([]), { code: 2, stdout: '', stderr: list });
  const help = { code: 0, stdout: 'help of make all\n', stderr: '' };
  assert.deepEqual(await run(['make', 'all', 'x', '--help']), help);
});

test('an unknown command is one line with 2', async () => {
  for (const [argv, typed] of [
    [['make', 'some', 'more'], 'make some'],
    [['--fast'], '--fast'],
  ] as const) {
    const stderr = `it: unknown command '${typed}'; see \`it --help\`\n`;
    assert.deepEqual(await run([...argv]), { code: 2, stdout: '', stderr });
  }
});

test('an error of this project is printed in lines, any other is thrown', async () => {
  const faults = [
    { variable: 'A', problem: 'is required' },
    { variable: 'B', problem: 'must be one of c, d' },
  ];
  for (const [failure, code, stderr] of [
    [new UsageError('--n must be small'), 2, 'it list: --n must be small; see `it list --help`\n'],
    [
      own('', { code: 'config', faults }),
      78,
      'it list: A is required\nit list: B must be one of c, d\n',
    ],
    [own('no such schema', { code: 'not-found' }), 1, 'it list: no such schema\n'],
    [own('stopped at once', { code: 'stopped' }), 130, 'it list: stopped at once\n'],
  ] as const) {
    assert.deepEqual(await run(['list'], failure), { code, stdout: '', stderr });
  }
  for (const unforeseen of [new TypeError('x'), Object.assign(new Error('x'), { code: 'EPIPE' })])
    await assert.rejects(run(['list'], unforeseen), unforeseen);
});

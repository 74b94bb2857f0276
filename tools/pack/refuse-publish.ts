// Runs before `npm publish` and `pnpm publish` in the folder of a package. The workflow `packages` publishes packed files.
process.stderr.write(
  'The workflow `packages` publishes this package. By hand: `npm run pack`, then `npm publish` with the packed file.\n',
);
process.exitCode = 1;

export { parseArguments, readArguments, UsageError, wholeNumber } from './arguments.ts';
export {
  exitCodes,
  type Program,
  runCommand,
  runProgram,
  type Subcommand,
  type Terminal,
} from './run-command.ts';
export { runProcess } from './run-process.ts';

#!/usr/bin/env node
import { schemasCommand } from './schemas-command.ts';

process.exitCode = await schemasCommand(process.argv.slice(2), process);

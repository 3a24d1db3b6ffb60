#!/usr/bin/env node
// The entry point; the commands are in commands/program.ts.
import { program } from './commands/program.ts';

await program.parseAsync();

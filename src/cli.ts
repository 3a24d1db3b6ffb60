#!/usr/bin/env node
// The entry point; the commands are in commands/program.ts.
import { program } from './commands/program.ts';

// Whoever reads only the beginning, as `head` does, has what they wanted.
process.stdout.on('error', () => {});

await program.parseAsync();

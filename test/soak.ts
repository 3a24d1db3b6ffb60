// `npm run soak`: the fault tests with many more mails, kills and orders of events, and the bombing of mailboxes with many more
// sign-ups, for half an hour and more. Each size can be set by the environment; an argument names the tests, as with `npm test`.
import { soakSizes } from './support/fault-sizes.ts';

for (const [name, size] of Object.entries(soakSizes)) process.env[name] ??= size;
if (process.argv.length === 2) process.argv.push('test/faults', 'test/web/bombing.test.ts');
await import('./run.ts');

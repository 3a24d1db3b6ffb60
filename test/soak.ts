// `npm run soak`: the fault tests with many more mails, kills and orders of events, for about an hour. Each size can be
// set by the environment; an argument names the tests, as with `npm test`.
const sizes = {
  FAULT_MAILS: '50000',
  FAULT_KILLS: '200',
  FAULT_READERS: '10000',
  FAULT_RESTARTS: '20',
  FAULT_ROUNDS: '20',
  FAULT_MODEL_SECONDS: '1800',
};
for (const [name, size] of Object.entries(sizes)) process.env[name] ??= size;
if (process.argv.length === 2) process.argv.push('test/faults');
await import('./run.ts');

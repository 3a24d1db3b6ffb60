// The service as it is with nothing but a database and a mail server: web pages and sending in one process.

import { createLogger } from '../src/platform/logger.ts';
import { start } from '../src/service/start.ts';
import type { Phase } from './phase.ts';
import { toConfig } from './setting.ts';

/** Sends at once what is due. */
export const service: Phase = async (setting, closer) => {
  const port = setting.port ?? 0;
  // The crowd's many addresses are told as a proxy tells them.
  const config = { ...toConfig(setting), host: '127.0.0.1', port, trustProxy: 1, sources: [] };
  await start({ config, role: 'all', log: createLogger('fatal') }, closer);
  return { rest: async () => 0 };
};

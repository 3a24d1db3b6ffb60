// Nothing but RSA signatures for a second: what a processor does when it waits for nobody.
import { generateKeyPairSync, sign } from 'node:crypto';
import type { Phase } from './phase.ts';

const spinMs = 1000;

export const spin: Phase = async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const digest = Buffer.from('the same text each time');
  return {
    async spin() {
      const end = performance.now() + spinMs;
      let count = 0;
      for (; performance.now() < end; count += 1) sign('sha256', digest, privateKey);
      return count;
    },
  };
};

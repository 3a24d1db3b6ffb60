// A measured process. Its parent says what it is, when to take which step, and when to end; without a parent it ends.
// A step that fails ends it with the error on stderr.
import { createCloser } from '../src/service/closer.ts';
import { startMeasuring } from './measure.ts';
import { phases, type Request, type Steps } from './phase.ts';

const closer = createCloser();
let steps: Steps = {};

async function handle(request: Request): Promise<void> {
  switch (request.type) {
    case 'prepare': {
      const phase = await phases[request.phase]();
      steps = await phase(request.setting, closer);
      process.send?.({ type: 'ready' });
      return;
    }
    case 'run': {
      const step = steps[request.step];
      if (step === undefined) throw new Error(`There is no step ${request.step}`);
      const stopMeasuring = startMeasuring();
      const count = await step();
      process.send?.({ type: 'done', count, ...stopMeasuring() });
      return;
    }
    case 'end':
      await closer.close();
      process.exit();
  }
}

process.on('message', handle);
process.on('disconnect', () => process.exit());

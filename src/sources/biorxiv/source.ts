// bioRxiv and medRxiv, which are one API: the papers that were posted on a day.
import { collectPages } from '../http/collect-pages.ts';
import type { SourceKind } from '../kind.ts';
import { readWords, serviceAddress } from '../setting.ts';
import { everyTwoHours } from '../timetable.ts';
import { parseDetails } from './details.ts';

export const biorxiv = describeServer({ id: 'biorxiv', name: 'bioRxiv', category: 'neuroscience' });
export const medrxiv = describeServer({ id: 'medrxiv', name: 'medRxiv', category: 'epidemiology' });

const maxPapers = 3000;

function describeServer(server: { id: string; name: string; category: string }): SourceKind {
  return {
    id: server.id,
    chosenBy: 'SOURCES',
    example: `${server.id}:${server.category}`,
    readSetting: (text) =>
      text === null
        ? { type: 'setting', setting: '' }
        : readWords(text.toLowerCase(), {
            usual: [],
            max: 30,
            shape: /^[a-z]+(?:[_-][a-z]+)*$/,
            what: `category of ${server.name} such as ${server.category}`,
          }),
    variables: { BIORXIV_URL: serviceAddress('https://api.biorxiv.org') },
    lookEveryMs: 60_000,
    idOf: () => server.id,
    nameForReaders: () => server.name,
    open: (setting, { settingOf, createHttp }) => {
      // Both are one machine.
      const http = createHttp({ host: 'biorxiv', pauseMs: 1000 });
      const categories = setting === '' ? [] : setting.split('+').map((word) => word.replaceAll('_', ' '));
      const address = `${settingOf('BIORXIV_URL')}/details/${server.id}`;
      return {
        id: server.id,
        name: categories.length === 0 ? server.name : `${server.name} (${categories.join(', ')})`,
        timetable: everyTwoHours,
        async *collect(request) {
          const { day, signal } = request;
          const answer = await collectPages({
            http,
            accept: ['application/json'],
            addressOf: (start) => `${address}/${day}/${day}/${start}`,
            parse: (text) => parseDetails(text, categories, day),
            maxPapers,
            nothing: 'nothing new was posted',
            signal,
          });
          yield { ...answer, day, listing: server.id };
        },
      };
    },
  };
}

// What reading a listing costs: the sample's cards again and again, up to 10,000 papers (17 MB), in the plain form and
// wrapped at 72 columns, each in a process of its own. Time must grow with the size and not faster. Prints a table, and
// one line of JSON.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFolder } from '../src/config/config.ts';
import { parseListing } from '../src/sources/listing-text.ts';
import { plainListing, printListing } from '../test/support/print-listing.ts';
import { type Measurement, round, startMeasuring } from './measure.ts';
import { printTable } from './table.ts';

const date = '2025-12-12';
const fileName = 'daily-papers-2025-12-12.txt';
const goals = { seconds: 2, peakRssMb: 300 };

const [, script = '', givenFile] = process.argv;
if (givenFile === undefined) compare();
else console.log(JSON.stringify(measure(givenFile)));

function compare(): void {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-parsing-'));
  try {
    const results = [1_000, 10_000].flatMap((count) =>
      Object.entries({ plain: plainListing, wrapped: { ...plainListing, width: 72 } }).map(
        ([form, style]) => {
          const file = join(folder, `${form}-${count}.txt`);
          writeFileSync(file, printListing({ date, papers: repeatSample(count) }, style));
          const output = execFileSync(process.execPath, ['--import', 'tsx', script, file], {
            encoding: 'utf8',
          });
          const found: ReturnType<typeof measure> = JSON.parse(output);
          if (found.papers !== count) throw new Error(`${found.papers} papers of ${count} were found`);
          return { form, ...found };
        },
      ),
    );
    printTable([
      ['', 'papers', 'MB', 'processor s', 'on the clock s', 'peak RSS MB'],
      ...results.map(({ form, papers, megabytes, processor, clock, peakRssMb }) =>
        [form, papers, megabytes, processor, clock, peakRssMb].map(String),
      ),
    ]);
    console.log(`\ngoals for 10,000 papers: under ${goals.seconds} s and ${goals.peakRssMb} MB\n`);
    console.log(JSON.stringify({ results, goals }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measure(file: string) {
  const bytes = readFileSync(file);
  const stop = startMeasuring();
  const papers = parse(bytes).length;
  return { papers, megabytes: round(bytes.length / 1e6, 1), ...summarize(stop()) };
}

function repeatSample(count: number) {
  const papers = parse(readFileSync(join(packageFolder, 'seeds', fileName)));
  return Array.from({ length: count }, (_, index) => {
    const paper = papers[index % papers.length];
    if (paper === undefined) throw new Error('the sample is empty');
    return { ...paper, title: `${paper.title} (${index})` };
  });
}

function parse(bytes: Buffer) {
  const listing = parseListing(bytes, { fileName, today: date });
  if (listing.type === 'refused') throw new Error(listing.reason);
  return listing.papers;
}

function summarize({ startedAt, endedAt, cpuMs, peakRssMb }: Measurement) {
  return {
    processor: round(cpuMs / 1000, 2),
    clock: round((endedAt - startedAt) / 1000, 2),
    peakRssMb: round(peakRssMb, 0),
  };
}

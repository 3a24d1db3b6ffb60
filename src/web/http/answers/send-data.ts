// A reader's data as a download, for page and API alike.
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { exportData } from '../../../subscribers/account/export-data.ts';
import type { WebDeps } from '../deps.ts';

/** What breaks on the way breaks off the answer: half a document never looks whole. */
export async function sendData(
  { db, now }: Pick<WebDeps, 'db' | 'now'>,
  response: Response,
  subscriberId: string,
): Promise<void> {
  response
    .set({
      'Cache-Control': 'no-store',
      'Content-Disposition': 'attachment; filename="paperround-data.json"',
    })
    .type('application/json');
  await pipeline(exportData({ db, now }, subscriberId), response);
}

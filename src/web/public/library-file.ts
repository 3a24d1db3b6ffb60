// A file of references that a reader chose beside the box for papers they like: it is as if they had pasted what it names.
import { readLibrary } from '../../library/read-library.ts';
import { decodeListing } from '../../sources/listing/decode-listing.ts';
import { readTexts } from '../http/read-body.ts';
import type { SentFile } from '../http/read-multipart.ts';
import type { FormBody } from './preferences/read-preferences.ts';

export const libraryFileField = 'libraryFile';

/** The form with the papers of the file below those that stand in the box; `libraryFile` is `unreadable` where it names none. */
export function addLibraryFile(body: FormBody, files: SentFile[]): FormBody {
  const texts = files
    .filter(({ field }) => field === libraryFileField)
    .flatMap(({ bytes }) => {
      const decoded = decodeListing(bytes);
      return decoded.type === 'text' ? decoded.text : '';
    });
  if (texts.length === 0) return { ...body, [libraryFileField]: undefined };
  const papers = texts.map(readLibrary);
  const typed = readTexts(body.library).flatMap(readLibrary);
  return {
    ...body,
    library: [...new Set([...typed, ...papers.flat()])].join('\n'),
    [libraryFileField]: papers.some((ofFile) => ofFile.length === 0) ? 'unreadable' : undefined,
  };
}

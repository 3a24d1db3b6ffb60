// The operator's own name, colours, logo, footer and words, in a folder. Everything that is wrong with it is told at once.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { type Language, languageCodes } from '../languages/languages.ts';
import { type OwnWords, readOwnWords } from '../languages/own-words.ts';
import '../text/schema-words.ts';
import { type Colours, listFaintPairs, roles } from './palette.ts';

export type BrandFile = { file: string; body: Uint8Array };

export type Brand = {
  name: string | null;
  /** By language; those without have that of `all`. */
  footer: Partial<Record<Language | 'all', string>>;
  colours: Colours;
  /** Beside the name on pages, SVG or PNG. */
  logo: BrandFile | null;
  /** Above the name in mails, PNG; as large as it is shown. */
  mailLogo: (BrandFile & { width: number; height: number }) | null;
  icon: BrandFile | null;
  words: OwnWords;
};

const line = z
  .string()
  .trim()
  .min(1)
  .regex(/^[^\p{Cc}]*$/u, 'has line breaks or control characters');
const footer = line.max(300);
const colour = z
  .string()
  .regex(/^#[\da-f]{6}$/i, 'is no colour such as "#a3341f", in quotes')
  .transform((text) => text.toLowerCase());
const scheme = z.partialRecord(z.enum(roles), colour).default({});
const fileOf = (kinds: string) =>
  z
    .string()
    .regex(
      new RegExp(`^[\\w-]+\\.(?:${kinds})$`),
      `is no name of a file in the folder that ends with .${kinds.replace('|', ' or .')}`,
    );

const shape = z.strictObject({
  name: line.max(60).optional(),
  footer: z.union([footer, z.partialRecord(z.enum(languageCodes), footer)]).optional(),
  colours: z.strictObject({ light: scheme, dark: scheme }).default({ light: {}, dark: {} }),
  logo: fileOf('svg|png').optional(),
  mailLogo: fileOf('png').optional(),
  icon: fileOf('svg').optional(),
});

const mostBytes = 200_000;
const mailLogoHeight = 48;

export function readBrand(folder: string): { brand: Brand | null; problems: string[] } {
  const problems: string[] = [];
  const given = readSettings(folder, problems);
  const words = readWords(folder, problems);
  if (given === null) return { brand: null, problems };

  problems.push(...listFaintPairs(given.colours).map((faint) => `brand.yaml: colours, ${faint}`));
  const read = (file: string | undefined) => (file === undefined ? null : readImage(folder, file, problems));
  const logo = read(given.logo);
  const mailLogo = given.mailLogo === undefined && logo?.file.endsWith('.png') ? logo : read(given.mailLogo);
  const brand: Brand = {
    name: given.name ?? null,
    footer: typeof given.footer === 'string' ? { all: given.footer } : (given.footer ?? {}),
    colours: given.colours,
    logo,
    mailLogo: mailLogo === null ? null : { ...mailLogo, ...scale(mailLogo.body) },
    icon: read(given.icon),
    words,
  };
  return { brand, problems };
}

/** Of one who reads this language; empty where there is none. */
export const footerIn = (given: Brand['footer'], language: Language): string =>
  given[language] ?? given.all ?? given.en ?? '';

function readSettings(folder: string, problems: string[]): z.output<typeof shape> | null {
  let text: string;
  try {
    text = readFileSync(join(folder, 'brand.yaml'), 'utf8');
  } catch (error) {
    problems.push(`brand.yaml cannot be read: ${(error as Error).message}`);
    return null;
  }
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    problems.push(...document.errors.map(({ message }) => `brand.yaml: ${message.split('\n')[0]}`));
    return null;
  }
  const parsed = shape.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  problems.push(
    ...parsed.error.issues.map(
      ({ path, message }) => `brand.yaml: ${path.length === 0 ? '' : `${path.join('.')} `}${message}`,
    ),
  );
  return null;
}

/** `words/<language>.json` */
function readWords(folder: string, problems: string[]): OwnWords {
  const place = join(folder, 'words');
  const words: OwnWords = new Map();
  for (const file of listFiles(place)) {
    const language = languageCodes.find((code) => file === `${code}.json`);
    if (language === undefined) {
      problems.push(
        `words/${file} is of no language: ${languageCodes.map((code) => `${code}.json`).join(', ')}`,
      );
      continue;
    }
    const own = readOwnWords(language, readFileSync(join(place, file), 'utf8'));
    problems.push(...own.problems.map((problem) => `words/${file}: ${problem}`));
    words.set(language, own.messages);
  }
  return words;
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

const pngBegin = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function readImage(folder: string, file: string, problems: string[]): BrandFile | null {
  const path = join(folder, file);
  try {
    if (statSync(path).size > mostBytes) {
      problems.push(`${file} is larger than ${mostBytes / 1000} kB`);
      return null;
    }
    const body = readFileSync(path);
    const isSound = file.endsWith('.png')
      ? body.subarray(0, 8).equals(pngBegin) && body.length > 24
      : /^(?:\uFEFF)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<svg[\s>]/.test(body.toString('utf8'));
    if (isSound) return { file, body };
    problems.push(`${file} is not what its name says`);
  } catch (error) {
    problems.push(`${file} cannot be read: ${(error as Error).message}`);
  }
  return null;
}

/** Its width and height stand at the same place in every PNG (https://www.w3.org/TR/png-3/#11IHDR). */
function scale(png: Uint8Array): { width: number; height: number } {
  const view = new DataView(png.buffer, png.byteOffset);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const factor = Math.min(1, mailLogoHeight / height, 560 / width);
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

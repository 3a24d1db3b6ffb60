// A paper as the API gives it.
import { z } from 'zod';
import { day } from '../shapes.ts';

const lists = z.array(z.string());

export const paperShape = z
  .object({
    seq: z.int().describe('Grows in the order in which papers were first listed.'),
    title: z.string(),
    ids: z.object({ arxiv: z.string().optional(), doi: z.string().optional() }).loose().optional(),
    abstract: z.string().nullable(),
    gist: z.string().nullable().optional(),
    authorsCount: z.int().nullable(),
    authors: lists.optional(),
    isWithdrawn: z.boolean().optional(),
    organization: z.string().nullable(),
    publishedOn: day.nullable(),
    comments: z.int().nullable(),
    upvotes: z.int().nullable(),
    links: lists,
    firstListedOn: day,
    url: z.string().describe('Its page here.'),
  })
  .meta({ id: 'Paper', description: 'A paper, its texts as they were listed.' });

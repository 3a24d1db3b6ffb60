// What Express and its body parsers report, put into words for whoever sent the request.

export type RequestError = { status: number; detail: string };

const details: Record<string, string> = {
  'entity.parse.failed': 'The body is not valid JSON.',
  'entity.too.large': 'The body is too large: at most 16 kB are read.',
  'parameters.too.many': 'The form has too many fields.',
  'encoding.unsupported': 'The body has a content encoding that is not supported.',
  'charset.unsupported': 'The body has a character set that is not supported: use UTF-8.',
};

/** Null for a bug or a failure of ours: that is a 500, and its details are for the log only. */
export function readRequestError(error: unknown): RequestError | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null;
  const { status } = error;
  if (typeof status !== 'number' || status < 400 || status > 499) return null;
  const type = 'type' in error && typeof error.type === 'string' ? error.type : '';
  return { status, detail: details[type] ?? 'The request could not be read.' };
}

// A queue that is away has the same to say many times a second.

/** The same words are passed on once in `everyMs`. */
export function tellRarely(
  tell: (error: Error) => void,
  { everyMs, now }: { everyMs: number; now: () => Date },
): (error: Error) => void {
  const toldAt = new Map<string, number>();
  return (error) => {
    const at = now().getTime();
    for (const [message, last] of toldAt) if (last <= at - everyMs) toldAt.delete(message);
    if (toldAt.has(error.message)) return;
    toldAt.set(error.message, at);
    tell(error);
  };
}

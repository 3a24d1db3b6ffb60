// What is made when it is asked for first, and then kept.

/** A promise that fails fails for all who ask. */
export function once<Value extends object | string>(make: () => Value): () => Value {
  let made: Value | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

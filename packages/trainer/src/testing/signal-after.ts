/** A signal that is aborted once it has been read `reads` times, which is one exact place in the training. */
export function signalAfter(reads: number): AbortSignal {
  const controller = new AbortController();
  let count = 0;
  return new Proxy(controller.signal, {
    get(target, property) {
      if (property === 'aborted' && ++count > reads) controller.abort();
      const value: unknown = Reflect.get(target, property, target);
      return value;
    },
  });
}

/** A signal that is aborted after it has been asked `reads` times: at one exact place of the training. */
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

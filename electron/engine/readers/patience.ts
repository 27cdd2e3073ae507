/**
 * The result of `work`, or undefined when it takes longer than `milliseconds`. The timer does not outlive the wait.
 * A rejection of `work` is passed on if it comes in time, and swallowed later.
 */
export function atMost<T>(work: Promise<T>, milliseconds: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds, undefined);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

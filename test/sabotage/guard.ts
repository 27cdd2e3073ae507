/**
 * A guard that must not be lost. Each can be switched off in a test run, and the named tests must then turn red:
 * that proves that the tests watch it (`npm run sabotage`). The text is replaced while a module is loaded; nothing
 * of this is in the product.
 */
export interface Guard {
  /** Short name, as given to `npm run sabotage -- ID`. */
  readonly id: string;
  /** What the guard keeps, in a sentence. */
  readonly protects: string;
  /** The source file, from the project's root. */
  readonly file: string;
  /** Exact source text; must occur exactly once in the file. */
  readonly find: string;
  /** What stands in its place when the guard is off. Must still be valid code. */
  readonly replace: string;
  /** Test files that must turn red. */
  readonly tests: readonly string[];
}

import { Failure } from '../../../contract/failures/failure.ts';

/** In what way a PDF is broken; the sentences choose their words by it. */
export type BrokenReason = 'header' | 'junk' | 'xref' | 'object' | 'pages';

/** A file that is no PDF, or whose structure does not hold together. */
export function broken(reason: BrokenReason, detail: string): Failure {
  return new Failure('pdf-broken', { parameters: { reason }, detail });
}

/** A PDF that passes one of the bounds of this reader, or uses what it does not know. */
export function tooComplex(detail: string): Failure {
  return new Failure('pdf-too-complex', { detail });
}

/** A PDF that is encrypted. What is appended to one would have to be encrypted too. */
export function encrypted(): Failure {
  return new Failure('pdf-encrypted');
}

/** A PDF whose author or an earlier signer allows no further signature. */
export function locked(detail: string): Failure {
  return new Failure('pdf-locked', { detail });
}

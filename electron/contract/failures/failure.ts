import { type CatalogueEntry, catalogue, type FailureCode } from './catalogue.ts';

/** Values for the sentences of a failure: reader names, lengths, host names. Never a PIN, never an IDNP. */
export type FailureParameters = Readonly<Record<string, string | number>>;

/** What may be known beside the code. */
export interface FailureDetails {
  readonly parameters?: FailureParameters;
  /** Tries left for the PIN in question, only when the card said so. */
  readonly triesLeft?: number;
  /** For developers and traces only; never shown as the sentence. Must not carry secrets. */
  readonly detail?: string;
  readonly cause?: unknown;
}

/**
 * The one error type for everything a user can meet. Code that fails says which entry of the catalogue
 * it is; sentences are made where they are shown.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly parameters: FailureParameters;
  readonly triesLeft: number | undefined;
  readonly detail: string | undefined;

  constructor(code: FailureCode, details: FailureDetails = {}) {
    super(details.detail ? `${code}: ${details.detail}` : code, { cause: details.cause });
    this.code = code;
    this.parameters = details.parameters ?? {};
    this.triesLeft = details.triesLeft;
    this.detail = details.detail;
  }

  get entry(): CatalogueEntry {
    return catalogue[this.code];
  }
}

/** Any thrown value as a Failure: what is not one already is our own fault (`internal`). */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new Failure('internal', { detail, cause: thrown });
}

/** Whether a thrown value is a Failure with one of these codes. */
export function isFailure(thrown: unknown, ...codes: FailureCode[]): thrown is Failure {
  return thrown instanceof Failure && (codes.length === 0 || codes.includes(thrown.code));
}

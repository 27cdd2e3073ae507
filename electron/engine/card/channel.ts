/**
 * What the engine needs from a card in a reader, whatever lies behind it: PC/SC (`engine/readers/pcsc`),
 * the in-process simulated reader, or a recorded trace.
 *
 * All methods reject with a `Failure`: `card-removed`, `card-changed` (another program reset the card),
 * `card-mute`, `card-timeout`, `reader-busy` (exclusive hold), `reader-held` (another program's
 * transaction), `reader-removed`, `reader-fault`, `service-stopped`.
 */
export interface CardChannel {
  readonly readerName: string;
  /** Answer To Reset, ISO 7816-3 clause 8; 2 to 33 bytes. */
  readonly atr: Uint8Array;
  /** The reader is known to be simulated (in process, or the test rig's virtual reader). */
  readonly simulated: boolean;

  /**
   * Sends one command APDU (ISO 7816-4 clause 5, 4 to 65,544 bytes) and returns the response APDU with its
   * status word (2 to 65,538 bytes). GET RESPONSE and 6Cxx are left to the caller.
   */
  transmit(command: Uint8Array): Promise<Uint8Array>;

  /**
   * Runs `work` inside a PC/SC transaction: no other program can step in between. Never wait for a person
   * inside. The transaction ends however `work` ends. Nested calls are refused with an `internal` failure.
   *
   * `end` is the disposition (SCardEndTransaction): `reset` resets the card as the transaction ends, so that
   * no other program can use a PIN verified inside; the channel itself stays usable (a PC/SC implementation
   * reconnects) and its caller must take the card as freshly reset. Default `leave`. When `work` succeeded,
   * its result is returned even if ending failed (the card was pulled just then): the next call tells.
   */
  transaction<T>(work: () => Promise<T>, end?: 'leave' | 'reset'): Promise<T>;

  /** Sends a reader control code (PC/SC part 10); `code` as SCardControl takes it on this system. */
  control(code: number, input: Uint8Array): Promise<Uint8Array>;

  /** A reader attribute (SCardGetAttrib), or undefined when the reader does not have it. */
  attribute(id: number): Promise<Uint8Array | undefined>;

  /** Resolves once, with the reason, when the card is gone or the channel is closed. Never rejects. */
  readonly gone: Promise<'removed' | 'reader-removed' | 'service-stopped' | 'closed'>;

  /** Lets go of the card. `reset` forgets verified PINs. Idempotent, never rejects. */
  close(disposition?: 'leave' | 'reset'): Promise<void>;
}

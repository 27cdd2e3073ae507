/**
 * A smart card that answers real APDUs. The same object sits on the in-process reader
 * (`engine/readers/in-process.ts`) or on the virtual reader of a real pcscd (`test/rig`).
 */
export interface SimulatedCard {
  /** Answer To Reset, ISO 7816-3 clause 8. */
  readonly atr: Uint8Array;
  /** Called by the reader when the card gets power or is reset: clears security status and selections. */
  reset(): void;
  /** Answers one command APDU; the response carries its status word. Never throws: bad input gets a status word. */
  transmit(command: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/**
 * A slot a simulated card can be put into and pulled out of, at any moment, also between two APDUs.
 */
export interface SimulatedSlot {
  readonly name: string;
  readonly card: SimulatedCard | null;
  insert(card: SimulatedCard): void;
  remove(): void;
}

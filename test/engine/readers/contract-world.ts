import type { ReaderService } from '../../../electron/engine/readers/reader-service.ts';
import type { SimulatedSlot } from '../../../electron/sandbox/cards/simulated-card.ts';

/** A slot and what the service calls its reader. */
export interface ContractReader {
  readonly slot: SimulatedSlot;
  readonly name: string;
  insertMute(): void;
}

/** Another program's hold on a card. */
export interface Hold {
  release(): Promise<void>;
}

/** What an implementation of ReaderService brings to the contract: two readers that start empty. */
export interface ContractWorld {
  readonly readers: readonly [ContractReader, ContractReader];
  /** A new service that is not started. */
  service(): ReaderService;
  /** Another program takes the card; resolves once it has it. */
  hold(reader: ContractReader, how: 'transaction' | 'exclusive', milliseconds: number): Promise<Hold>;
  /** Another program resets the card and lets it go. */
  resetByOther(reader: ContractReader): Promise<void>;
  stopService(): Promise<void>;
  startService(): Promise<void>;
  /** An attribute both readers have, and its value as ASCII. */
  readonly attribute: { readonly id: number; readonly value: string };
  dispose(): Promise<void>;
}

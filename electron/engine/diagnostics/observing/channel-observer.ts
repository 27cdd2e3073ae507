import type { FailureCode } from '../../../contract/failures/catalogue.ts';
import type { CardChannel } from '../../card/channel.ts';
import type { ObservedCommand } from './observed-command.ts';

/** One opened card, for as long as its channel lives. */
export interface ObservedCard {
  readonly reader: string;
  /** Answer To Reset; empty where opening failed. */
  readonly atr: Uint8Array;
}

/** An answer, or why there was none. */
export type ObservedAnswer = { readonly bytes: Uint8Array } | { readonly failure: FailureCode };

export type ChannelEnd = Awaited<CardChannel['gone']>;

/**
 * Somebody who looks on while cards are used. What is handed over belongs to the call: an observer copies what it
 * keeps, and never throws. Times are in milliseconds.
 */
export interface ChannelObserver {
  opened?(card: ObservedCard): void;
  openFailed?(card: ObservedCard, failure: FailureCode, ms: number): void;
  exchanged?(card: ObservedCard, command: ObservedCommand, answer: ObservedAnswer, ms: number): void;
  controlled?(card: ObservedCard, code: number, answer: ObservedAnswer, ms: number): void;
  transactionBegan?(card: ObservedCard, ms: number): void;
  transactionFailed?(card: ObservedCard, failure: FailureCode, ms: number): void;
  transactionEnded?(card: ObservedCard, end: 'leave' | 'reset'): void;
  ended?(card: ObservedCard, end: ChannelEnd): void;
}

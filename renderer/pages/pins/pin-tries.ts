import type { PinJson } from '../../../electron/contract/model/card.ts';

/** Whether a code takes no more tries. */
export const isBlocked = ({ tries }: PinJson): boolean => tries === 0 || tries === 'blocked';
/** Whether one mistake blocks it. */
export const isLastTry = ({ tries }: PinJson): boolean => tries === 1 || tries === 'last';

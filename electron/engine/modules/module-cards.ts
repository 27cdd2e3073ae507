/** Cards as they appear in the slots of a module: some modules show one token for each PIN of a card. */
import { Failure } from '../../contract/failures/failure.ts';
import type { ListedToken, Trouble } from './messages.ts';
import type { ModuleContent } from './module-host.ts';

/** A token in its slot. */
export interface SlotToken {
  readonly slot: string;
  readonly token: ListedToken;
  /** DER of its certificates, in their order. */
  readonly certificates: readonly { readonly id: string; readonly label: string; readonly der: Uint8Array }[];
}

/** A reader as the module shows it, and the card in it. */
export interface ModuleCard {
  /** Unique among the cards of one listing. */
  readonly reader: string;
  /** Empty when no token, or none that has been set up, lies there. */
  readonly tokens: readonly SlotToken[];
  /** Why a card that is there cannot be read. */
  readonly trouble: Trouble | undefined;
  /** Another text for another card. */
  readonly fingerprint: string;
  readonly run: number;
}

type Slot = ModuleContent['slots'][number];

/**
 * Groups slots into cards: slots of one description are one reader's, and tokens of one serial number are one
 * card's. A token without a serial number belongs to its description alone.
 */
export function cardsOf({ slots, certificates, run }: ModuleContent): readonly ModuleCard[] {
  const groups: Slot[][] = [];
  for (const slot of slots) {
    const group = groups.find((known) => known.some((other) => belongTogether(slot, other)));
    if (group) group.push(slot);
    else groups.push([slot]);
  }
  const names = new Set<string>();
  return groups.map((group) => {
    const tokens = group.flatMap((slot) => slotToken(slot, certificates));
    const identity = tokens.map(({ slot, token }) => [slot, token.label, token.serial, token.model]);
    return {
      reader: uniqueName(group, names),
      tokens,
      trouble: group.find(({ trouble }) => trouble)?.trouble ?? undefined,
      fingerprint: JSON.stringify([run, identity]),
      run,
    };
  });
}

function belongTogether(a: Slot, b: Slot): boolean {
  const serial = a.token?.serial ?? '';
  if (serial !== '' && b.token) return serial === b.token.serial && a.token?.model === b.token.model;
  return a.description !== '' && a.description === b.description;
}

function uniqueName(group: readonly Slot[], names: Set<string>): string {
  const [first] = group;
  const description = first?.description.trim() || 'PKCS#11';
  const name = names.has(description) ? `${description} (${first?.id})` : description;
  names.add(name);
  return name;
}

function slotToken(slot: Slot, certificates: ModuleContent['certificates']): SlotToken[] {
  const { token } = slot;
  if (!token) return [];
  const own = token.certificates.map(({ id, label, part }) => {
    const der = certificates[part];
    if (!der) throw new Failure('internal', { detail: 'a certificate without its part' });
    return { id, label, der };
  });
  return [{ slot: slot.id, token, certificates: own }];
}

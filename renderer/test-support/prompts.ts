import type { PinPrompt } from '../../electron/contract/model/status.ts';

/** Questions for a PIN, one of each kind. */
const base: Omit<PinPrompt, 'publicKey'> = {
  promptId: '7f3d1a52-0f3c-4a0e-9d0e-5f8f3f6f1b10',
  operationId: '0d9b7c66-9a39-4a8c-8a0e-2f5a5d1f7c11',
  pin: 'PIN1',
  entry: 'current',
  purpose: 'sign-in',
  requester: 'mpass.exemplu.md',
  legalAct: false,
  reader: 'Cititor de probă 00 00',
  simulated: false,
  length: { min: 4, max: 4 },
  tries: 3,
  lastTry: false,
};
const pin2 = { pin: 'PIN2', length: { min: 6, max: 6 }, legalAct: true } as const;
const own = { requester: null } as const;

export const prompts = {
  'sign-in': base,
  'sign-in-simulated': { ...base, simulated: true },
  'sign-in-by-signature': { ...base, ...pin2, length: { min: 6, max: 12 } },
  sign: { ...base, ...pin2, ...own, purpose: 'sign', documents: ['Contract de locațiune.pdf'] },
  'sign-last': {
    ...base,
    ...pin2,
    ...own,
    purpose: 'sign',
    tries: 'last',
    lastTry: true,
    documents: ['Contract de locațiune.pdf'],
  },
  'sign-many': {
    ...base,
    ...pin2,
    ...own,
    purpose: 'sign',
    documents: [...Array(12).keys()].map((n) => `Factura ${n + 1} \u202efdp.exe <b>.pdf`),
  },
  verify: { ...base, ...own, purpose: 'verify', tries: 'low' },
  last: { ...base, ...own, purpose: 'verify', tries: 1, lastTry: true },
  'change-new': { ...base, ...pin2, ...own, purpose: 'change', entry: 'new', legalAct: false },
  'unblock-puk': { ...base, ...own, pin: 'PUK', purpose: 'unblock', length: { min: 8, max: 8 } },
  'at-reader': { ...base, ...own, purpose: 'verify', atReader: 'enter' },
  'at-reader-change': { ...base, ...own, purpose: 'change', atReader: 'enter' },
  'at-reader-sign': {
    ...base,
    ...pin2,
    ...own,
    purpose: 'sign',
    documents: ['Contract de locațiune.pdf'],
    atReader: 'agree',
  },
  'at-reader-last': { ...base, ...own, purpose: 'verify', tries: 1, lastTry: true, atReader: 'agree' },
  blocked: { ...base, ...own, purpose: 'verify', tries: 'blocked' },
} as const satisfies Record<string, Omit<PinPrompt, 'publicKey'>>;

export type PromptName = keyof typeof prompts;
export const promptNames = Object.keys(prompts) as PromptName[];

/** The question with a key of its own; nobody keeps the other half. */
export async function promptWithKey(name: PromptName): Promise<PinPrompt> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return structuredClone<PinPrompt>({
    ...prompts[name],
    publicKey: btoa(String.fromCharCode(...point)),
  } as PinPrompt);
}

/** What a person does with a PIN: check it, change it, unblock it, sign a digest with it. */
import { Failure } from '../../contract/failures/failure.ts';
import type { PinPurpose } from '../../contract/model/status.ts';
import { SecretBytes } from '../../contract/pin/secret-bytes.ts';
import type { SignatureAlgorithm, TokenPin } from '../token/identity-token.ts';
import type { CardHolder, HeldCard } from './held-card.ts';
import type { OperationContext } from './operations.ts';
import type { PinPrompts, PromptAnswer, PromptQuestion } from './pin-prompts.ts';
import { toHex } from './presentation.ts';

export interface PinServices {
  readonly holder: CardHolder;
  readonly prompts: PinPrompts;
  /** The PINs may have other tries now. */
  pinsChanged(): void;
}

interface Question {
  readonly pin: 'PIN1' | 'PIN2' | 'PUK';
  readonly entry: 'current' | 'new';
  readonly purpose: PinPurpose;
  readonly requester?: string;
  /** Limits of another PIN than the one asked for: a new PIN has those of the PIN it replaces. */
  readonly legalAct?: boolean;
  /** Names of what one entry will sign. */
  readonly documents?: readonly string[];
  /** Where it is typed, when that is not as the PIN's `typedAtReader` says. */
  readonly atReader?: boolean;
}

/** A PIN of the card. @throws Failure `pin-unknown-name`, or `pin-not-unblockable` when it is the PUK */
function pinNamed(pins: readonly TokenPin[], name: TokenPin['name']): TokenPin {
  const pin = pins.find((candidate) => candidate.name === name);
  if (pin) return pin;
  throw new Failure(name === 'PUK' ? 'pin-not-unblockable' : 'pin-unknown-name', {
    parameters: { pin: name },
  });
}

/**
 * Asks the person for a PIN, after looking whether asking makes sense: nobody types a PIN that is blocked.
 * No card command is under way while the question is open.
 */
export async function askForPin(
  services: PinServices,
  context: OperationContext,
  held: HeldCard,
  pins: readonly TokenPin[],
  question: Question,
): Promise<PromptAnswer> {
  const pin = pinNamed(pins, question.pin);
  if (question.entry === 'current' && (pin.tries === 'blocked' || pin.tries === 0)) {
    throw new Failure(pin.name === 'PUK' ? 'puk-blocked' : 'pin-blocked', { parameters: { pin: pin.name } });
  }
  const asked: PromptQuestion = {
    operationId: context.operationId,
    pin: question.pin,
    entry: question.entry,
    purpose: question.purpose,
    requester: question.requester ?? null,
    legalAct: question.legalAct ?? false,
    ...(question.documents === undefined ? {} : { documents: [...question.documents] }),
    reader: held.reader,
    simulated: held.token.simulated,
    length: { min: pin.length.min, max: pin.length.max },
    tries: pin.tries,
    lastTry: question.entry === 'current' && (pin.tries === 1 || pin.tries === 'last'),
  };
  if (!(question.atReader ?? pin.typedAtReader)) {
    return services.prompts.ask(context.owner, asked, context.signal);
  }
  return askAtReader(services, context, asked);
}

/**
 * The PIN is typed at the reader: here the person agrees to what is at stake, where anything is, and is told where to
 * type. The reader asks for a new PIN in the same go as for the old one.
 */
async function askAtReader(
  { prompts }: PinServices,
  { owner, signal }: OperationContext,
  asked: PromptQuestion,
): Promise<PromptAnswer> {
  const nothing = { code: new SecretBytes(new Uint8Array(0)), acknowledgeLastTry: false };
  if (asked.entry === 'new') return nothing;
  const agrees = asked.legalAct || asked.lastTry;
  const answer = agrees ? await prompts.ask(owner, { ...asked, atReader: 'agree' }, signal) : nothing;
  prompts.show(owner, asked);
  return answer;
}

/** Runs `work` with the card and looks at the PINs afterwards, however it ended. */
export async function withFreshPins<T>(
  services: PinServices,
  held: HeldCard,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } finally {
    services.prompts.entered();
    // The counters may have moved; a card that is gone by now tells its story elsewhere.
    await services.holder.refreshPins(held).then(
      () => services.pinsChanged(),
      () => undefined,
    );
  }
}

export async function verifyPin(
  services: PinServices,
  context: OperationContext,
  params: { reader?: string | undefined; pin: 'PIN1' | 'PIN2' },
): Promise<void> {
  const { held, pins } = await services.holder.freshCard(params.reader);
  refuseTransportPin(pinNamed(pins, params.pin));
  const answer = await askForPin(services, context, held, pins, {
    pin: params.pin,
    entry: 'current',
    purpose: 'verify',
  });
  try {
    await withFreshPins(services, held, () =>
      services.holder.use(held, (token) => token.verify(params.pin, answer.code, answer)),
    );
  } finally {
    answer.code.destroy();
  }
}

export async function changePin(
  services: PinServices,
  context: OperationContext,
  params: { reader?: string | undefined; pin: 'PIN1' | 'PIN2' },
): Promise<void> {
  await replacePin(services, context, params, params.pin, 'change');
}

export async function unblockPin(
  services: PinServices,
  context: OperationContext,
  params: { reader?: string | undefined; pin: 'PIN1' | 'PIN2' },
): Promise<void> {
  await replacePin(services, context, params, 'PUK', 'unblock');
}

async function replacePin(
  services: PinServices,
  context: OperationContext,
  params: { reader?: string | undefined; pin: 'PIN1' | 'PIN2' },
  authority: 'PIN1' | 'PIN2' | 'PUK',
  purpose: 'change' | 'unblock',
): Promise<void> {
  const { held, pins } = await services.holder.freshCard(params.reader);
  const pin = pinNamed(pins, params.pin);
  const there = purpose === 'change' ? pin.changedAtReader : pin.unblockedAtReader;
  const atReader = there ?? pin.typedAtReader ?? false;
  const current = await askForPin(services, context, held, pins, {
    pin: authority,
    entry: 'current',
    purpose,
    atReader,
  });
  try {
    const next = await askForPin(services, context, held, pins, {
      pin: params.pin,
      entry: 'new',
      purpose,
      atReader,
    });
    try {
      await withFreshPins(services, held, () =>
        services.holder.use(held, (token) =>
          purpose === 'change'
            ? token.change(params.pin, current.code, next.code, current)
            : token.unblock(params.pin, current.code, next.code, current),
        ),
      );
    } finally {
      next.code.destroy();
    }
  } finally {
    current.code.destroy();
  }
}

/** Hash of a digest by its length in bytes. */
const hashOfLength: Record<number, SignatureAlgorithm['hash']> = {
  32: 'SHA-256',
  48: 'SHA-384',
  64: 'SHA-512',
};

const algorithmNames: Record<SignatureAlgorithm['kind'], string> = {
  'rsa-pkcs1': 'RSASSA-PKCS1-v1_5',
  'rsa-pss': 'RSASSA-PSS',
  ecdsa: 'ECDSA',
};

export async function signDigest(
  services: PinServices,
  context: OperationContext,
  params: { reader?: string | undefined; pin: 'PIN1' | 'PIN2'; digest: string },
): Promise<{ algorithm: string; signature: string }> {
  const { held, pins } = await services.holder.freshCard(params.reader);
  const certificate = held.token.certificates.find(
    (candidate) => candidate.hasKey && candidate.pin === params.pin,
  );
  if (!certificate) {
    const none = held.token.certificates.length === 0;
    throw new Failure(none ? 'card-no-certificate' : 'card-no-such-key', { parameters: { pin: params.pin } });
  }
  const digest = Buffer.from(params.digest, 'hex');
  const algorithm = held.token
    .algorithms(certificate.id)
    .find((candidate) => candidate.hash === hashOfLength[digest.length]);
  if (!algorithm) throw new Failure('digest-length', { parameters: { length: digest.length } });

  refuseTransportPin(pinNamed(pins, params.pin));
  const answer = await askForPin(services, context, held, pins, {
    pin: params.pin,
    entry: 'current',
    purpose: 'sign-digest',
    legalAct: certificate.role === 'signature',
  });
  try {
    const signature = await withFreshPins(services, held, () =>
      services.holder.use(held, (token) =>
        token.sign(certificate.id, algorithm, digest, answer.code, answer),
      ),
    );
    return { algorithm: `${algorithmNames[algorithm.kind]}/${algorithm.hash}`, signature: toHex(signature) };
  } finally {
    answer.code.destroy();
  }
}

/** @throws Failure `pin-change-first` for a PIN that the holder must change before anything else */
export function refuseTransportPin(pin: TokenPin): void {
  if (pin.changeFirst) throw new Failure('pin-change-first', { parameters: { pin: pin.name } });
}

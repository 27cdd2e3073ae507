// The ASN.1 schemas need the Reflect metadata API before they are loaded.
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  Accuracy,
  id_ct_tstInfo,
  MessageImprint,
  PKIFailureInfo,
  PKIStatus,
  PKIStatusInfo,
  TimeStampResp,
  TimeStampToken,
  TSTInfo,
} from '@peculiar/asn1-tsp';
import { GeneralName } from '@peculiar/asn1-x509';
import type { SandboxAuthority } from './authority.ts';
import { certificateIdentity } from './certificate-identity.ts';
import { randomSerial } from './certificate-issuing.ts';
import { signedContent } from './cms-signed-data.ts';
import { namedBits } from './der.ts';
import type { TimestampFault } from './faults.ts';
import { sandboxPolicies } from './profiles.ts';
import { type AnswerSigner, answerSigner } from './responder-signing.ts';
import {
  readTimestampRequest,
  type TimestampFailure,
  type TimestampQuestion,
  TimestampRefusal,
  timestampFailures,
} from './timestamp-request.ts';

/** How exact genTime is, in seconds: it is told in whole seconds. */
const accuracySeconds = 1;

/**
 * The time-stamping authority of the sandbox (RFC 3161, RFC 5816): SHA-256, SHA-384 and SHA-512 digests under one
 * policy, signed by a key below the root that is made when the first stamp is asked for.
 */
export class TimestampAuthority {
  readonly #authority: SandboxAuthority;
  #signer: Promise<AnswerSigner> | undefined;

  constructor(authority: SandboxAuthority) {
    this.#authority = authority;
  }

  /** Answers a TimeStampReq by a TimeStampResp, both DER. Never throws for what a client sent. */
  async respond(request: Uint8Array, fault?: TimestampFault): Promise<Uint8Array> {
    try {
      if (fault?.kind === 'rejected') throw new TimestampRefusal(fault.failure);
      const question = readTimestampRequest(request);
      const token = await this.#stamp(question, fault);
      const status = new PKIStatusInfo({ status: PKIStatus.granted });
      return new Uint8Array(AsnConvert.serialize(new TimeStampResp({ status, timeStampToken: token })));
    } catch (thrown) {
      if (thrown instanceof TimestampRefusal) return rejection(thrown.failure);
      throw thrown;
    }
  }

  async #stamp(question: TimestampQuestion, fault: TimestampFault | undefined): Promise<TimeStampToken> {
    this.#signer ??= answerSigner((publicKey) => this.#authority.issueTimestampSigner({ publicKey }));
    const signer = fault?.kind === 'signer' ? fault.signer : await this.#signer;
    const shift = fault?.kind === 'clock' ? fault.shiftMs : 0;
    const seconds = Math.floor((this.#authority.clock().getTime() + shift) / 1000);
    const nonce = fault?.kind === 'other-nonce' ? Uint8Array.from(randomBytes(8)).buffer : question.nonce;
    const info = new TSTInfo({
      policy: sandboxPolicies.timestamp,
      messageImprint: fault?.kind === 'other-imprint' ? otherImprint(question.imprint) : question.imprint,
      serialNumber: randomSerial().buffer,
      genTime: new Date(seconds * 1000),
      accuracy: new Accuracy({ seconds: accuracySeconds }),
      ...(nonce === undefined || fault?.kind === 'no-nonce' ? {} : { nonce }),
      tsa: new GeneralName({ directoryName: certificateIdentity(signer.certificate).subject }),
    });
    const content = signedContent(signer, {
      type: id_ct_tstInfo,
      bytes: new Uint8Array(AsnConvert.serialize(info)),
      withCertificate: question.certificateWanted,
      spoil: fault?.kind === 'bad-signature',
    });
    return new TimeStampToken(content);
  }
}

/** A TimeStampResp without a time stamp, DER. */
export function rejection(failure: TimestampFailure): Uint8Array {
  const [, unused = 0, ...bits] = namedBits([timestampFailures[failure]]).subarray(1);
  const status = new PKIStatusInfo({
    status: PKIStatus.rejection,
    failInfo: new PKIFailureInfo(Uint8Array.from(bits).buffer, unused),
  });
  return new Uint8Array(AsnConvert.serialize(new TimeStampResp({ status })));
}

function otherImprint(imprint: MessageImprint): MessageImprint {
  const { hashAlgorithm, hashedMessage } = imprint;
  return new MessageImprint({
    hashAlgorithm,
    hashedMessage: new OctetString(Uint8Array.from(randomBytes(hashedMessage.byteLength))),
  });
}

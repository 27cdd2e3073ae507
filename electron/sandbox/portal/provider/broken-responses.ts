/** Responses that are wrong on purpose: what a site must refuse (MPass's security tests TC_SEC_01 to 07, and more). */
import { newSamlId, type ResponseToWrite, type SamlKey, writeResponse } from '../../saml/index.ts';
import { signMessage } from '../../saml/signing.ts';

/** What can be wrong with a Response. */
export const responseFaults = [
  /** TC_SEC_01 */
  'unsigned',
  /** TC_SEC_02 */
  'wrong-key',
  /** TC_SEC_03 */
  'expired',
  /** TC_SEC_04: local time where UTC belongs */
  'too-new',
  /** TC_SEC_05 */
  'no-destination',
  /** TC_SEC_06 */
  'no-in-response-to',
  /** TC_SEC_07 */
  'unknown-in-response-to',
  'wrong-destination',
  'wrong-audience',
  'wrong-recipient',
  'session-over',
  'doctype',
  'changed-after-signing',
] as const;

export type ResponseFault = (typeof responseFaults)[number];

export const isResponseFault = (text: string): text is ResponseFault =>
  responseFaults.some((fault) => fault === text);

const signature = /<ds:Signature .*?<\/ds:Signature>/s;
const hour = 3_600_000;
const later = (date: Date, ms: number): Date => new Date(date.getTime() + ms);

/**
 * A Response with one fault, otherwise right and rightly signed.
 * @param strangerKey a key that the site does not know
 */
export function writeBrokenResponse(
  response: ResponseToWrite,
  fault: ResponseFault,
  key: SamlKey,
  strangerKey: SamlKey,
): string {
  const write = (changes: Partial<ResponseToWrite>, by = key): string =>
    writeResponse({ ...response, ...changes }, by);
  const signedAnew = (edit: (xml: string) => string): string =>
    signMessage(edit(write({}).replace(signature, '')), key);
  switch (fault) {
    case 'unsigned':
      return write({}).replace(signature, '');
    case 'wrong-key':
      return write({}, strangerKey);
    case 'expired':
      return write(shifted(response, -hour));
    case 'too-new':
      return write(shifted(response, 2 * hour));
    case 'no-destination':
      return signedAnew((xml) => xml.replace(/ Destination="[^"]*"/, ''));
    case 'no-in-response-to':
      return signedAnew((xml) => xml.replaceAll(/ InResponseTo="[^"]*"/g, ''));
    case 'unknown-in-response-to':
      return write({ inResponseTo: newSamlId() });
    case 'wrong-destination':
      return write({ destination: 'https://other.invalid/mpass-login' });
    case 'wrong-audience':
      return write(changedAssertion(response, { audience: 'https://other.invalid' }));
    case 'wrong-recipient':
      return write(changedAssertion(response, { recipient: 'https://other.invalid/mpass-login' }));
    case 'session-over':
      return write(
        changedAssertion(response, {
          sessionNotOnOrAfter: later(response.issueInstant ?? new Date(), -hour),
        }),
      );
    case 'doctype':
      return `<!DOCTYPE x>${write({})}`;
    case 'changed-after-signing':
      return write({}).replace(
        'urn:oasis:names:tc:SAML:2.0:ac:classes:',
        'urn:oasis:names:tc:SAML:2.0:ac:Classes:',
      );
  }
}

function changedAssertion(
  { assertion }: ResponseToWrite,
  changes: Partial<NonNullable<ResponseToWrite['assertion']>>,
): Partial<ResponseToWrite> {
  return assertion === undefined ? {} : { assertion: { ...assertion, ...changes } };
}

/** All its times moved. */
function shifted(response: ResponseToWrite, ms: number): Partial<ResponseToWrite> {
  const { assertion } = response;
  const issueInstant = later(response.issueInstant ?? new Date(), ms);
  if (assertion === undefined) return { issueInstant };
  const { notBefore, notOnOrAfter, authnInstant, sessionNotOnOrAfter } = assertion;
  return {
    issueInstant,
    assertion: {
      ...assertion,
      notBefore: later(notBefore, ms),
      notOnOrAfter: later(notOnOrAfter, ms),
      authnInstant: later(authnInstant, ms),
      sessionNotOnOrAfter: later(sessionNotOnOrAfter, ms),
    },
  };
}

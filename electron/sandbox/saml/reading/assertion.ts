import type { Element } from '@xmldom/xmldom';
import { bearer, clockSkewMs, namespaces } from '../names.ts';
import { instantAttribute } from './dates.ts';
import { attribute, Children, demandAttribute, demandText, textOf } from './element.ts';
import {
  checkAge,
  checkNotBefore,
  checkNotOnOrAfter,
  readId,
  readInResponseTo,
  readIssuer,
} from './envelope.ts';
import { demand } from './refused.ts';

/** Who signed in, as the provider says it. */
export interface Identity {
  /** At MPass the IDNP, or a user name. */
  readonly nameId: string;
  readonly sessionIndex: string;
  /** The session must end then. */
  readonly sessionNotOnOrAfter: Date;
  readonly authnInstant: Date;
  readonly authnContextClassRef: string;
  /** Network address that the provider saw, when it says one. */
  readonly subjectAddress?: string;
  /** Values by attribute name; unknown names are kept. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

export interface AssertionExpectation {
  readonly now: Date;
  readonly issuer: string;
  readonly recipient: string;
  readonly audience: string;
  readonly inResponseTo: string;
}

interface AssertionRead {
  readonly id: string;
  /** From then on it is refused for its age. */
  readonly until: Date;
  readonly identity: Identity;
}

const saml = namespaces.assertion;
const mostNameCharacters = 128;
const mostValueCharacters = 1024;

/**
 * Reads the assertion of a response that is signed as a whole (saml-core 2.3.3, saml-profiles 4.1.4.2).
 * @param element from the verified document
 */
export function readAssertion(element: Element, expected: AssertionExpectation): AssertionRead {
  const { now } = expected;
  demand(attribute(element, 'Version') === '2.0', 'version', 'not SAML 2.0');
  const id = readId(element);
  const issued = checkAge(instantAttribute(element, 'IssueInstant'), now);
  const children = new Children(element);
  demand(readIssuer(children) === expected.issuer, 'issuer', 'the assertion has another issuer');

  const subject = new Children(children.one(saml, 'Subject'));
  const nameId = demandText(subject.one(saml, 'NameID'), mostNameCharacters);
  const confirmed = checkConfirmation(subject.one(saml, 'SubjectConfirmation'), expected);
  subject.end();
  const conditions = checkConditions(children.one(saml, 'Conditions'), expected);

  const before = children.optional(saml, 'AttributeStatement');
  const authentication = readAuthentication(children.one(saml, 'AuthnStatement'), now);
  const after = children.optional(saml, 'AttributeStatement');
  children.end();
  demand(before === undefined || after === undefined, 'shape', 'two statements of attributes');
  const attributes = readAttributes(before ?? after);
  const latest = Math.max(confirmed.getTime(), conditions.getTime()) + clockSkewMs;
  return {
    id,
    until: new Date(Math.max(issued.getTime(), latest)),
    identity: { nameId, ...authentication, attributes },
  };
}

/** The bearer confirmation. @returns its NotOnOrAfter */
function checkConfirmation(element: Element, expected: AssertionExpectation): Date {
  demand(attribute(element, 'Method') === bearer, 'shape', 'another confirmation than bearer');
  const children = new Children(element);
  const data = children.one(saml, 'SubjectConfirmationData');
  children.end();
  new Children(data).end();
  demand(attribute(data, 'Recipient') === expected.recipient, 'recipient', 'meant for another recipient');
  demand(
    readInResponseTo(data) === expected.inResponseTo,
    'in-response-to',
    'response and assertion answer different requests',
  );
  // saml-profiles 4.1.4.2 forbids NotBefore here.
  demand(attribute(data, 'NotBefore') === undefined, 'shape', 'NotBefore in a bearer confirmation');
  const notOnOrAfter = instantAttribute(data, 'NotOnOrAfter');
  checkNotOnOrAfter(notOnOrAfter, expected.now);
  return notOnOrAfter;
}

/** Window and audience; a condition of another kind is one that we cannot keep. @returns its NotOnOrAfter */
function checkConditions(element: Element, expected: AssertionExpectation): Date {
  checkNotBefore(instantAttribute(element, 'NotBefore'), expected.now);
  const notOnOrAfter = instantAttribute(element, 'NotOnOrAfter');
  checkNotOnOrAfter(notOnOrAfter, expected.now);
  const children = new Children(element);
  const restriction = children.optional(saml, 'AudienceRestriction');
  demand(restriction !== undefined, 'audience', 'for no audience in particular');
  const audiences = new Children(restriction);
  const names = audiences.many(saml, 'Audience').map(textOf);
  audiences.end();
  demand(names.includes(expected.audience), 'audience', 'for another audience');
  children.optional(saml, 'OneTimeUse');
  children.end();
  return notOnOrAfter;
}

function readAuthentication(element: Element, now: Date): Omit<Identity, 'nameId' | 'attributes'> {
  const authnInstant = instantAttribute(element, 'AuthnInstant');
  checkNotBefore(authnInstant, now);
  const sessionNotOnOrAfter = instantAttribute(element, 'SessionNotOnOrAfter');
  demand(sessionNotOnOrAfter > now, 'session-expired', 'the session is over already');
  const sessionIndex = demandAttribute(element, 'SessionIndex');
  demand(sessionIndex.length <= 256, 'shape', 'a session index that is too long');

  const children = new Children(element);
  const locality = children.optional(saml, 'SubjectLocality');
  const subjectAddress = locality && attribute(locality, 'Address');
  const context = new Children(children.one(saml, 'AuthnContext'));
  children.end();
  const authnContextClassRef = demandText(context.one(saml, 'AuthnContextClassRef'), mostValueCharacters);
  context.many(saml, 'AuthenticatingAuthority');
  context.end();
  return {
    sessionIndex,
    sessionNotOnOrAfter,
    authnInstant,
    authnContextClassRef,
    ...(subjectAddress !== undefined && { subjectAddress: subjectAddress.slice(0, 64) }),
  };
}

function readAttributes(statement: Element | undefined): Record<string, readonly string[]> {
  if (statement === undefined) return {};
  const read = new Map<string, readonly string[]>();
  const children = new Children(statement);
  for (const one of children.many(saml, 'Attribute')) {
    const name = demandAttribute(one, 'Name');
    demand(!read.has(name), 'shape', 'an attribute comes twice');
    const inside = new Children(one);
    const values = inside.many(saml, 'AttributeValue').map(textOf);
    inside.end();
    const short =
      name.length <= mostNameCharacters && values.every((one) => one.length <= mostValueCharacters);
    demand(short, 'shape', 'an attribute that is too long');
    read.set(name, values);
  }
  children.end();
  return Object.fromEntries(read);
}

import type { Element } from '@xmldom/xmldom';
import {
  clockSkewMs,
  entityFormat,
  longestMessageAgeMs,
  namespaces,
  type StatusCode,
  statusPrefix,
} from '../names.ts';
import { instantAttribute } from './dates.ts';
import { attribute, Children, demandAttribute, demandText, isNamed, textOf } from './element.ts';
import { demand, SamlRefused } from './refused.ts';
import { signedRoot } from './signature.ts';
import { messageText, parseXml } from './xml.ts';

/** What is asked of every message. */
export interface Expectation {
  readonly now: Date;
  /** The address that the message came to; it has to be the message's Destination, letter by letter. */
  readonly destination: string;
  /** Certificates (DER) whose keys sign for an entity; undefined for one that is not known. */
  readonly certificatesOf: (issuer: string) => readonly Uint8Array[] | undefined;
}

/** A message that is signed as a whole by its issuer, for this address, and of now. */
export interface Envelope {
  readonly root: Element;
  /** Children of the root after the Issuer. */
  readonly children: Children;
  readonly id: string;
  readonly issuer: string;
  readonly issueInstant: Date;
  /** From then on it is too old. */
  readonly until: Date;
}

const mostIssuerCharacters = 1024;

/**
 * Opens a message: text, signature, then version, issuer, destination and time, all read from what was signed.
 * @param field base64, as it came
 * @param name the root's name in the protocol namespace
 */
export function openEnvelope(field: string, name: string, expected: Expectation): Envelope {
  const text = messageText(field);
  const unverified = parseXml(text);
  demand(isNamed(unverified, namespaces.protocol, name), 'shape', `not a ${name}`);
  const claimed = readIssuer(new Children(unverified));
  const certificates = expected.certificatesOf(claimed);
  demand(certificates !== undefined, 'issuer', 'not an issuer that is known here');

  const root = signedRoot(text, unverified, certificates);
  demand(isNamed(root, namespaces.protocol, name), 'shape', `not a ${name}`);
  const children = new Children(root);
  const issuer = readIssuer(children);
  demand(issuer === claimed, 'issuer', 'the issuer is not the signed one');
  demand(attribute(root, 'Version') === '2.0', 'version', 'not SAML 2.0');
  demand(
    attribute(root, 'Destination') === expected.destination,
    'destination',
    'not meant for this address',
  );
  const issueInstant = instantAttribute(root, 'IssueInstant');
  return {
    root,
    children,
    id: readId(root),
    issuer,
    issueInstant,
    until: checkAge(issueInstant, expected.now),
  };
}

/** Issued now, give or take the clocks. @returns the moment from which it is too old */
export function checkAge(issueInstant: Date, now: Date): Date {
  checkNotBefore(issueInstant, now);
  const until = new Date(issueInstant.getTime() + longestMessageAgeMs);
  checkNotOnOrAfter(until, now);
  return new Date(until.getTime() + clockSkewMs);
}

/** A moment that must have come. */
export function checkNotBefore(moment: Date, now: Date): void {
  demand(moment.getTime() <= now.getTime() + clockSkewMs, 'too-new', 'its time has not come');
}

/** A moment that must not have come. */
export function checkNotOnOrAfter(moment: Date, now: Date): void {
  demand(moment.getTime() > now.getTime() - clockSkewMs, 'expired', 'its time is over');
}

/** The ID of a message or an assertion: an XML name of at most 256 characters. */
export function readId(element: Element): string {
  const id = demandAttribute(element, 'ID');
  demand(/^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/.test(id), 'shape', 'an ID that is no name');
  return id;
}

/** The Issuer, which has to come first. */
export function readIssuer(children: Children): string {
  const issuer = children.optional(namespaces.assertion, 'Issuer');
  demand(issuer !== undefined, 'issuer', 'no issuer');
  const format = attribute(issuer, 'Format');
  demand(format === undefined || format === entityFormat, 'issuer', 'the issuer is no entity');
  return demandText(issuer, mostIssuerCharacters);
}

/** The request that a response answers. */
export function readInResponseTo(element: Element): string {
  const id = attribute(element, 'InResponseTo');
  demand(id !== undefined && id !== '', 'in-response-to', 'it answers nothing');
  demand(id.length <= 256, 'in-response-to', 'it answers what was never asked');
  return id;
}

/** What an answer says of its outcome. */
export interface StatusRead {
  readonly code: StatusCode;
  /** Without its prefix when it is one of SAML's own. */
  readonly subcode?: string;
  readonly message?: string;
}

const codes: readonly string[] = [
  'Success',
  'Requester',
  'Responder',
  'VersionMismatch',
] satisfies StatusCode[];

/** The Status of an answer (saml-core 3.2.2.1). */
export function readStatus(children: Children): StatusRead {
  const status = new Children(children.one(namespaces.protocol, 'Status'));
  const first = status.one(namespaces.protocol, 'StatusCode');
  const inner = new Children(first);
  const second = inner.optional(namespaces.protocol, 'StatusCode');
  inner.end();
  const message = status.optional(namespaces.protocol, 'StatusMessage');
  status.optional(namespaces.protocol, 'StatusDetail');
  status.end();
  const code = shortStatus(first);
  if (!isStatusCode(code)) throw new SamlRefused('status', 'a status that SAML does not know');
  return {
    code,
    ...(second && { subcode: shortStatus(second) }),
    ...(message && { message: textOf(message).slice(0, 512) }),
  };
}

function shortStatus(element: Element): string {
  const value = demandAttribute(element, 'Value');
  demand(value.length <= 256, 'status', 'a status that is too long');
  return value.startsWith(statusPrefix) ? value.slice(statusPrefix.length) : value;
}

function isStatusCode(code: string): code is StatusCode {
  return codes.includes(code);
}

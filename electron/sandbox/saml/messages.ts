import { randomBytes } from 'node:crypto';
import type { SamlKey } from './keys.ts';
import { element, type Markup, nothing, text } from './markup.ts';
import {
  bearer,
  httpPost,
  logoutByUser,
  nameIdUnspecified,
  namespaces,
  type SamlStatus,
  statusPrefix,
} from './names.ts';
import { signMessage } from './signing.ts';

/** What every message has. */
export interface MessageHead {
  /** Default: a new one. Give it where the answer must be found again. */
  readonly id?: string;
  /** Default: now. */
  readonly issueInstant?: Date;
  /** The address that the message is posted to. */
  readonly destination: string;
  /** Entity ID of the sender. */
  readonly issuer: string;
}

export interface AuthnRequestToWrite extends MessageHead {
  readonly assertionConsumerServiceUrl: string;
  readonly forceAuthn?: boolean;
  readonly isPassive?: boolean;
}

export interface AssertionToWrite {
  /** Default: a new one. */
  readonly id?: string;
  /** At MPass the IDNP, or a user name. */
  readonly nameId: string;
  /** Assertion consumer service of the request. */
  readonly recipient: string;
  readonly notBefore: Date;
  readonly notOnOrAfter: Date;
  /** Issuer of the request. */
  readonly audience: string;
  readonly authnInstant: Date;
  readonly sessionIndex: string;
  readonly sessionNotOnOrAfter: Date;
  readonly authnContextClassRef: string;
  /** Network address of the user (SubjectLocality). */
  readonly subjectAddress?: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

export interface ResponseToWrite extends MessageHead {
  readonly inResponseTo: string;
  readonly status: SamlStatus;
  /** Only with the status Success. */
  readonly assertion?: AssertionToWrite;
}

export interface LogoutRequestToWrite extends MessageHead {
  readonly nameId: string;
  readonly sessionIndex: string;
  readonly notOnOrAfter: Date;
  /** Default: the user wants it. */
  readonly reason?: string;
}

export interface LogoutResponseToWrite extends MessageHead {
  readonly inResponseTo: string;
  readonly status: SamlStatus;
}

/** A new ID of a message or assertion: 160 random bits, an XML name. */
export function newSamlId(): string {
  return `_${randomBytes(20).toString('hex')}`;
}

/** A signed AuthnRequest (saml-core 3.4.1), with the NameIDPolicy that MPass demands. */
export function writeAuthnRequest(request: AuthnRequestToWrite, key: SamlKey): string {
  const attributes = {
    ForceAuthn: request.forceAuthn === undefined ? undefined : String(request.forceAuthn),
    IsPassive: request.isPassive === undefined ? undefined : String(request.isPassive),
    ProtocolBinding: httpPost,
    AssertionConsumerServiceURL: request.assertionConsumerServiceUrl,
  };
  const policy = element('samlp:NameIDPolicy', { Format: nameIdUnspecified, AllowCreate: 'true' });
  return signMessage(message('AuthnRequest', head(request), attributes, policy), key);
}

/** A signed Response (saml-core 3.3.3); the signature is over the Response, as MPass does it. */
export function writeResponse(response: ResponseToWrite, key: SamlKey): string {
  const { assertion, status } = response;
  if ((assertion !== undefined) !== (status.code === 'Success'))
    throw new TypeError('an assertion belongs to success, and success to an assertion');
  const own = head(response);
  return signMessage(
    message(
      'Response',
      own,
      { InResponseTo: response.inResponseTo },
      statusElement(status),
      assertion ? assertionElement(assertion, own, response.inResponseTo) : nothing,
    ),
    key,
  );
}

/** A signed LogoutRequest (saml-core 3.7.1). */
export function writeLogoutRequest(request: LogoutRequestToWrite, key: SamlKey): string {
  const attributes = {
    NotOnOrAfter: request.notOnOrAfter.toISOString(),
    Reason: request.reason ?? logoutByUser,
  };
  return signMessage(
    message(
      'LogoutRequest',
      head(request),
      attributes,
      nameId(request.nameId),
      element('samlp:SessionIndex', {}, text(request.sessionIndex)),
    ),
    key,
  );
}

/** A signed LogoutResponse (saml-core 3.7.2). */
export function writeLogoutResponse(response: LogoutResponseToWrite, key: SamlKey): string {
  const attributes = { InResponseTo: response.inResponseTo };
  return signMessage(
    message('LogoutResponse', head(response), attributes, statusElement(response.status)),
    key,
  );
}

/** A message as the SAMLResponse or SAMLRequest field of a form (saml-bindings 3.5.4). */
export function messageField(xml: string): string {
  return Buffer.from(xml, 'utf8').toString('base64');
}

function head(given: MessageHead): Required<MessageHead> {
  return { ...given, id: given.id ?? newSamlId(), issueInstant: given.issueInstant ?? new Date() };
}

function message(
  name: string,
  own: Required<MessageHead>,
  attributes: Readonly<Record<string, string | undefined>>,
  ...content: readonly Markup[]
): string {
  return element(
    `samlp:${name}`,
    {
      'xmlns:samlp': namespaces.protocol,
      'xmlns:saml': namespaces.assertion,
      ID: own.id,
      Version: '2.0',
      IssueInstant: own.issueInstant.toISOString(),
      Destination: own.destination,
      ...attributes,
    },
    issuer(own.issuer),
    ...content,
  );
}

const issuer = (entityId: string): Markup => element('saml:Issuer', {}, text(entityId));

const nameId = (value: string): Markup => element('saml:NameID', { Format: nameIdUnspecified }, text(value));

function statusElement(status: SamlStatus): Markup {
  const code = (value: string, inner: Markup): Markup =>
    element('samlp:StatusCode', { Value: statusPrefix + value }, inner);
  return element(
    'samlp:Status',
    {},
    code(status.code, status.subcode === undefined ? nothing : code(status.subcode, nothing)),
    status.message === undefined ? nothing : element('samlp:StatusMessage', {}, text(status.message)),
  );
}

function assertionElement(
  assertion: AssertionToWrite,
  response: Required<MessageHead>,
  inResponseTo: string,
): Markup {
  const until = assertion.notOnOrAfter.toISOString();
  const subject = element(
    'saml:Subject',
    {},
    nameId(assertion.nameId),
    element(
      'saml:SubjectConfirmation',
      { Method: bearer },
      element('saml:SubjectConfirmationData', {
        InResponseTo: inResponseTo,
        NotOnOrAfter: until,
        Recipient: assertion.recipient,
      }),
    ),
  );
  const conditions = element(
    'saml:Conditions',
    { NotBefore: assertion.notBefore.toISOString(), NotOnOrAfter: until },
    element('saml:AudienceRestriction', {}, element('saml:Audience', {}, text(assertion.audience))),
  );
  const authentication = element(
    'saml:AuthnStatement',
    {
      AuthnInstant: assertion.authnInstant.toISOString(),
      SessionIndex: assertion.sessionIndex,
      SessionNotOnOrAfter: assertion.sessionNotOnOrAfter.toISOString(),
    },
    assertion.subjectAddress === undefined
      ? nothing
      : element('saml:SubjectLocality', { Address: assertion.subjectAddress }),
    element(
      'saml:AuthnContext',
      {},
      element('saml:AuthnContextClassRef', {}, text(assertion.authnContextClassRef)),
    ),
  );
  return element(
    'saml:Assertion',
    {
      ID: assertion.id ?? newSamlId(),
      Version: '2.0',
      IssueInstant: response.issueInstant.toISOString(),
    },
    issuer(response.issuer),
    subject,
    conditions,
    authentication,
    attributeStatement(assertion.attributes),
  );
}

/** The schema wants at least one attribute in a statement: none, no statement. */
function attributeStatement(attributes: Readonly<Record<string, readonly string[]>>): Markup {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return nothing;
  return element(
    'saml:AttributeStatement',
    {},
    ...entries.map(([name, values]) =>
      element(
        'saml:Attribute',
        { Name: name, NameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified' },
        ...values.map((value) => element('saml:AttributeValue', {}, text(value))),
      ),
    ),
  );
}

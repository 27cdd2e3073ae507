import type { FailureCode } from '../../electron/contract/failures/catalogue.ts';
import type { ServiceAnswers } from '../../electron/contract/portal/services.ts';
import type { AgentSnapshot } from '../../electron/contract/protocol/messages.ts';
import type { Answers } from './answer.ts';
import type { DocumentScript } from './documents.ts';
import { helpdeskScenarios } from './helpdesk-scenarios.ts';
import {
  accessLog,
  agedCard,
  answers,
  fromNow,
  hostileCard,
  oneCertificateCard,
  pin,
  reader,
  twoCertificateCard,
} from './people.ts';

/** What the scripted host plays. */
export interface Scenario {
  /** Null: no agent yet. */
  readonly snapshot: AgentSnapshot | null;
  /** What data services answer; without it, nothing ever comes. */
  readonly data?: Partial<ServiceAnswers>;
  /** What every data service fails with. */
  readonly dataFails?: FailureCode;
  /** What signing in fails with. */
  readonly loginFails?: FailureCode;
  /** The documents that are chosen, and what signing them comes to. */
  readonly documents?: DocumentScript;
  /** What the agent and the host answer to the rest. */
  readonly answers?: Answers;
  /** Sent right after the welcome. */
  readonly after?: 'agent-down' | 'agent-lost' | 'card-removed';
}

const empty: AgentSnapshot = {
  service: { state: 'running' },
  readers: [],
  reader: null,
  token: null,
  session: { state: 'none' },
  prompts: [],
  operations: [],
  sandbox: false,
};

const withCard = (token: AgentSnapshot['token'], session: AgentSnapshot['session']): AgentSnapshot => ({
  ...empty,
  readers: [reader('present')],
  reader: reader('present').name,
  token,
  session,
});

const portal = { label: 'Portalul serviciilor', host: 'servicii.exemplu.md', simulated: false };
const signedIn = (more: Partial<AgentSnapshot['session']> = {}): AgentSnapshot['session'] => ({
  state: 'signed-in',
  portal,
  registered: true,
  expiresAt: fromNow(14 / 1440),
  ...more,
});

const ready = { state: 'ready' } as const;
const emptyAnswers = (): ServiceAnswers => {
  const all = answers();
  return {
    personal: { ...all.personal, items: [] },
    documents: { ...all.documents, items: [] },
    domicile: { ...all.domicile, items: [] },
    vehicles: { ...all.vehicles, items: [] },
    'access-log': { ...all['access-log'], items: [] },
  };
};

/** Text that tries to be more than text, in every field. */
const hostileAnswers = (): ServiceAnswers => {
  const all = answers();
  const evil = '<script>alert(1)</script> "><img src=x> '.repeat(6).slice(0, 250);
  return {
    personal: {
      ...all.personal,
      items: all.personal.items.map((item) => ({ ...item, family_name: evil, birth_place: 'W'.repeat(256) })),
    },
    documents: {
      ...all.documents,
      source: evil,
      items: all.documents.items.map((item) => ({ ...item, issue_place: 'Ș'.repeat(256), status: evil })),
    },
    domicile: {
      ...all.domicile,
      items: all.domicile.items.map((item) => ({ ...item, street: evil, flat: evil })),
    },
    vehicles: {
      ...all.vehicles,
      items: all.vehicles.items.map((item) => ({ ...item, plate: evil, make: 'ш'.repeat(256) })),
    },
    'access-log': {
      ...all['access-log'],
      items: all['access-log'].items.map((item) => ({ ...item, operator: evil, reason: 'x'.repeat(256) })),
    },
  };
};

const scenarios = {
  connecting: () => ({ snapshot: null }),
  'agent-down': () => ({ snapshot: withCard(twoCertificateCard(), ready), after: 'agent-down' }),
  'agent-lost': () => ({ snapshot: withCard(twoCertificateCard(), ready), after: 'agent-lost' }),
  'no-service': () => ({
    snapshot: {
      ...empty,
      service: { state: 'absent' },
      problem: { code: 'service-absent', parameters: {} },
    },
  }),
  'service-refused': () => ({ snapshot: { ...empty, service: { state: 'refused' } } }),
  'no-reader': () => ({ snapshot: empty }),
  'place-card': () => ({ snapshot: { ...empty, readers: [reader('empty')] } }),
  reading: () => ({
    snapshot: { ...empty, readers: [reader('present')], session: { state: 'reading' } },
  }),
  mute: () => ({ snapshot: { ...empty, readers: [reader('mute')] } }),
  busy: () => ({ snapshot: { ...empty, readers: [reader('busy')] } }),
  'unknown-card': () => ({
    snapshot: {
      ...empty,
      readers: [reader('present')],
      problem: { code: 'card-unknown', parameters: {} },
    },
  }),
  ready: () => ({ snapshot: withCard(twoCertificateCard(), ready), data: answers() }),
  'ready-one-certificate': () => ({ snapshot: withCard(oneCertificateCard(), ready), data: answers() }),
  'ready-aged': () => ({ snapshot: withCard(agedCard(), ready) }),
  'ready-hostile': () => ({ snapshot: withCard(hostileCard(), ready) }),
  'sign-done': () => ({
    snapshot: withCard(twoCertificateCard(), ready),
    documents: { signs: [0, 1] },
  }),
  'sign-some': () => ({
    snapshot: withCard(twoCertificateCard(), ready),
    documents: { chooses: [0, 2, 3], signs: [0] },
  }),
  'sign-none': () => ({
    snapshot: withCard(twoCertificateCard(), ready),
    documents: { chooses: [2], signs: [] },
  }),
  'sign-scan': () => ({
    snapshot: withCard(twoCertificateCard(), ready),
    documents: { chooses: [4] },
  }),
  'pins-blocked': () => ({
    snapshot: withCard(
      twoCertificateCard({ pins: [pin('PIN1', { tries: 1 }), pin('PIN2', { tries: 0 }), pin('PUK')] }),
      ready,
    ),
  }),
  'pins-puk-blocked': () => ({
    snapshot: withCard(
      twoCertificateCard({
        pins: [pin('PIN1', { tries: 'unknown' }), pin('PIN2', { tries: 0 }), pin('PUK', { tries: 0 })],
      }),
      ready,
    ),
  }),
  'change-first': () => ({
    snapshot: withCard(
      twoCertificateCard({ pins: [pin('PIN1'), pin('PIN2', { changeFirst: true }), pin('PUK')] }),
      ready,
    ),
  }),
  'no-certificates': () => ({
    snapshot: withCard(twoCertificateCard({ certificates: [], pins: [] }), ready),
  }),
  'login-fails': () => ({
    snapshot: withCard(twoCertificateCard(), ready),
    loginFails: 'portal-unreachable',
  }),
  'not-registered': () => ({ snapshot: withCard(twoCertificateCard(), signedIn({ registered: false })) }),
  'signed-in': () => ({ snapshot: withCard(twoCertificateCard(), signedIn()), data: answers() }),
  'data-loading': () => ({ snapshot: withCard(twoCertificateCard(), signedIn()) }),
  'data-empty': () => ({ snapshot: withCard(twoCertificateCard(), signedIn()), data: emptyAnswers() }),
  'data-offline': () => ({
    snapshot: withCard(twoCertificateCard(), signedIn()),
    dataFails: 'portal-unreachable',
  }),
  'data-hostile': () => ({ snapshot: withCard(twoCertificateCard(), signedIn()), data: hostileAnswers() }),
  'data-many': () => ({
    snapshot: withCard(twoCertificateCard(), signedIn()),
    data: { ...answers(), 'access-log': { ...answers()['access-log'], items: accessLog(10_000) } },
  }),
  removed: () => ({
    snapshot: withCard(twoCertificateCard(), signedIn()),
    data: answers(),
    after: 'card-removed',
  }),
  'idle-out': () => ({
    snapshot: withCard(twoCertificateCard(), { state: 'wiped', wipedBecause: 'idle' }),
    data: answers(),
  }),
  training: () => ({
    snapshot: {
      ...withCard(
        twoCertificateCard({ simulated: true, label: 'Buletin electronic SIMULAT' }),
        signedIn({ portal: { ...portal, simulated: true } }),
      ),
      readers: [{ ...reader('present'), simulated: true }],
      sandbox: true,
    },
    data: answers(),
  }),
  ...helpdeskScenarios({ empty, withCard, ready }),
} satisfies Record<string, () => Scenario>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as ScenarioName[];

/** A scenario by its name; the dates in it count from now. */
export const scenario = (name: ScenarioName): Scenario => scenarios[name]();

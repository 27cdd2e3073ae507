import {
  CircleCheck,
  CircleHelp,
  CirclePause,
  CircleX,
  Link2,
  Link2Off,
  type LucideIcon,
  Microscope,
} from 'lucide-react';
import { useState } from 'react';
import type {
  CertificateInspection,
  ChainLink,
  RevocationAnswer,
} from '../../../electron/contract/diagnostics/inspect.ts';
import type { CertificateJson } from '../../../electron/contract/model/card.ts';
import { type TextKey, useText } from '../../app/text.tsx';
import { useRequest } from '../../app/use-request.ts';
import { useWindow } from '../../app/window-store.ts';
import { Button } from '../../components/Button.tsx';
import { Card } from '../../components/Card.tsx';
import { CardNeeded } from '../../components/CardNeeded.tsx';
import { Radios } from '../../components/Choices.tsx';
import { FailurePanel } from '../../components/FailurePanel.tsx';
import { Checkbox } from '../../components/Field.tsx';
import { SafeText } from '../../components/SafeText.tsx';
import { Tag, type Tone } from '../../components/Tag.tsx';
import { Loading } from '../../components/Waiting.tsx';
import { Asn1Tree } from './Asn1Tree.tsx';

const roles: Readonly<Record<CertificateJson['role'], TextKey>> = {
  authentication: 'certificate.authentication',
  signature: 'certificate.signature',
  other: 'certificate.other',
};

/** A certificate of the card: what it consists of, whom it leads to, what its authority says now. */
export function Inspector() {
  const { t, longDate } = useText();
  const certificates = useWindow(({ personal }) => personal?.token.certificates);
  const reader = useWindow(({ personal }) => personal?.reader);
  const [chosen, setChosen] = useState<string>();
  const [online, setOnline] = useState(false);
  const request = useRequest('inspect.certificate');
  if (certificates === undefined || certificates.length === 0) return <CardNeeded />;
  const id = certificates.some((one) => one.id === chosen) ? chosen : certificates[0]?.id;
  const look = () => {
    if (id !== undefined) void request.run({ certificate: { id }, online, ...(reader ? { reader } : {}) });
  };
  return (
    <div className="desk-part">
      <p className="second">{t('desk.certificate.lead')}</p>
      <div className="inspector-choice">
        <Radios
          label={t('desk.certificate.which')}
          value={id ?? ''}
          choices={certificates.map((one) => ({
            value: one.id,
            label: t(roles[one.role]),
            help: longDate(one.notAfter),
          }))}
          onChange={(value) => {
            setChosen(value);
            request.reset();
          }}
        />
        <div className="stack">
          <Checkbox isSelected={online} onChange={setOnline}>
            {t('desk.certificate.online')}
          </Checkbox>
          <p className="small third inspector-help">{t('desk.certificate.online.help')}</p>
          <div className="row">
            <Button variant="primary" size="row" icon={Microscope} busy={request.busy} onPress={look}>
              {t('desk.certificate.look')}
            </Button>
          </div>
        </div>
      </div>
      {request.busy && <Loading label={t('desk.certificate.looking')} onCancel={request.cancel} />}
      {request.failure && <FailurePanel failure={request.failure} kind="part" noTrySpent onRetry={look} />}
      {request.result && <Inspection inspection={request.result} />}
    </div>
  );
}

function Inspection({ inspection }: { readonly inspection: CertificateInspection }) {
  const { t } = useText();
  const { structure, chain, ocsp, crl } = inspection;
  return (
    <>
      {(ocsp || crl) && (
        <section aria-labelledby="inspector-now">
          <h2 id="inspector-now">{t('desk.certificate.now')}</h2>
          <div className="two-columns inspector-answers">
            {ocsp && <Answer title={t('desk.certificate.ocsp')} answer={ocsp} />}
            {crl && <Answer title={t('desk.certificate.crl')} answer={crl} />}
          </div>
        </section>
      )}
      <section aria-labelledby="inspector-chain" className="inspector-chain">
        <div className="row wide wrap">
          <h2 id="inspector-chain">{t('desk.chain')}</h2>
          <Tag
            tone={chain.verdict === 'known' ? 'good' : chain.verdict === 'broken' ? 'bad' : 'care'}
            icon={chain.verdict === 'known' ? Link2 : Link2Off}
          >
            {t(`desk.chain.${chain.verdict}`)}
          </Tag>
        </div>
        <ol>
          {chain.links.map((link) => (
            <Link key={link.fingerprint} link={link} />
          ))}
        </ol>
      </section>
      <Asn1Tree nodes={structure.nodes} cut={structure.cut} />
    </>
  );
}

const looks: Readonly<Record<RevocationAnswer['status'], readonly [Tone, LucideIcon]>> = {
  good: ['good', CircleCheck],
  revoked: ['bad', CircleX],
  suspended: ['care', CirclePause],
  unknown: ['care', CircleHelp],
  unavailable: ['plain', CircleHelp],
};

function Answer({ title, answer }: { readonly title: string; readonly answer: RevocationAnswer }) {
  const { t, dateTime, number } = useText();
  const { status, problem, host, thisUpdate, nextUpdate, revokedAt, reason, responder, entries, ms } = answer;
  const [tone, icon] = looks[status];
  const facts: readonly (readonly [TextKey, string | undefined])[] = [
    ['desk.revocation.host', host],
    ['desk.revocation.since', revokedAt && dateTime(revokedAt)],
    ['desk.revocation.reason', reason],
    ['desk.revocation.this', thisUpdate && dateTime(thisUpdate)],
    ['desk.revocation.next', nextUpdate && dateTime(nextUpdate)],
    ['desk.revocation.responder', responder],
    ['desk.revocation.entries', entries === undefined ? undefined : number(entries)],
    ['desk.revocation.took', t('diag.ms', { ms: Math.round(ms) })],
  ];
  return (
    <Card aria-label={title}>
      <div className="spread wrap">
        <h3>{title}</h3>
        <Tag tone={tone} icon={icon}>
          {t(`desk.revocation.${status}`)}
        </Tag>
      </div>
      {problem !== undefined && <p className="second">{t(`desk.problem.${problem}`)}</p>}
      <dl className="line-facts">
        {facts.map(
          ([name, value]) =>
            value !== undefined && (
              <div key={name}>
                <dt>{t(name)}</dt>
                <dd>
                  <SafeText>{value}</SafeText>
                </dd>
              </div>
            ),
        )}
      </dl>
    </Card>
  );
}

function Link({ link }: { readonly link: ChainLink }) {
  const { t, date } = useText();
  const { subject, issuer, notBefore, notAfter, fingerprint, from, known, reasons } = link;
  return (
    <li data-bad={reasons.length > 0}>
      <div className="row wrap">
        <strong className="strong">
          <SafeText>{known ?? subject}</SafeText>
        </strong>
        <Tag>{t(`desk.chain.from.${from}`)}</Tag>
        {reasons.map((reason) => (
          <Tag key={reason} tone="bad" icon={CircleX}>
            {t(`desk.reason.${reason}`)}
          </Tag>
        ))}
      </div>
      <p className="small second">
        <SafeText>{known === undefined ? issuer : subject}</SafeText>
      </p>
      <p className="small third">
        {t('desk.chain.validity', { from: date(notBefore), until: date(notAfter) })}
      </p>
      <p className="small third">
        {t('desk.chain.fingerprint')}: <span className="mono safe-text">{fingerprint}</span>
      </p>
    </li>
  );
}

import { Check, Globe, Minus, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import {
  type ConnectionReport,
  type ConnectionTarget,
  connectionTargets,
} from '../../../electron/contract/diagnostics/connection.ts';
import { asFailure, type Failure } from '../../../electron/contract/failures/failure.ts';
import { failureFromWire } from '../../../electron/contract/model/failure.ts';
import { clean } from '../../app/clean-text.ts';
import { useLink } from '../../app/host-link.ts';
import { useText, type WindowText } from '../../app/text.tsx';
import { useWindow } from '../../app/window-store.ts';
import { Button } from '../../components/Button.tsx';
import { Card } from '../../components/Card.tsx';
import { FailureNote } from '../../components/FailurePanel.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Note } from '../../components/Note.tsx';
import { SafeText } from '../../components/SafeText.tsx';

type Result = { readonly report: ConnectionReport } | { readonly failure: Failure };

/** How far one gets on the way to each server, one after the other. */
export function Servers() {
  const { t } = useText();
  const link = useLink();
  const up = useWindow(({ connection }) => connection === 'up');
  const [results, setResults] = useState<{ readonly [T in ConnectionTarget]?: Result }>({});
  const [now, setNow] = useState<ConnectionTarget | null>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const look = async () => {
    const controller = new AbortController();
    abort.current = controller;
    setResults({});
    for (const which of connectionTargets) {
      if (controller.signal.aborted) break;
      setNow(which);
      let result: Result;
      try {
        result = {
          report: await link.request('inspect.connection', { which }, { signal: controller.signal }),
        };
      } catch (thrown) {
        result = { failure: asFailure(thrown) };
      }
      if (controller.signal.aborted) break;
      setResults((known) => ({ ...known, [which]: result }));
    }
    setNow(null);
  };
  return (
    <div className="desk-part">
      <div className="row wide wrap">
        <p className="second grow">{t('desk.servers.lead')}</p>
        <Button
          variant={Object.keys(results).length === 0 ? 'primary' : 'secondary'}
          size="row"
          icon={Globe}
          busy={now !== null}
          isDisabled={!up}
          onPress={() => void look()}
        >
          {t('desk.servers.look')}
        </Button>
      </div>
      <div className="row" role="status">
        {now !== null && (
          <>
            <span>{t('desk.servers.looking', { server: t(`desk.server.${now}`) })}</span>
            <Button variant="text" size="row" onPress={() => abort.current?.abort()}>
              {t('action.cancel')}
            </Button>
          </>
        )}
      </div>
      <div className="desk-cards">
        {connectionTargets.map((which) => {
          const result = results[which];
          return result && <Server key={which} which={which} result={result} />;
        })}
      </div>
    </div>
  );
}

function Server({ which, result }: { readonly which: ConnectionTarget; readonly result: Result }) {
  const text = useText();
  const { t } = text;
  const title = t(`desk.server.${which}`);
  if ('failure' in result)
    return (
      <Card aria-label={title} className="desk-card">
        <h2>{title}</h2>
        <FailureNote failure={result.failure} />
      </Card>
    );
  const { address, proxy, failure, http, tls } = result.report;
  const skew = http?.clockSkew;
  return (
    <Card aria-label={title} className="desk-card">
      <h2>{title}</h2>
      {address === null ? (
        <p className="second">{t('desk.server.no-address')}</p>
      ) : (
        <>
          <p className="second">
            <SafeText>{`${address.scheme}://${address.host}:${address.port}`}</SafeText>,{' '}
            {t(`desk.server.from.${address.from}`)}
          </p>
          <ol className="way">
            {wayOf(result.report, text).map(({ name, said, ms, state }) => (
              <li key={name} data-state={state}>
                <Icon of={state === 'ok' ? Check : state === 'bad' ? X : Minus} size={17} weight={2.4} />
                <span className="strong">{name}</span>
                <span className="grow safe-text">{said}</span>
                {ms !== undefined && (
                  <span className="small third nowrap numbers">{t('diag.ms', { ms: Math.round(ms) })}</span>
                )}
              </li>
            ))}
          </ol>
        </>
      )}
      {proxy !== null && <Note>{t('desk.server.proxy', { proxy: clean(proxy, 100) })}</Note>}
      {skew !== undefined && Math.abs(skew) >= 30 && (
        <Note tone="care">{t('desk.server.skew', { seconds: Math.round(skew) })}</Note>
      )}
      {failure && <FailureNote failure={failureFromWire(failure)} />}
      {tls && tls.chain.length > 0 && (
        <details className="server-chain">
          <summary>{t('desk.server.details')}</summary>
          <ol>
            {tls.chain.map((one) => (
              <li key={one.fingerprint}>
                <SafeText>{one.subject}</SafeText>
                <p className="small third">
                  {t('desk.chain.validity', {
                    from: text.date(one.notBefore),
                    until: text.date(one.notAfter),
                  })}
                </p>
                <p className="mono safe-text third">{one.fingerprint}</p>
              </li>
            ))}
          </ol>
        </details>
      )}
    </Card>
  );
}

interface Step {
  readonly name: string;
  readonly said: string;
  readonly ms?: number;
  readonly state: 'ok' | 'bad' | 'none';
}

/** The steps of the way, also those that were not reached. */
function wayOf(report: ConnectionReport, { t }: WindowText): readonly Step[] {
  const { address, dns, tcp, tls, http } = report;
  const missed = (name: string): Step => ({ name, said: t('desk.server.not-reached'), state: 'none' });
  return [
    dns
      ? { name: t('desk.server.dns'), said: clean(dns.addresses.join(', '), 120), ms: dns.ms, state: 'ok' }
      : missed(t('desk.server.dns')),
    tcp
      ? { name: t('desk.server.tcp'), said: clean(tcp.address), ms: tcp.ms, state: 'ok' }
      : missed(t('desk.server.tcp')),
    address?.scheme === 'http'
      ? { name: t('desk.server.tls'), said: t('desk.server.not-needed'), state: 'none' }
      : tls
        ? {
            name: t('desk.server.tls'),
            said: `${tls.version}, ${tls.cipher}, ${
              tls.trusted
                ? t('desk.server.trusted')
                : t('desk.server.untrusted', { reason: tls.reason ?? '?' })
            }`,
            ms: tls.ms,
            state: tls.trusted ? 'ok' : 'bad',
          }
        : missed(t('desk.server.tls')),
    http
      ? {
          name: t('desk.server.http'),
          said: [
            t('desk.server.status', { status: http.status }),
            ...(http.redirect === undefined
              ? []
              : [t('desk.server.redirect', { host: clean(http.redirect, 100) })]),
          ].join(', '),
          ms: http.ms,
          state: http.status >= 500 ? 'bad' : 'ok',
        }
      : missed(t('desk.server.http')),
  ];
}

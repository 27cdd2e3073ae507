import { CircleHelp } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { DataService, ServiceAnswer } from '../../../electron/contract/portal/services.ts';
import { answerWarnings, type FieldWarning } from '../../../electron/contract/portal/warnings.ts';
import { useText } from '../../app/text.tsx';
import { Icon } from '../../components/Icon.tsx';
import { SpacedIdnp } from '../../components/SpacedIdnp.tsx';
import { type FieldValue, fieldLabel, valueText } from './values.ts';

/** One value of a field. What is missing says so in words. */
export function Value({
  service,
  field,
  value,
}: {
  readonly service: DataService;
  readonly field: string;
  readonly value: FieldValue;
}): ReactNode {
  const text = useText();
  if (field === 'idnp' && typeof value === 'string') return <SpacedIdnp idnp={value} />;
  const words = valueText(service, field, value, text);
  if (value === null) return <span className="third">{words}</span>;
  // A short word or number stays whole; only what cannot fit is broken.
  return <bdi className={field === 'time' || /^\S{1,16}$/.test(words) ? 'nowrap' : 'safe-text'}>{words}</bdi>;
}

/** Fields with their labels. */
export function Facts({
  service,
  item,
  fields,
  children,
}: {
  readonly service: DataService;
  readonly item: Readonly<Record<string, FieldValue>>;
  readonly fields: readonly string[];
  /** More of them. */
  readonly children?: ReactNode;
}) {
  const text = useText();
  return (
    <dl className="facts">
      {fields.map((field) => (
        <div key={field}>
          <dt>{fieldLabel(service, field, text)}</dt>
          <dd className={item[field] === null ? 'missing' : undefined}>
            <Value service={service} field={field} value={item[field] ?? null} />
          </dd>
        </div>
      ))}
      {children}
    </dl>
  );
}

/** What looks odd about each item, in the order of the items. */
export const useWarnings = (answer: ServiceAnswer): readonly (readonly FieldWarning[])[] =>
  useMemo(() => answerWarnings(answer, new Date()), [answer]);

/** Remarks on an item. Nothing is withheld because of them. */
export function Remarks({
  service,
  warnings,
  about,
}: {
  readonly service: DataService;
  readonly warnings: readonly FieldWarning[];
  /** Which item, where it does not stand right there. */
  readonly about?: string;
}) {
  const text = useText();
  if (warnings.length === 0) return null;
  return (
    <ul className="remarks">
      {warnings.map(({ field, warning }) => (
        <li key={`${field} ${warning}`}>
          <Icon of={CircleHelp} size={16} />
          <span className="safe-text">
            {about && <strong className="strong">{`${about}. `}</strong>}
            {`${fieldLabel(service, field, text)}: ${text.maybe(`warning.${warning}`) ?? warning}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

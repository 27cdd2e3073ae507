import { Check } from 'lucide-react';
import { Icon } from './Icon.tsx';

/** The way ahead as a thread: what is done, where one is, what comes. */
export function Steps({
  label,
  steps,
  now,
}: {
  readonly label: string;
  readonly steps: readonly string[];
  /** Number of the present step, from 0. */
  readonly now: number;
}) {
  return (
    <ol className="steps" aria-label={label}>
      {steps.map((step, index) => (
        <li
          key={step}
          data-state={index < now ? 'done' : index === now ? 'now' : 'later'}
          aria-current={index === now ? 'step' : undefined}
        >
          <span className="step-knot">
            {index < now ? <Icon of={Check} size={16} weight={2.6} /> : index + 1}
          </span>
          <span>{step}</span>
        </li>
      ))}
    </ol>
  );
}

import { CircleAlert } from 'lucide-react';
import { type HTMLInputTypeAttribute, type ReactNode, useState } from 'react';
import { Checkbox as AriaCheckbox } from 'react-aria-components/Checkbox';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextField } from 'react-aria-components/TextField';
import { Icon } from './Icon.tsx';

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is wrong with the value, shown once the field has been left; undefined when nothing is. */
  readonly error?: string | undefined;
  /** Shows the error before that, too: after an attempt to send. */
  readonly showError?: boolean;
  readonly help?: ReactNode;
  readonly type?: HTMLInputTypeAttribute;
  readonly name?: string;
  readonly autoComplete?: string;
  readonly isRequired?: boolean;
  readonly isDisabled?: boolean;
  readonly maxLength?: number;
}

/** A line of text to fill in: label above, help and error below. */
export function Field({
  label,
  value,
  onChange,
  error,
  showError = false,
  help,
  type = 'text',
  ...rest
}: FieldProps) {
  const [left, setLeft] = useState(false);
  const wrong = error !== undefined && (left || showError);
  return (
    <TextField
      {...rest}
      className="field"
      type={type as 'text'}
      value={value}
      onChange={onChange}
      onBlur={() => setLeft(true)}
      isInvalid={wrong}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      <Input className="input" />
      {help !== undefined && (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      <FieldError className="field-error">
        <Icon of={CircleAlert} size={16} weight={2.2} />
        {error}
      </FieldError>
    </TextField>
  );
}

export interface CheckboxProps {
  readonly isSelected: boolean;
  readonly onChange: (selected: boolean) => void;
  readonly children: ReactNode;
  readonly isDisabled?: boolean;
}

export function Checkbox({ children, ...rest }: CheckboxProps) {
  return (
    <AriaCheckbox {...rest} className="checkbox">
      <span className="checkbox-box" aria-hidden="true">
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M4 12.5l5.500 5.500L20 7" />
        </svg>
      </span>
      <span>{children}</span>
    </AriaCheckbox>
  );
}

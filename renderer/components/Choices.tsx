import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components/Tabs';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { Icon } from './Icon.tsx';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly icon?: LucideIcon;
  /** Language of the label, when it is not the page's. */
  readonly lang?: string;
  /** A longer name for screen readers. */
  readonly name?: string;
}

/** A few ways to see the same thing, one of them on: cards or table. */
export function Segments<Value extends string>({
  label,
  value,
  choices,
  onChange,
}: {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
}) {
  return (
    <ToggleButtonGroup
      className="segments"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [chosen] = keys;
        const choice = choices.find((one) => one.value === chosen);
        if (choice) onChange(choice.value);
      }}
    >
      {choices.map((choice) => (
        <ToggleButton
          key={choice.value}
          id={choice.value}
          className="segment"
          {...(choice.name === undefined ? {} : { 'aria-label': choice.name })}
        >
          {choice.icon && <Icon of={choice.icon} size={17} />}
          <span lang={choice.lang}>{choice.label}</span>
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

/** One of several, each with room for a sentence. */
export function Radios<Value extends string>({
  label,
  value,
  choices,
  onChange,
}: {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly (Choice<Value> & { readonly help?: ReactNode })[];
  readonly onChange: (value: Value) => void;
}) {
  return (
    <RadioGroup
      className="radios"
      value={value}
      onChange={(chosen) => {
        const choice = choices.find((one) => one.value === chosen);
        if (choice) onChange(choice.value);
      }}
    >
      <Label>{label}</Label>
      {choices.map((choice) => (
        <Radio key={choice.value} value={choice.value} className="radio">
          <span className="radio-mark" aria-hidden="true" />
          {choice.icon && <Icon of={choice.icon} />}
          <span className="grow">
            <span lang={choice.lang}>{choice.label}</span>
            {choice.help !== undefined && <span className="small third radio-help">{choice.help}</span>}
          </span>
        </Radio>
      ))}
    </RadioGroup>
  );
}

export interface TabItem {
  readonly id: string;
  readonly label: string;
  readonly content: ReactNode;
}

/** Parts of one page, one of them shown. */
export function Tabs({ label, items }: { readonly label: string; readonly items: readonly TabItem[] }) {
  return (
    <AriaTabs className="tabs">
      <TabList aria-label={label} className="tab-list">
        {items.map((item) => (
          <Tab key={item.id} id={item.id} className="tab">
            {item.label}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className="tab-panel">
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}

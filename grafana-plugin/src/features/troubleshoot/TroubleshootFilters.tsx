import { useState } from 'react';
import { Combobox, Field, Input, MultiCombobox, Stack } from '@grafana/ui';
import { LEVELS } from '../../shared/levels';
import { t } from '../../shared/t';
import { baselineName, modeName } from './names';
import { BASELINES, MODES, type TroubleshootState } from './troubleshootUrl';

interface TroubleshootFiltersProps {
  readonly state: TroubleshootState;
  /** Services of the window, to choose from. */
  readonly services: readonly string[];
  readonly onChange: (change: Partial<TroubleshootState>) => void;
}

/** What is looked at and how. Every change is a step of the browser's history. */
export function TroubleshootFilters({ state, services, onChange }: TroubleshootFiltersProps) {
  const choices = [...new Set([...services, ...state.services])].toSorted();
  return (
    <Stack gap={1} alignItems="flex-end" wrap="wrap">
      <Field label={t('troubleshoot.filter.services', 'Services')} noMargin>
        <MultiCombobox
          id="sonde-services"
          width={28}
          placeholder={t('troubleshoot.filter.all', 'all')}
          options={choices.map((value) => ({ value }))}
          value={[...state.services]}
          onChange={(chosen) => onChange({ services: chosen.map(({ value }) => value), open: null })}
        />
      </Field>
      <Field label={t('troubleshoot.filter.severity', 'Severity')} noMargin>
        <MultiCombobox
          id="sonde-severity"
          width={22}
          placeholder={t('troubleshoot.filter.all', 'all')}
          options={LEVELS.map((value) => ({ value }))}
          value={[...state.severity]}
          onChange={(chosen) => onChange({ severity: chosen.map(({ value }) => value), open: null })}
        />
      </Field>
      <SearchField
        key={state.search}
        value={state.search}
        onSearch={(search) => onChange({ search, open: null })}
      />
      <Field label={t('troubleshoot.filter.mode', 'Look for')} noMargin>
        <Combobox
          id="sonde-mode"
          width={26}
          options={MODES.map((value) => ({ value, label: modeName(value) }))}
          value={state.mode}
          onChange={({ value }) => onChange({ mode: value, open: null })}
        />
      </Field>
      <Field label={t('troubleshoot.filter.baseline', 'Compared with')} noMargin>
        <Combobox
          id="sonde-baseline"
          width={20}
          options={BASELINES.map((value) => ({ value, label: baselineName(value) }))}
          value={state.baseline}
          onChange={({ value }) => onChange({ baseline: value, open: null })}
        />
      </Field>
    </Stack>
  );
}

interface SearchFieldProps {
  readonly value: string;
  readonly onSearch: (search: string) => void;
}

/** Asks when somebody presses Enter or leaves the field, not at each letter. */
function SearchField({ value, onSearch }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(typed.trim());
      }}
    >
      <Field label={t('troubleshoot.filter.search', 'Contains')} noMargin>
        <Input
          id="sonde-search"
          width={22}
          maxLength={500}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => typed.trim() !== value && onSearch(typed.trim())}
        />
      </Field>
    </form>
  );
}

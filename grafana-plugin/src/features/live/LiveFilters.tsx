import { useEffect, useState } from 'react';
import { Field, Input, MultiCombobox, Stack } from '@grafana/ui';
import { LEVELS } from '../../shared/levels';
import { t } from '../../shared/t';
import type { LiveFilter } from './liveUrl';

/** Filters change when the typing pauses, not with every key. */
const TYPING_MS = 400;

interface LiveFiltersProps {
  readonly filter: LiveFilter;
  readonly onFilter: (change: Partial<LiveFilter>) => void;
}

/** What the stream sends, what an alert is made of, and what is marked; all of it changes while the stream runs. */
export function LiveFilters({ filter, onFilter }: LiveFiltersProps) {
  return (
    <Stack gap={1} wrap="wrap" alignItems="flex-end">
      <TextFilter
        label={t('live.services', 'Services')}
        placeholder="api,payments"
        name="services"
        filter={filter}
        onFilter={onFilter}
      />
      <Field label={t('live.severity', 'Severity')} noMargin>
        <MultiCombobox
          id="sonde-live-severity"
          width={26}
          options={LEVELS.map((value) => ({ value, label: value }))}
          value={filter.severity ? filter.severity.split(',') : []}
          onChange={(chosen) => onFilter({ severity: chosen.map(({ value }) => value).join(',') })}
        />
      </Field>
      <TextFilter label={t('live.search', 'Contains')} name="search" filter={filter} onFilter={onFilter} />
      <TextFilter
        label={t('live.contains', 'Alert when a line contains')}
        name="contains"
        filter={filter}
        onFilter={onFilter}
      />
      <TextFilter
        label={t('live.highlight', 'Highlight')}
        name="highlight"
        filter={filter}
        onFilter={onFilter}
      />
    </Stack>
  );
}

interface TextFilterProps extends LiveFiltersProps {
  readonly label: string;
  readonly name: keyof LiveFilter;
  readonly placeholder?: string;
}

function TextFilter({ label, name, placeholder, filter, onFilter }: TextFilterProps) {
  const [typed, setTyped] = useState(filter[name]);
  useEffect(() => {
    if (typed === filter[name]) {
      return undefined;
    }
    const pause = setTimeout(() => onFilter({ [name]: typed }), TYPING_MS);
    return () => clearTimeout(pause);
  }, [typed, name, filter, onFilter]);
  return (
    <Field label={label} noMargin>
      <Input
        id={`sonde-live-${name}`}
        width={24}
        maxLength={500}
        placeholder={placeholder}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </Field>
  );
}

import { useState } from 'react';
import { css } from '@emotion/css';
import { type GrafanaTheme2, dateTimeFormat } from '@grafana/data';
import { Button, useStyles2, useTheme2 } from '@grafana/ui';
import { formatCount } from './formatNumbers';
import { levelColour } from './levelColour';
import { t } from './t';

export interface ShownLine {
  readonly timestamp_ns: string;
  readonly time: string;
  readonly service: string;
  readonly level: string;
  readonly line: string;
}

interface LogLinesProps {
  readonly lines: readonly ShownLine[];
  /** What the list is, for screen readers. */
  readonly label: string;
}

/** Lines as they stand in Loki: text and nothing but text. */
export function LogLines({ lines, label }: LogLinesProps) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  return (
    <ol className={styles.list} aria-label={label}>
      {lines.map((line, index) => (
        <li
          key={`${line.timestamp_ns}-${index}`}
          className={styles.line}
          style={{ borderLeftColor: levelColour(line.level, theme) }}
        >
          <span className={styles.time}>{dateTimeFormat(line.time, { format: 'HH:mm:ss.SSS' })}</span>
          <span className={styles.service} title={line.service}>
            {line.service}
          </span>
          <span className={styles.level} style={{ color: levelColour(line.level, theme) }}>
            {line.level}
          </span>
          <LineText text={line.line} className={styles.text} />
        </li>
      ))}
    </ol>
  );
}

/** More of a line is shown when it is asked for: one line must not push all others off the page. */
const CHARACTERS_SHOWN_MAX = 2_000;

function LineText({ text, className }: { readonly text: string; readonly className: string }) {
  const [whole, setWhole] = useState(false);
  if (whole || text.length <= CHARACTERS_SHOWN_MAX) {
    return <span className={className}>{text}</span>;
  }
  return (
    <span className={className}>
      {text.slice(0, CHARACTERS_SHOWN_MAX)} …{' '}
      <Button size="sm" fill="text" onClick={() => setWhole(true)}>
        {t('lines.whole', 'Show all {{characters}} characters', { characters: formatCount(text.length) })}
      </Button>
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const text = {
    minWidth: 0,
    flex: 1,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    color: theme.colors.text.primary,
    // What a line writes from right to left moves nothing around it.
    unicodeBidi: 'isolate',
  } as const;
  return {
    list: css({
      listStyle: 'none',
      margin: 0,
      padding: 0,
      fontFamily: theme.typography.fontFamilyMonospace,
      fontSize: theme.typography.bodySmall.fontSize,
    }),
    line: css({
      display: 'flex',
      gap: theme.spacing(1),
      padding: theme.spacing(0.25, 1),
      borderLeft: '3px solid',
      marginBottom: 1,
    }),
    time: css({ whiteSpace: 'nowrap', color: theme.colors.text.secondary }),
    service: css({ width: 90, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
    level: css({ width: 40, whiteSpace: 'nowrap' }),
    text: css(text),
  };
};

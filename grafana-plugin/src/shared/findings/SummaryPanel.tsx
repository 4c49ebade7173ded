import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import type { AiLogsAnswer } from '../../../../analyzer-service/src/contract.ts';
import { SentenceTimes } from '../SentenceTimes';
import { t } from '../t';
import { testIds } from '../testIds';

type Words = NonNullable<AiLogsAnswer['words']>;

interface SummaryPanelProps {
  readonly summary: string;
  /** Null where no line has a time. */
  readonly window: { readonly start: string; readonly end: string } | null;
  readonly findings: ReadonlyArray<{ readonly id: string; readonly title: string }>;
  readonly words: Words | null;
  readonly onFinding: (id: string) => void;
}

/** What happened in a few sentences, each with the findings that bear it out. A model's words follow when they are there. */
export function SummaryPanel({ summary, window, findings, words, onFinding }: SummaryPanelProps) {
  const styles = useStyles2(getStyles);
  const fromModel = words?.source === 'model' ? words : null;
  return (
    <section className={styles.panel} data-testid={testIds.troubleshoot.summary} aria-live="polite">
      <h2 className={styles.heading}>{t('troubleshoot.summary.title', 'What happened')}</h2>
      <p className={styles.text}>{summary}</p>
      {window && <SentenceTimes window={window} />}
      <div className={styles.evidence}>
        <span>{t('troubleshoot.summary.evidence', 'Evidence:')}</span>
        {findings.slice(0, 5).map(({ id, title }, rank) => (
          <Button
            key={id}
            size="sm"
            variant="secondary"
            fill="outline"
            tooltip={title}
            onClick={() => onFinding(id)}
          >
            {t('troubleshoot.summary.finding', 'Finding {{rank}}', { rank: rank + 1 })}
          </Button>
        ))}
        {findings.length === 0 &&
          t('troubleshoot.summary.noEvidence', 'no line differs from the time before')}
      </div>
      {fromModel && <ModelWords words={fromModel} onFinding={onFinding} />}
    </section>
  );
}

function ModelWords({
  words,
  onFinding,
}: {
  readonly words: Words;
  readonly onFinding: (id: string) => void;
}) {
  const styles = useStyles2(getStyles);
  const { summary, what_is_wrong, probable_cause, what_to_do_next, what_is_uncertain } = words.sections;
  const statements = [
    ...summary,
    ...what_is_wrong,
    ...probable_cause,
    ...what_to_do_next,
    ...what_is_uncertain,
  ];
  return (
    <div className={styles.words}>
      <small>
        {t('troubleshoot.summary.model', 'In the words of {{model}}, from the findings alone', {
          model: words.model,
        })}
      </small>
      <ul>
        {statements.map(({ text, evidence }) => (
          <li key={text}>
            {text}{' '}
            {evidence.map((cited) => {
              const finding = words.evidence[cited]?.finding_id;
              return finding ? (
                <Button
                  key={cited}
                  size="sm"
                  fill="text"
                  tooltip={words.evidence[cited]?.text}
                  onClick={() => onFinding(finding)}
                >
                  {cited}
                </Button>
              ) : (
                <span key={cited}> {cited}</span>
              );
            })}
          </li>
        ))}
      </ul>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({
    padding: theme.spacing(1.5, 2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderLeft: `4px solid ${theme.colors.primary.main}`,
    borderRadius: theme.shape.radius.default,
  }),
  heading: css({ fontSize: theme.typography.h5.fontSize, margin: 0 }),
  text: css({ margin: theme.spacing(0.5, 0), overflowWrap: 'anywhere' }),
  evidence: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1) }),
  words: css({ marginTop: theme.spacing(1), ul: { margin: 0, paddingLeft: theme.spacing(2) } }),
});

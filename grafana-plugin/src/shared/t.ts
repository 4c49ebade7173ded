import { t as translate } from '@grafana/i18n';

type Values = Readonly<Record<string, string | number | null | undefined>>;

/**
 * A text in the user's language. What fills its places stays as it is: i18next would write the quotes and slashes of
 * values as entities of HTML, and React, which makes markup of no text, would show those.
 */
export function t(key: string, text: string, values: Values = {}): string {
  return translate(key, text, { ...values, interpolation: { escapeValue: false } });
}

import { Button, Dropdown, Menu } from '@grafana/ui';
import { downloadText } from './downloadText';
import { t } from './t';
import { type Cell, writeCsv, writeMarkdown } from './writeTable';

interface ExportMenuProps {
  /** Begins the name of the file. */
  readonly name: string;
  readonly columns: readonly string[];
  /** Read when somebody exports, not before. */
  readonly rows: () => ReadonlyArray<readonly Cell[]>;
}

/** A list as a file, and a link to what is shown. */
export function ExportMenu({ name, columns, rows }: ExportMenuProps) {
  const menu = (
    <Menu>
      <Menu.Item
        icon="file-alt"
        label={t('export.csv', 'CSV')}
        onClick={() => downloadText(`sonde-${name}.csv`, 'text/csv', writeCsv(columns, rows()))}
      />
      <Menu.Item
        icon="document-info"
        label={t('export.markdown', 'Markdown')}
        onClick={() => downloadText(`sonde-${name}.md`, 'text/markdown', writeMarkdown(columns, rows()))}
      />
      <Menu.Item
        icon="link"
        label={t('export.link', 'Copy the link')}
        onClick={() => void navigator.clipboard.writeText(window.location.href)}
      />
    </Menu>
  );
  return (
    <Dropdown overlay={menu} placement="bottom-end">
      <Button size="sm" variant="secondary" icon="download-alt">
        {t('export.button', 'Export')}
      </Button>
    </Dropdown>
  );
}

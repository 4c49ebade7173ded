import { useState } from 'react';
import { Button, Dropdown, Field, Input, Menu, Modal } from '@grafana/ui';
import { t } from '../../shared/t';
import type { PatternRow } from './PatternTable';

export interface PatternChange {
  readonly name?: string;
  readonly pinned?: boolean;
  readonly muted?: boolean;
}

interface PatternActionsProps {
  readonly pattern: PatternRow;
  readonly onChange: (change: PatternChange) => void;
}

/** Name, pin and mute. */
export function PatternActions({ pattern, onChange }: PatternActionsProps) {
  const [naming, setNaming] = useState(false);
  const menu = (
    <Menu>
      <Menu.Item icon="tag-alt" label={t('patterns.name', 'Name it')} onClick={() => setNaming(true)} />
      <Menu.Item
        icon="gf-pin"
        label={pattern.pinned ? t('patterns.unpin', 'Unpin') : t('patterns.pin', 'Pin')}
        onClick={() => onChange({ pinned: !pattern.pinned })}
      />
      <Menu.Item
        icon="bell-slash"
        label={pattern.muted ? t('patterns.unmute', 'Unmute') : t('patterns.mute', 'Mute')}
        onClick={() => onChange({ muted: !pattern.muted })}
      />
    </Menu>
  );
  return (
    <>
      <Dropdown overlay={menu} placement="bottom-end">
        <Button
          size="sm"
          fill="text"
          variant="secondary"
          icon="ellipsis-v"
          aria-label={t('patterns.actions', 'Name, pin or mute this pattern')}
        />
      </Dropdown>
      {naming && (
        <NamePattern
          pattern={pattern}
          onClose={() => setNaming(false)}
          onName={(name) => {
            setNaming(false);
            onChange({ name });
          }}
        />
      )}
    </>
  );
}

interface NamePatternProps {
  readonly pattern: PatternRow;
  readonly onClose: () => void;
  readonly onName: (name: string) => void;
}

function NamePattern({ pattern, onClose, onName }: NamePatternProps) {
  const [name, setName] = useState(pattern.name ?? '');
  return (
    <Modal isOpen title={t('patterns.nameTitle', 'Name this pattern')} onDismiss={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onName(name.trim());
        }}
      >
        <Field label={t('patterns.nameLabel', 'Name')} description={pattern.text}>
          <Input
            id="sonde-pattern-name"
            autoFocus
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </Field>
        <Modal.ButtonRow>
          <Button type="button" variant="secondary" onClick={onClose}>
            {t('patterns.cancel', 'Cancel')}
          </Button>
          <Button type="submit" disabled={name.trim() === ''}>
            {t('patterns.save', 'Save')}
          </Button>
        </Modal.ButtonRow>
      </form>
    </Modal>
  );
}

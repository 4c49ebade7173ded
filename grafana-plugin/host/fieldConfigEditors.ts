import {
  type FieldConfigPropertyItem,
  displayNameOverrideProcessor,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardEditorsRegistry,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';

/** A panel takes its defaults from the editors of its options; nothing here is edited. */
standardEditorsRegistry.setInit(() =>
  ['text', 'number', 'boolean', 'multi-select'].map((id) => ({ id, name: id, editor: () => null })),
);

/** Without these, a panel's units, colours and thresholds are silently ignored. Nothing here is edited. */
export function fieldConfigEditors(): FieldConfigPropertyItem[] {
  return [
    property('displayName', displayNameOverrideProcessor),
    property('unit', unitOverrideProcessor),
    property('min', numberOverrideProcessor),
    property('max', numberOverrideProcessor),
    property('decimals', numberOverrideProcessor),
    property('color', identityOverrideProcessor),
    property('thresholds', thresholdsOverrideProcessor),
    property('mappings', valueMappingsOverrideProcessor),
    property('noValue', identityOverrideProcessor),
    property('links', identityOverrideProcessor),
  ];
}

function property(path: string, process: unknown): FieldConfigPropertyItem {
  return {
    id: path,
    path,
    name: path,
    description: path,
    editor: () => null,
    override: () => null,
    process: process as FieldConfigPropertyItem['process'],
    settings: {},
    shouldApply: () => true,
  };
}

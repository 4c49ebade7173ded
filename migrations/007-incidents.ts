import type { Kysely } from 'kysely';

/** Alerts as they came in, the incidents that they are part of, and what was told to whom about them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createReceipts(db);
  await createIncidents(db);
  await createAlerts(db);
  await createDeliveries(db);
}

async function createReceipts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('alert_receipts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('received_ms', 'bigint', (column) => column.notNull())
    .addColumn('alerts', 'text', (column) => column.notNull())
    .addColumn('handled_ms', 'bigint')
    .execute();
  await db.schema
    .createIndex('alert_receipts_handled_ms')
    .on('alert_receipts')
    .columns(['handled_ms', 'received_ms'])
    .execute();
}

async function createIncidents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('incidents')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('started_ms', 'bigint', (column) => column.notNull())
    .addColumn('ended_ms', 'bigint')
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('updated_ms', 'bigint', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('summary', 'text', (column) => column.notNull())
    .addColumn('services', 'text', (column) => column.notNull())
    .addColumn('suspect', 'text')
    .addColumn('scope', 'text')
    .addColumn('analysis', 'text', (column) => column.notNull())
    .addColumn('analysis_attempts', 'integer', (column) => column.notNull())
    .addColumn('answer', 'text')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('queued_ms', 'bigint')
    .addColumn('verdict', 'text')
    .addColumn('true_cause', 'text')
    .execute();
  await db.schema.createIndex('incidents_started_ms').on('incidents').column('started_ms').execute();
}

async function createAlerts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('incident_alerts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('incident_id', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('starts_ms', 'bigint', (column) => column.notNull())
    .addColumn('ends_ms', 'bigint')
    .addColumn('alert', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('incident_alerts_incident_id')
    .on('incident_alerts')
    .column('incident_id')
    .execute();
  await db.schema
    .createTable('incident_events')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('incident_id', 'text', (column) => column.notNull())
    .addColumn('time_ms', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('incident_events_incident_id')
    .on('incident_events')
    .column('incident_id')
    .execute();
}

async function createDeliveries(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('incident_deliveries')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('incident_id', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('wanted_version', 'integer', (column) => column.notNull())
    .addColumn('sent_version', 'integer', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('reference', 'text')
    .addColumn('error', 'text')
    .addColumn('queued_ms', 'bigint')
    .addColumn('updated_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('incident_deliveries_incident_id')
    .on('incident_deliveries')
    .column('incident_id')
    .execute();
}

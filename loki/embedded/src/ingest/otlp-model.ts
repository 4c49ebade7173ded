/** OpenTelemetry's ExportLogsServiceRequest as far as it is used, alike for JSON and protobuf. */
export type OtlpValue =
  string | number | bigint | boolean | null | OtlpValue[] | { readonly [name: string]: OtlpValue };

export type OtlpAttributes = { readonly [name: string]: OtlpValue };

export type OtlpRecord = {
  readonly timeNs: bigint;
  readonly observedNs: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: OtlpValue;
  readonly attributes: OtlpAttributes;
  readonly flags: number;
  readonly traceId: string;
  readonly spanId: string;
};

export type OtlpScope = {
  readonly name: string;
  readonly version: string;
  readonly attributes: OtlpAttributes;
  readonly records: readonly OtlpRecord[];
};

export type OtlpResource = { readonly attributes: OtlpAttributes; readonly scopes: readonly OtlpScope[] };

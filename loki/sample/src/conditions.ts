/** How the shop is doing while one request runs: everything that a scenario can change, and nothing else. */
export interface Conditions {
  /** Share of payments that find no free connection in the payments service's database pool. */
  readonly paymentsPoolExhausted: number;
  /** Share of requests that the api sheds because its own request slots wait for a slow service. */
  readonly apiOverload: number;
  readonly searchVersion: string;
  /** Share of searches that hit the defect of the version that runs. */
  readonly searchCrash: number;
  readonly modelTimeout: number;
  readonly modelRateLimit: number;
  /** Share of writes that the database refuses for want of disk space; reads go on. */
  readonly databaseDiskFull: number;
  /** How many times longer than usual a database statement takes. */
  readonly databaseSlowdown: number;
  /** Login attempts of an attacker for each ordinary request. */
  readonly attackRatio: number;
  /** The worker hangs: it takes no jobs and writes nothing. */
  readonly workerHangs: boolean;
}

export const NORMAL: Conditions = {
  paymentsPoolExhausted: 0,
  apiOverload: 0,
  searchVersion: '2.7.3',
  searchCrash: 0,
  modelTimeout: 0,
  modelRateLimit: 0,
  databaseDiskFull: 0,
  databaseSlowdown: 1,
  attackRatio: 0,
  workerHangs: false,
};

import type { Catalog } from "../catalog/catalog.ts";
import { serverError, toToolError } from "../connection/errors.ts";
import type { Area, Check, Finding, Severity } from "./check.ts";
import { indexChecks } from "./checks/indexes.ts";
import { replicationChecks } from "./checks/replication.ts";
import { roleChecks } from "./checks/role.ts";
import { sessionChecks } from "./checks/sessions.ts";
import { storageChecks } from "./checks/storage.ts";
import { vacuumChecks } from "./checks/vacuum.ts";

const CHECKS: readonly Check[] = [
  ...storageChecks,
  ...indexChecks,
  ...vacuumChecks,
  ...sessionChecks,
  ...replicationChecks,
  ...roleChecks,
];

/** The most findings of one check that are listed individually. */
const MOST = 15;

export interface Health {
  /** The most severe first. */
  readonly findings: readonly (Finding & { readonly area: Area })[];
  readonly checks: readonly CheckResult[];
}

interface CheckResult {
  readonly area: Area;
  readonly title: string;
  /** The number of findings; null if the check could not run. */
  readonly found: number | null;
  /** What this role could not see, or why the check could not run. */
  readonly unseen: string | null;
}

const ORDER: readonly Severity[] = ["critical", "warning", "notice"];

/** Runs every check. If one fails, for lack of a right for example, the others still run. */
export async function checkHealth(catalog: Catalog): Promise<Health> {
  const findings: (Finding & { area: Area })[] = [];
  const checks: CheckResult[] = [];
  for (const check of CHECKS) {
    const { area, title } = check;
    const outcome = await attempt(catalog, check);
    findings.push(...outcome.findings.slice(0, MOST).map((finding) => ({ area, ...finding })));
    checks.push({ area, title, found: outcome.found, unseen: outcome.unseen ?? null });
  }
  findings.sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  return { findings, checks };
}

async function attempt(catalog: Catalog, check: Check) {
  const { session } = catalog;
  try {
    // Sent together, in one round trip.
    const savepoint = session.rows("SAVEPOINT one_check");
    const [{ findings, unseen }] = await Promise.all([check.run(catalog), savepoint]);
    return { findings, found: findings.length, unseen };
  } catch (error) {
    const code = serverError(error)?.code ?? "";
    if (!GOES_ON.test(code)) throw error;
    await session.rows("ROLLBACK TO SAVEPOINT one_check");
    return { findings: [], found: null, unseen: messageOf(toToolError(error)) };
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** A missing right, a lock, or a view or function that this server lacks: other checks can still run. */
const GOES_ON = /^(42501|55|0A000|42P01|42883)/;
